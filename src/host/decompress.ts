import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";

export type Compression = "none" | "gz" | "xz" | "zst";

/** How much may come out of an archive, whatever it says of itself. */
export interface DecompressionBounds {
  /** In bytes, in all. */
  readonly total: number;
  /** Output above which the ratio counts, in bytes. */
  readonly free: number;
  /** Bytes out for each byte in: real packages stay below 40. */
  readonly ratio: number;
}

/** More came out than the bounds allow: a bomb, or a package that is none of a service. */
export class ExpandsTooFar extends Error {}

/**
 * The decompressed bytes in pieces, made while they are asked for.
 * @throws {ExpandsTooFar} above the bounds.
 * @throws {Error} of the library where the data is damaged or ends early.
 */
export async function* decompress(
  bytes: Uint8Array,
  compression: Compression,
  bounds: DecompressionBounds,
): AsyncGenerator<Uint8Array> {
  const limit = Math.min(bounds.total, Math.max(bounds.free, bytes.length * bounds.ratio));
  let total = 0;
  for await (const piece of piecesOf(bytes, compression, limit)) {
    total += piece.length;
    if (total > limit) throw new ExpandsTooFar();
    // Some decoders give empty pieces, which a stream of bytes may not carry.
    if (piece.length > 0) yield piece;
  }
}

function piecesOf(
  bytes: Uint8Array,
  compression: Compression,
  limit: number,
): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  switch (compression) {
    case "none":
      return slicesOf(bytes, 1 << 16);
    case "gz":
      return gunzip(bytes);
    case "xz":
      return unxz(bytes);
    case "zst":
      return unzstd(bytes, limit);
  }
}

function* slicesOf(bytes: Uint8Array, length: number): Generator<Uint8Array<ArrayBuffer>> {
  for (let start = 0; start < bytes.length; start += length) {
    yield new Uint8Array(bytes.subarray(start, start + length));
  }
}

async function* gunzip(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  // Pieces of 16 KiB, as node makes them by itself, cost more than the decompression.
  const gunzipper = Readable.from(slicesOf(bytes, 1 << 16), { objectMode: false }).pipe(
    createGunzip({ chunkSize: 1 << 18 }),
  );
  for await (const piece of gunzipper) if (piece instanceof Uint8Array) yield piece;
}

async function* unxz(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  // A CommonJS bundle whose names node cannot see: everything is under `default`.
  const { XzReadableStream } = (await import("xz-decompress")).default;
  // Leaving the loop early cancels the stream, which frees the one decoder that the library has.
  yield* new XzReadableStream(ReadableStream.from(slicesOf(bytes, 1 << 16)));
}

/** RFC 8878 3.1.1.1: the header of the first frame says how much memory its window takes. */
const maxWindow = 128 * 1024 * 1024;

async function* unzstd(bytes: Uint8Array, limit: number): AsyncGenerator<Uint8Array> {
  if (zstdWindow(bytes) > maxWindow) throw new ExpandsTooFar();
  const { Decompress } = await import("fzstd");
  const ready: Uint8Array[] = [];
  let total = 0;
  const decoder = new Decompress(piece => {
    total += piece.length;
    if (total > limit) throw new ExpandsTooFar();
    ready.push(piece);
  });
  for (const slice of slicesOf(bytes, 1 << 13)) {
    decoder.push(slice);
    yield* ready.splice(0);
  }
  // The last push says when the data ends early.
  decoder.push(new Uint8Array(0), true);
  yield* ready.splice(0);
}

function zstdWindow(bytes: Uint8Array): number {
  const descriptor = bytes[4] ?? 0;
  const hasSingleSegment = (descriptor & 0x20) !== 0;
  const dictionaryLength = [0, 1, 2, 4][descriptor & 3] ?? 0;
  if (!hasSingleSegment) {
    const window = bytes[5] ?? 0;
    const base = 2 ** (10 + (window >> 3));
    return base + (base / 8) * (window & 7);
  }
  const start = 5 + dictionaryLength;
  const length = [1, 2, 4, 8][descriptor >> 6] ?? 1;
  let size = length === 2 ? 256 : 0;
  for (let i = 0; i < length; i++) size += (bytes[start + i] ?? 0) * 256 ** i;
  return size;
}
