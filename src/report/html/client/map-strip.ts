// One check over all units, a column for each.

type Colour = readonly [number, number, number];

export interface Colours {
  readonly bad: Colour;
  readonly weak: Colour;
  readonly good: Colour;
}

/** As three numbers each, so that they can be mixed here. */
export function readColours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): Colour => {
    const [r = 0, g = 0, b = 0] = (style.getPropertyValue(name).match(/[\d.]+/g) ?? []).map(Number);
    return [r, g, b];
  };
  return { bad: read("--map-bad"), weak: read("--map-weak"), good: read("--map-good") };
}

/** Where units outnumber pixels, a pixel is the mean of its units. */
export function paintStrip(
  canvas: HTMLCanvasElement,
  rows: readonly Float32Array[],
  position: number,
  colours: Colours,
): void {
  const scale = globalThis.devicePixelRatio || 1;
  const width = Math.max(1, Math.round((canvas.parentElement?.clientWidth || 600) * scale));
  canvas.width = width;
  canvas.height = 1;
  const context = canvas.getContext("2d");
  if (context === null || rows.length === 0) return;
  const image = context.createImageData(width, 1);
  const hasGaps = rows.length * 4 <= width;
  for (let x = 0; x < width; x++) {
    const first = Math.floor((x * rows.length) / width);
    const last = Math.max(first + 1, Math.floor(((x + 1) * rows.length) / width));
    // A hairline between the columns, where there is room for one.
    if (hasGaps && Math.floor(((x + scale) * rows.length) / width) !== first) continue;
    let sum = 0;
    let count = 0;
    for (let at = first; at < last; at++) {
      const badness = rows[at]?.[position] ?? -1;
      if (badness < 0) continue;
      sum += badness;
      count++;
    }
    if (count === 0) continue;
    const [r, g, b] = mix(sum / count, colours);
    image.data.set([r, g, b, 255], x * 4);
  }
  context.putImageData(image, 0, 0);
}

function mix(share: number, { bad, weak, good }: Colours): Colour {
  if (share <= 0) return good;
  const between = (at: 0 | 1 | 2): number => Math.round(weak[at] + (bad[at] - weak[at]) * share);
  return [between(0), between(1), between(2)];
}
