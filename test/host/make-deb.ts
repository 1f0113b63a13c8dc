import { gzipSync } from "node:zlib";
import { packTar, type TarEntry } from "modern-tar";

export interface DebParts {
  /** Control files by name; by default those of a package called bakery. */
  readonly control?: Readonly<Record<string, string>>;
  readonly data?: readonly TarEntry[];
  /** Of data.tar; `.gz` is compressed, others are taken as they are. */
  readonly suffix?: string;
  /** The content of data.tar as it shall be, in place of `data`. */
  readonly raw?: Uint8Array;
}

/** A package made of values, as broken as they are. */
export async function makeDeb(parts: DebParts): Promise<Uint8Array> {
  const suffix = parts.suffix ?? "";
  const control = Object.entries(parts.control ?? { control: "Package: bakery\n" });
  const controlTar = await packTar(
    control.map(([name, body]) => ({ header: { name: `./${name}`, size: body.length }, body })),
  );
  const dataTar = parts.raw ?? (await packTar(parts.data ?? []));
  const isPacked = suffix === ".gz" && parts.raw === undefined;
  return makeAr([
    ["debian-binary", Buffer.from("2.0\n")],
    ["control.tar.gz", gzipSync(controlTar)],
    [`data.tar${suffix}`, isPacked ? gzipSync(dataTar) : dataTar],
  ]);
}

export function makeAr(members: readonly (readonly [string, Uint8Array])[]): Uint8Array {
  const pieces = [Buffer.from("!<arch>\n")];
  for (const [name, content] of members) {
    const header = `${name.padEnd(16)}${"0".padEnd(12)}${"0".padEnd(6)}${"0".padEnd(6)}${"100644".padEnd(8)}${String(content.length).padEnd(10)}\`\n`;
    pieces.push(Buffer.from(header), Buffer.from(content));
    if (content.length % 2 === 1) pieces.push(Buffer.from("\n"));
  }
  return Buffer.concat(pieces);
}
