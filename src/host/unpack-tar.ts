import type { MemoryEntry } from "./memory-tree.ts";

/** More entries than a package with a service has: the kernel's headers, among the largest, are 20,000. */
const maxEntries = 50_000;
const megabyte = 1024 * 1024;
/** What is kept of all files together. */
const keptInAll = 512 * megabyte;
/** Set aside for units and configuration, so that no program before them uses up what they need. */
const keptForText = 32 * megabyte;
const largestText = 4 * megabyte;

/** Nothing of these says what a service needs. */
const documentation =
  /^\.?\/?usr\/share\/(doc|doc-base|man|info|locale|icons|help|lintian|fonts|gtk-doc|gnome\/help)\//;
/** Units, drop-ins and configuration; everything else has what they leave. */
const configuration =
  /^\.?\/?(etc|lib\/systemd|usr\/lib\/(systemd|tmpfiles\.d|sysusers\.d|udev|environment\.d))\//;

export class TooManyEntries extends Error {}

export interface TarEntry {
  /** As it is written in the archive: it may be absolute or climb. */
  readonly path: string;
  readonly node: MemoryEntry;
}

/**
 * The entries of a tar archive (ustar, pax, GNU long names), one at a time.
 * Content is kept within a budget, see above; a file beyond it has its size alone. Hard links give the content of the
 * entry that they name.
 * @throws {TooManyEntries}
 * @throws {Error} of the library where the archive is damaged or ends early.
 */
export async function* unpackTar(archive: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const { createTarDecoder } = await import("modern-tar");
  const { readable, writable } = createTarDecoder({ strict: true });
  // An error of the archive comes out of the readable side as well; here it has been dealt with.
  const feeding = feed(archive, writable.getWriter()).catch((error: unknown) => error);
  const byName = new Map<string, MemoryEntry>();
  let left = keptInAll;
  let leftForText = keptForText;
  let count = 0;
  for await (const { header, body } of readable) {
    if (++count > maxEntries) throw new TooManyEntries();
    const { name, size } = header;
    const owner = { mode: (header.mode ?? 0o644) & 0o7777, uid: header.uid ?? 0, gid: header.gid ?? 0 };
    let node: MemoryEntry;
    switch (header.type) {
      case "directory":
        node = { directory: true, ...owner };
        break;
      case "symlink":
        node = { link: header.linkname ?? "", ...owner };
        break;
      case "link":
        node = byName.get(plainName(header.linkname ?? "")) ?? { other: true, ...owner };
        break;
      case "character-device":
      case "block-device":
        node = { device: true, ...owner };
        break;
      case "fifo":
        node = { other: true, ...owner };
        break;
      default: {
        const isText = size <= largestText && size <= leftForText && configuration.test(name);
        if (isText) leftForText -= size;
        else if (documentation.test(name) || size > left) {
          await body.cancel();
          node = { withheld: "content not kept", size, ...owner };
          break;
        } else left -= size;
        node = { content: size === 0 ? new Uint8Array() : await bytesOf(body, size), ...owner };
      }
    }
    if (header.type !== "directory") byName.set(plainName(name), node);
    yield { path: name, node };
  }
  const failure = await feeding;
  if (failure !== undefined) throw failure;
}

async function feed(
  archive: AsyncIterable<Uint8Array>,
  writer: WritableStreamDefaultWriter<Uint8Array>,
): Promise<undefined> {
  try {
    for await (const piece of archive) await writer.write(piece);
    await writer.close();
  } catch (error) {
    await writer.abort(error).catch(() => undefined);
    throw error;
  }
}

/** `size` is within the budget and the library gives no more than that, so it may be allocated at once. */
async function bytesOf(body: AsyncIterable<Uint8Array>, size: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  const [only] = pieces;
  // A copy, since the piece may be a view of something larger.
  return pieces.length === 1 && only !== undefined ? new Uint8Array(only) : Buffer.concat(pieces, size);
}

function plainName(name: string): string {
  return name.replace(/^(\.?\/)+/, "");
}
