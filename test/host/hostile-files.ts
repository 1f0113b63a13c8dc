// The large ones of the hostile corpus, made when they are needed; the small ones lie in fixtures/hostile/.
import { deflateRawSync, gzipSync } from "node:zlib";
import { packTar } from "modern-tar";

const service = "[Service]\nExecStart=/bin/a ";

/** Units that are broken or heavy, by name. */
export const hugeUnits: Readonly<Record<string, () => Uint8Array>> = {
  "line-of-100-megabytes": () => Buffer.concat([Buffer.from(service), Buffer.alloc(100 * 1024 * 1024, "a")]),
  "line-of-15-megabytes": () => Buffer.concat([Buffer.from(service), Buffer.alloc(15 * 1024 * 1024, "a")]),
  "lines-just-short-enough": () =>
    Buffer.from(`[Service]\n${`Environment=${"a".repeat(1_000_000)}\n`.repeat(15)}`),
  "a-million-line-ends": () => Buffer.alloc(1_000_000, "\n"),
  "a-million-equals": () => Buffer.from(`[Service]\n${"=\n".repeat(1_000_000)}`),
  "a-million-assignments": () => Buffer.from(`[Service]\n${"User=a\n".repeat(1_000_000)}`),
  "a-million-sections": () => Buffer.from("[Service]\n".repeat(1_000_000)),
  "an-endless-continuation": () => Buffer.from(service + "\\\n".repeat(1_000_000)),
  "comments-inside-a-continuation": () => Buffer.from(`${service}\\\n${"# c\n; d\n".repeat(500_000)}x\n`),
  "a-million-backslashes": () => Buffer.from(`[Service]\nExecStart=${"\\".repeat(1_000_000)}\n`),
  "a-million-quotes": () => Buffer.from(service + "\"'".repeat(500_000)),
  "headers-in-headers": () => Buffer.from(`${"[".repeat(1_000_000)}\n[Service]\n`),
  "a-long-filter": () =>
    Buffer.from(`[Service]\nSystemCallFilter=${"@system-service ".repeat(60_000)}\nExecStart=/bin/a\n`),
  "a-filter-on-many-lines": () =>
    Buffer.from(`${service}\n${"SystemCallFilter=~@mount @clock\n".repeat(100_000)}`),
  "specifiers-without-end": () =>
    Buffer.from(`[Service]\nUser=${"%i%%%n%".repeat(100_000)}\nRootDirectory=%?%\n`),
};

/** A gzip stream that unpacks to `megabytes` of zeros. */
export function gzipBomb(megabytes: number): Uint8Array {
  return gzipSync(Buffer.alloc(megabytes * 1024 * 1024), { level: 1 });
}

/** A zstd frame (RFC 8878) of blocks that say "this byte, 128 KiB times": 32,768 bytes out for each in. */
export function zstdBomb(blocks: number): Uint8Array {
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58]);
  const size = 128 * 1024;
  const block = (isLast: boolean) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUIntLE((size << 3) | (1 << 1) | (isLast ? 1 : 0), 0, 3);
    return bytes;
  };
  return Buffer.concat([
    header,
    ...Array.from({ length: blocks }, (_, index) => block(index === blocks - 1)),
  ]);
}

/** A zstd frame whose window is 2 TiB, if one believes it. */
export const zstdWithHugeWindow = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xf8, 1, 0, 0]);

/** A tar of `count` empty files, packed: little to store, much to remember. */
export async function manyEntries(count: number): Promise<Uint8Array> {
  const one = await packTar([{ header: { name: "./a", size: 0 } }]);
  const entry = one.subarray(0, 512);
  const tar = Buffer.alloc(count * 512 + 1024);
  for (let i = 0; i < count; i++) tar.set(entry, i * 512);
  return gzipSync(tar, { level: 1 });
}

/** A tar header that promises `size` bytes, and none of them. */
export async function promisingEntry(size: number): Promise<Uint8Array> {
  const tar = await packTar([{ header: { name: "./etc/promise", size: 1 }, body: "x" }]);
  const header = Buffer.from(tar.subarray(0, 512));
  header.write(`${size.toString(8).padStart(11, "0")}\0`, 124, "latin1");
  header.fill(" ", 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return header;
}

/** A raw deflate stream without gzip's frame, for what is no gzip but nearly. */
export const nearlyGzip = Buffer.concat([
  Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]),
  deflateRawSync("short"),
]);
