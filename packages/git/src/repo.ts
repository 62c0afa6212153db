/**
 * Repo: one repository as every other file of this room sees it. Types only; `open-repo.ts` makes
 * one. It refuses nothing itself.
 */
import type { Moment } from "./moment.ts";
import type { ObjectStore } from "./object-store.ts";

/** Environment variables as the cli hands them in: this room never looks at the process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** How one git command is run. */
export interface RunOptions {
  readonly input?: Uint8Array | string;
  /** Exit codes that are answers; any other is a fault. Default: 0 only. */
  readonly okCodes?: readonly number[];
  /** Laid over the repository's environment; undefined removes. */
  readonly env?: Environment;
  /** Without the quarantine's variables: the real object store (TRUST.md §8). */
  readonly withoutQuarantine?: boolean;
  /** Without our `-c` overrides: for reading the user's own configuration. */
  readonly plainConfig?: boolean;
}

/** What a git command gave. `stdout` is bytes, never trimmed. */
export interface RunResult {
  readonly stdout: Buffer;
  readonly stderr: string;
  readonly code: number;
}

/** A throw-away bare repository on top of the real objects: what is written there never stays. */
export interface Scratch {
  /** Its git directory; room for temporary files too. */
  readonly dir: string;
  /** Where its own objects lie. */
  readonly objects: string;
  /** Lay over the environment: objects are written here, everything else is the real repository. */
  readonly objectsHere: Environment;
  /** Lay over the environment: the scratch alone, with no configuration and no attributes. */
  readonly alone: Environment;
}

/** One repository. Close it, or its batch process lives as long as the program. */
export interface Repo {
  /** Where git is started: relative variables as `GIT_DIR=.` mean something only there. */
  readonly cwd: string;
  /** Absolute. A worktree's own directory. */
  readonly gitDir: string;
  /** Absolute. What all worktrees share. */
  readonly commonDir: string;
  /** Absolute; undefined in a bare repository. */
  readonly workTree: string | undefined;
  readonly bare: boolean;
  readonly format: "sha1" | "sha256";
  /** The id of all zeros, as long as the format's ids. */
  readonly zero: string;
  readonly env: Environment;
  readonly objects: ObjectStore;
  /** Set on a view of one moment: refs, HEAD and settings are those of then. */
  readonly moment?: Moment;
  /** True where history is cut: what is not found may exist elsewhere. */
  shallow(): Promise<boolean>;
  /** Runs git. Faults `git/failed` and its kin on an exit code that is no answer. */
  run(args: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** The same repository without the quarantine's variables; closed with this one. */
  outsideQuarantine(): Promise<Repo>;
  /**
   * In a partial clone the same repository, in which what is absent stays absent: a claim that names an
   * object must not make git ask the network for it. Elsewhere this one; closed with it.
   */
  withoutFetching(): Promise<Repo>;
  /** A throw-away object directory on top of the repository's; removed by close. */
  scratch(): Promise<Scratch>;
  close(): Promise<void>;
}
