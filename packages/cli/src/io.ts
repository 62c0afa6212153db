/**
 * Io: everything that a command may know of the process that runs it, handed in as one value, so
 * that no command touches `process` and a test can run one without it.
 */

export interface Io {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Results, on standard output. */
  out(text: string): void;
  /** Messages for people, on standard error. */
  err(text: string): void;
  /** All of standard input. */
  stdin(): Promise<Buffer>;
  /** Asks a person; undefined where nobody sits at a terminal. */
  ask(question: string): Promise<string | undefined>;
  readonly isTerminal: boolean;
  /** Somebody reads standard error on a terminal. */
  readonly errIsTerminal: boolean;
  readonly colour: boolean;
  /** Where the running program's folder is (`dist`), to copy from. */
  readonly programDir: string;
  /** The absolute path of the node that runs it. */
  readonly nodePath: string;
  now(): Date;
  /** Monotonic milliseconds. */
  clock(): number;
  /** Names this process among others on this machine. */
  readonly owner: string;
  /** True while the process with that name runs. */
  isAlive(owner: string): boolean;
  /** Runs this program as a process of its own; any exit code is an answer. */
  runSelf(
    args: readonly string[],
    where: {
      cwd: string;
      env: Readonly<Record<string, string | undefined>>;
      /** Ends the process when it fires. */
      signal?: AbortSignal;
    },
  ): Promise<{ code: number; stdout: string; stderr: string }>;
  /** Ends every process of a group (SIGKILL); quiet where it is gone already. */
  endGroup(leader: number): void;
  /** Does this, which must not wait for anything, before a signal ends the process; gives its undoing. */
  onStop(act: () => void): () => void;
  /** Starts this program again, detached, its output appended to a file. */
  detach(args: readonly string[], options: { cwd: string; log: string }): void;
}

/** Exit codes (DESIGN.md): a fault blocks as well as a finding does. */
export const EXIT = { ok: 0, findings: 1, fault: 2, unverifiable: 3 } as const;
