/**
 * What the operating system refused, as a fault that says what to do: a full disk, a folder where a
 * file must be. Nobody can mend a stack trace. It takes only errors of system calls; anything else
 * stays what it is, a defect.
 */
import { Fault } from "@wingman/model";

interface Known {
  readonly code: string;
  readonly what: string;
  readonly hint: string;
}

const NO_ROOM: Known = {
  code: "system/disk-full",
  what: "there is no room left for",
  hint: "free some space on that disk (or raise the quota), then run it again; nothing was half written",
};
const NOT_ALLOWED: Known = {
  code: "system/not-allowed",
  what: "this account may not read or write",
  hint: "check the owner and the permissions, or the mount, of that path",
};
const WRONG_KIND: Known = {
  code: "system/wrong-kind",
  what: "a file stands where a folder must be, or the other way round:",
  hint: "look what stands at that path, and move it away",
};
const TOO_MANY: Known = {
  code: "system/exhausted",
  what: "the machine has no more files, processes or memory for",
  hint: "end some programs or raise the limit (ulimit -n, ulimit -u), then run it again",
};

const KNOWN: Readonly<Record<string, Known>> = {
  ENOSPC: NO_ROOM,
  EDQUOT: NO_ROOM,
  EFBIG: NO_ROOM,
  EACCES: NOT_ALLOWED,
  EPERM: NOT_ALLOWED,
  EROFS: NOT_ALLOWED,
  EISDIR: WRONG_KIND,
  ENOTDIR: WRONG_KIND,
  EEXIST: WRONG_KIND,
  EMFILE: TOO_MANY,
  ENFILE: TOO_MANY,
  ENOMEM: TOO_MANY,
  EAGAIN: TOO_MANY,
  ENOENT: {
    code: "system/no-file",
    what: "there is no file",
    hint: "check the path; a relative one begins where the command runs",
  },
  ELOOP: {
    code: "system/wrong-kind",
    what: "symbolic links lead in a circle at",
    hint: "remove the link, or let it lead to a file",
  },
  ENAMETOOLONG: {
    code: "system/wrong-kind",
    what: "the disk takes no name as long as",
    hint: "use a shorter name",
  },
  EIO: {
    code: "system/disk-broken",
    what: "the disk fails to read or write",
    hint: "check the disk and its connection, then run it again",
  },
};

/** The fault that a system call's error means, or undefined where it is no such error. */
export function systemFault(error: unknown): Fault | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  if (typeof code !== "string" || typeof syscall !== "string") return undefined;
  const known = Object.hasOwn(KNOWN, code) ? KNOWN[code] : undefined;
  if (known === undefined) return undefined;
  const where = path === undefined ? `what was to be done (${syscall})` : path;
  return new Fault(`${known.what} ${where} (${code})`, {
    code: known.code,
    hint: known.hint,
    cause: error,
  });
}
