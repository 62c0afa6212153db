/**
 * The commands that are under way. What they started is ended with the audit, however that ends: by itself,
 * in a fault, or by a signal, which reaches no process group but the auditor's own.
 */
import { rmSync } from "node:fs";

/** How processes are ended, and when; only the cli's own file touches `process`. */
export interface Stopping {
  /** Ends a whole process group. */
  endGroup(leader: number): void;
  /** Has this done, at once, before a signal ends the program; gives its undoing. */
  onStop?(act: () => void): () => void;
}

export interface LiveCommands {
  /** True once nothing may be started any more. */
  closed(): boolean;
  /** Ends all that is under way, and lets nothing start. */
  close(): void;
  /** From here on a signal takes this folder along; gives what is to be done once it is gone. */
  enter(root: string): () => void;
  /** Told of a group's leader; gives what is to be done when it has ended. */
  started(leader: number): () => void;
}

/** None yet. */
export function liveCommands({ endGroup, onStop }: Stopping): LiveCommands {
  const roots = new Set<string>();
  const leaders = new Set<number>();
  let closed = false;
  let undo: (() => void) | undefined;
  const endAll = (): void => {
    for (const leader of leaders) endGroup(leader);
  };
  const stop = (): void => {
    endAll();
    for (const root of roots) removeNow(root);
  };
  return {
    closed: () => closed,
    close: () => {
      closed = true;
      endAll();
    },
    enter: (root) => {
      roots.add(root);
      undo ??= onStop?.(stop);
      return () => {
        roots.delete(root);
        if (roots.size > 0) return;
        undo?.();
        undo = undefined;
      };
    },
    started: (leader) => {
      leaders.add(leader);
      if (closed) endGroup(leader);
      return () => leaders.delete(leader);
    },
  };
}

/** What was just killed may still hold a file or two, and nobody can wait for it here. */
function removeNow(root: string): void {
  try {
    rmSync(root, { recursive: true, force: true });
  } catch {}
}
