import type { Diagnostic } from "../unit/tree.ts";

/** Something that keeps a source from being read, as data: what `diagnostic.code` means is in rules/messages/host.json. */
export class SourceError extends Error {
  readonly diagnostic: Diagnostic;

  constructor(code: string, args: Readonly<Record<string, string>>) {
    super(`${code}: ${Object.values(args).join(", ")}`);
    this.name = new.target.name;
    this.diagnostic = { code, severity: "error", args };
  }
}

/** A file above the size that its reader allows; nothing of it was read. */
export class FileTooLarge extends SourceError {
  constructor(file: string, limit: number) {
    super("file-too-large", { file, limit: `${Math.round(limit / 1024 / 1024)} MiB` });
  }
}

/** A file that is there and cannot be read: no permission, an error of the disk, content that an archive did not keep. */
export class FileUnreadable extends SourceError {
  constructor(file: string, reason: string) {
    super("file-unreadable", { file, reason });
  }
}
