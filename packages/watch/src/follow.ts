/**
 * Follows the ledger's refs. File events are only a hint, since they are lost on network disks, at an
 * overflow and on other systems; a poll is the promise. What was told is the memory of the outbox
 * and the ledger, so a follower that starts again simply makes its first pass.
 */
import { type FSWatcher, readdirSync, readFileSync, statSync, watch } from "node:fs";
import { dirname, join } from "node:path";

/** Why a pass is made: the first one, the refs moved, or a rested step may be due again. */
export type Reason = "start" | "moved" | "due";

export interface FollowOptions {
  /** Files whose change means that the ledger moved; they need not exist yet ({@link ledgerPaths}). */
  readonly paths: readonly string[];
  readonly signal: AbortSignal;
  /** Between two looks, in milliseconds. Default 2000. */
  readonly pollMs?: number;
  /** A pass is made at least this often, in milliseconds, for steps that rested. Default 30,000. */
  readonly dueMs?: number;
  /** One pass. Never called while another one runs. */
  readonly onChange: (reason: Reason) => Promise<void>;
  /** A pass that failed; it is tried again at the next look that finds it due. Without it: rethrown. */
  readonly onError?: (error: unknown) => void;
}

/** Git writes a lock, renames it, and touches a log: one pass for the three. */
const SETTLE = 40;

/** What the last pass saw. */
export interface LastPass {
  readonly mark: string;
  readonly at: number;
  readonly failed: boolean;
}

/** Whether a pass is due, and why. Pure; `at` in milliseconds of a clock that never goes back. */
export function passDue(
  last: LastPass | undefined,
  now: { readonly mark: string; readonly at: number },
  bounds: { readonly dueMs: number; readonly pollMs: number },
): Reason | undefined {
  if (last === undefined) return "start";
  if (last.mark !== now.mark) return "moved";
  // A failed pass is tried again a poll later: at once would spin.
  return now.at - last.at >= (last.failed ? bounds.pollMs : bounds.dueMs) ? "due" : undefined;
}

/** Follows until the signal aborts; then the pass under way comes to its end, and the promise resolves. */
export async function followLedger(options: FollowOptions): Promise<void> {
  const { signal, pollMs = 2000, dueMs = 30_000 } = options;
  const bell = new Bell(signal);
  const watchers = watchFolders(options.paths, () => bell.ring());
  let last: LastPass | undefined;
  try {
    while (!signal.aborted) {
      // Taken before the pass: what moves while it runs is found by the next look.
      const now = { mark: markOf(options.paths), at: performance.now() };
      const reason = passDue(last, now, { dueMs, pollMs });
      if (reason !== undefined) {
        const failed = await pass(options, reason);
        last = { mark: now.mark, at: performance.now(), failed };
        if (!failed) continue;
      }
      await bell.wait(pollMs, SETTLE);
    }
  } finally {
    for (const one of watchers) one.close();
  }
}

/** Gives whether it failed. */
async function pass(options: FollowOptions, reason: Reason): Promise<boolean> {
  try {
    await options.onChange(reason);
    return false;
  } catch (error) {
    if (options.onError === undefined) throw error;
    options.onError(error);
    return true;
  }
}

/**
 * The files by which a repository's ledger branch can move: loose, packed, a reftable's list, and the
 * remote-tracking ones that stand there now. Takes the common git directory.
 */
export function ledgerPaths(gitDir: string, branch = "wingman-ledger"): string[] {
  const remotes = join(gitDir, "refs", "remotes");
  return [
    join(gitDir, "refs", "heads", branch),
    join(gitDir, "packed-refs"),
    join(gitDir, "reftable", "tables.list"),
    ...namesIn(remotes).map((name) => join(remotes, name, branch)),
  ];
}

/** Says what stands at each path: a small file by its bytes, since its size and even its time can stay. */
function markOf(paths: readonly string[]): string {
  return paths
    .map((path) => {
      try {
        const { ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
        const text = size <= 256n ? readFileSync(path, "latin1") : "";
        return `${ino} ${size} ${mtimeNs} ${ctimeNs} ${text}`;
      } catch {
        return "none"; // Not there, or just being replaced: the next look sees what came.
      }
    })
    .join("\n");
}

/** Watches each path's folder, or the nearest one above it that exists: git replaces files, never edits them. */
function watchFolders(paths: readonly string[], onEvent: () => void): FSWatcher[] {
  const folders = new Set(paths.map((path) => nearestFolder(dirname(path))));
  return [...folders].flatMap((folder) => {
    try {
      const one = watch(folder, { persistent: false }, onEvent);
      one.on("error", () => one.close()); // The poll goes on.
      return [one];
    } catch {
      return []; // No watches left, or a disk without events: the poll is the promise.
    }
  });
}

function nearestFolder(path: string): string {
  for (let at = path; ; at = dirname(at)) {
    if (statSync(at, { throwIfNoEntry: false })?.isDirectory() || at === dirname(at)) return at;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return []; // No remotes.
  }
}

/** Wakes a sleeper early: on an event (and a moment after it), or when the follower is stopped. */
class Bell {
  #rung = false;
  #onRing: (() => void) | undefined;
  #onStop: (() => void) | undefined;
  readonly #signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener("abort", () => this.#onStop?.(), { once: true });
  }

  ring(): void {
    this.#rung = true;
    this.#onRing?.();
  }

  async wait(ms: number, settleMs: number): Promise<void> {
    if (!this.#rung) await this.#sleep(ms, true);
    if (this.#rung) await this.#sleep(settleMs, false);
    // Whatever rang until now is seen by the look that follows.
    this.#rung = false;
  }

  async #sleep(ms: number, untilRung: boolean): Promise<void> {
    if (this.#signal.aborted) return;
    await new Promise<void>((wake) => {
      const timer = setTimeout(wake, ms);
      this.#onStop = () => {
        clearTimeout(timer);
        wake();
      };
      if (untilRung) this.#onRing = this.#onStop;
    });
    this.#onStop = undefined;
    this.#onRing = undefined;
  }
}
