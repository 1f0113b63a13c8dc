// What logs tell of a service that was denied something: the audit log and the journal, one event a line of theirs.
// Texts go in, these values come out; who answers with directives builds on them.

/** Where and when an event was seen. */
interface Seen {
  /** The log's file, as it was named; "-" for standard input. */
  readonly file: string;
  /** Counted from 1; in a journal export the line at which the entry begins. */
  readonly line: number;
  /** What stands there, one line, at most 200 characters, no control characters. */
  readonly detail: string;
  /** Microseconds since 1970, where the log tells. */
  readonly time?: number;
  /** The unit that the log names: `nginx.service`. */
  readonly unit?: string;
  readonly pid?: number;
  /** The process's name: at most 15 characters of the program's. */
  readonly comm?: string;
  /** The program's path. */
  readonly exe?: string;
}

/** A system call that a filter answered: an audit record of type SECCOMP (1326). Denials by errno leave none. */
export interface DeniedCall extends Seen {
  readonly kind: "denied-call";
  /** The call's name; absent where the number is not known for the architecture. */
  readonly call?: string;
  readonly number: number;
  /** systemd's word for the architecture: `x86-64`, `x86`, `arm64`. */
  readonly arch?: string;
  /** `logged`: SystemCallLog= let it through; `killed`: the process or thread ended; `trapped`: it got SIGSYS; `errno`: refused; `traced`: a tracer was asked. */
  readonly action: "logged" | "killed" | "trapped" | "errno" | "traced";
}

/** A message of the service, or an audit record of a failed call, about a path that it may not use. */
export interface PathError extends Seen {
  readonly kind: "path-error";
  /** `EROFS`, `EACCES`, `EPERM`, `ENOENT`, `ENXIO`, `EBUSY`. */
  readonly error: string;
  readonly path: string;
  /** What was tried, where the message tells. */
  readonly access?: "read" | "write" | "exec";
  /** The call that the message names, or speaks of. */
  readonly call?: string;
}

/** A message about an errno without a path: an address family, a port, a call, or nothing else known. */
export interface ErrnoMessage extends Seen {
  readonly kind: "errno";
  /** `EAFNOSUPPORT`, `EPERM`, `EACCES`, `ENOSYS`, … */
  readonly error: string;
  /** The call or library function that the message names: `bind`, `mmap`, `socket`. */
  readonly call?: string;
  readonly family?: string;
  /** `tcp:80`, `udp:53`, `*:80`, where the message tells. */
  readonly port?: string;
}

/** A process of the unit ended other than well. */
export interface ProcessEnd extends Seen {
  readonly kind: "exit";
  /** `exited`: with a status; `killed`: by a signal; `dumped`: by a signal, with a core. */
  readonly by: "exited" | "killed" | "dumped";
  /** The exit status or the signal's number. */
  readonly status: number;
  /** systemd's word for it: `NAMESPACE` (226), `EXEC` (203), `CHDIR` (200); for a signal `SYS`, `SEGV`. */
  readonly name?: string;
  /** Which line of the unit: `main`, or the directive `ExecStartPre`, where the log tells. */
  readonly process?: string;
}

/** The unit's state went to failed: `exit-code`, `signal`, `core-dump`, `timeout`, `start-limit-hit`, `watchdog`, `resources`. */
export interface UnitResult extends Seen {
  readonly kind: "result";
  readonly result: string;
}

/** What systemd itself says of a step that failed before the program ran: `Failed at step NAMESPACE spawning …`. */
export interface SetupFailure extends Seen {
  readonly kind: "setup";
  /** `NAMESPACE`, `EXEC`, `CHDIR`, `STDIN`, `GROUP`, `USER`, `CAPABILITIES`, `SECCOMP`, … */
  readonly step: string;
  /** The program, or the path that the step was about. */
  readonly path?: string;
  readonly error?: string;
}

/** A security module refused: AppArmor, SELinux, SMACK. Not a matter of the unit's sandbox, but what it asked for. */
export interface AccessDenied extends Seen {
  readonly kind: "access-denied";
  readonly system: "apparmor" | "selinux" | "smack" | "unknown";
  /** Words such as `read`, `write`, `open`, `name_bind`, `execmem`, as the module gives them. */
  readonly permissions: readonly string[];
  /** The kind of object: `file`, `dir`, `tcp_socket`, `capability`, `process`. */
  readonly object?: string;
  readonly path?: string;
  /** `CAP_SYS_ADMIN`, where it was about a capability. */
  readonly capability?: string;
  readonly port?: number;
}

export type TraceEvent =
  | DeniedCall
  | PathError
  | ErrnoMessage
  | ProcessEnd
  | UnitResult
  | SetupFailure
  | AccessDenied;

/** What came out of a log. */
export interface ParsedLog {
  readonly events: readonly TraceEvent[];
  /** Lines or journal entries read. */
  readonly lines: number;
  /** Those that were no record of the log's form. Ordinary messages that tell of no denial are not among them. */
  readonly notUnderstood: number;
  /** Whether events were left out because there were more than the bound. */
  readonly isCut: boolean;
}

/** Lines of text, as they come from a file; without their line ends. */
export type Lines = Iterable<string>;
