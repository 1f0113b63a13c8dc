// ar(5), the container of a .deb: a magic line, then for each member a header of 60 bytes in ASCII and the content,
// padded to an even length. deb(5): the members are debian-binary, control.tar.* and data.tar.*, with short names only,
// so the long-name extensions of ar do not occur.

export interface ArMember {
  readonly name: string;
  readonly content: Uint8Array;
}

export interface ArContents {
  readonly members: readonly ArMember[];
  /** The file ends before its last member does. */
  readonly isCut: boolean;
}

const magic = "!<arch>\n";
const headerLength = 60;
/** deb(5) has three members; a few more may follow. */
const maxMembers = 16;

/**
 * The members of an archive, as views of its bytes, in its order.
 * @returns `undefined` where the bytes are no ar archive.
 */
export function readAr(bytes: Uint8Array): ArContents | undefined {
  if (latin1(bytes, 0, magic.length) !== magic) return undefined;
  const members: ArMember[] = [];
  let offset = magic.length;
  while (offset + 1 < bytes.length && members.length < maxMembers) {
    if (offset + headerLength > bytes.length) return { members, isCut: true };
    const size = latin1(bytes, offset + 48, 10).trimEnd();
    if (latin1(bytes, offset + 58, 2) !== "`\n" || !/^\d+$/.test(size)) return undefined;
    const start = offset + headerLength;
    const end = start + Number(size);
    const name = latin1(bytes, offset, 16).trimEnd().replace(/\/$/, "");
    members.push({ name, content: bytes.subarray(start, end) });
    if (end > bytes.length) return { members, isCut: true };
    offset = end + (end % 2);
  }
  return { members, isCut: false };
}

function latin1(bytes: Uint8Array, start: number, length: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(
    "latin1",
    start,
    start + length,
  );
}
