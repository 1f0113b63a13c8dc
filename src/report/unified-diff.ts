import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";

/**
 * A change of one file as a unified diff that `git apply` and `patch -p1` accept; "" where nothing changes.
 * @param path relative, without a leading slash or dot; `before` is `undefined` where the file is new.
 */
export function unifiedDiff(path: string, before: string | undefined, after: string): string {
  if ((before ?? "") === after) return "";
  const from = before === undefined ? "/dev/null" : `a/${path}`;
  return createTwoFilesPatch(from, `b/${path}`, before ?? "", after, undefined, undefined, {
    context: 3,
    headerOptions: FILE_HEADERS_ONLY,
  });
}
