/**
 * What a failing git means: its exit becomes a fault that says what to do. Text of git (which may
 * quote names of the judged side) is made visible first.
 */
import { fault, visible } from "@wingman/model";
import type { RunResult } from "./repo.ts";

interface Known {
  readonly says: RegExp;
  readonly code: string;
  readonly hint: string;
  /** Said instead of git's own words, where those are about git's insides. */
  readonly what?: string;
}

// Most telling first: a full disk also says "unable to write", and a partial clone whose remote is gone
// says so before it names the object.
const KNOWN: readonly Known[] = [
  {
    says: /could not fetch [0-9a-f]+ from promisor remote/i,
    code: "git/missing-object",
    hint: "this clone is partial and lacks the object; clone it whole, or fetch once with: git fetch --refetch --no-filter",
  },
  {
    says: /\bfsck error\b/,
    code: "git/hostile-object",
    hint: "git's own checks refuse an object of it, as they should: look at it with git fsck, and push it without",
  },
  {
    says: /No space left on device|Disk quota exceeded/i,
    code: "git/disk-full",
    hint: "free some space on the disk that holds the repository, then try again",
  },
  {
    says: /index\.lock|cannot lock ref|Unable to create '.*\.lock'/i,
    code: "git/locked",
    hint: "another git is at work; wait for it, or remove the .lock file that it names if no git runs",
  },
  {
    says: /Authentication failed|could not read (Username|Password)|\(publickey/i,
    code: "git/not-authorised",
    hint: "git asks nobody for a password here; give it a credential helper or an SSH key",
  },
  {
    says: /Could not resolve host|unable to access|Could not read from remote|does not appear to be/i,
    code: "git/unreachable",
    hint: "check the remote's address and the network, then try again",
  },
  {
    says: /Read-only file system|Permission denied|insufficient permission/i,
    code: "git/not-writable",
    hint: "the repository cannot be written; check its owner and permissions, or the mount",
  },
  {
    says: /detected dubious ownership/i,
    code: "git/dubious-ownership",
    hint: "if you trust this repository: git config --global --add safe.directory <its path>",
  },
  {
    says: /not a git repository \(or any/i,
    code: "git/no-repository",
    what: "this folder is in no Git repository",
    hint: "start Wingman inside a Git repository, or run `git init` first",
  },
  {
    says: /not a git repository|must be run in a work tree/i,
    code: "git/no-repository",
    hint: "start Wingman inside a Git repository, or run `git init` first",
  },
  {
    says: /unmerged/i,
    code: "git/unmerged",
    hint: "resolve the conflicts and `git add` the files, then try again",
  },
  {
    says: /bad object|missing (object|blob|tree|commit)|Not a valid (commit|object) name|unable to read (tree|sha1|[0-9a-f]{40})|invalid object|Could not read [0-9a-f]/i,
    code: "git/missing-object",
    hint: "fetch the missing history (git fetch --unshallow), or check the repository with git fsck",
  },
];

/** Throws the fault for a git call that ended with a code that is no answer. */
export function gitFailed(args: readonly string[], result: RunResult): never {
  const line = tellingLine(result.stderr);
  const known = KNOWN.find(({ says }) => says.test(result.stderr));
  // `-c name=value` may stand before the command.
  const what = args.find((arg, at) => !arg.startsWith("-") && args[at - 1] !== "-c") ?? "command";
  return fault(known?.what ?? `git ${what} failed: ${line || `exit code ${result.code}`}`, {
    code: known?.code ?? "git/failed",
    hint: known?.hint ?? `run git ${what} by hand to see why`,
  });
}

/** True where the failure is one whose meaning we know: a full disk, a missing object, a lock. */
export function isKnownFailure(result: RunResult): boolean {
  return KNOWN.some(({ says }) => says.test(result.stderr));
}

/** The line of git's stderr that says most, made visible and bounded. */
export function tellingLine(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  const line = lines.find((text) => /^(fatal|error):/.test(text)) ?? lines[0] ?? "";
  return visible(line.slice(0, 500));
}
