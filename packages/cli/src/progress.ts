/**
 * How far a long job is: one line on a terminal, written anew; a line now and then in a CI job's log,
 * which nobody could tell from one that hangs; nothing elsewhere.
 */
import type { Io } from "./io.ts";

/** Milliseconds between two lines. */
const TERMINAL = 200;
const LOG = 30_000;

export interface Progress {
  say(text: string): void;
  /** Leaves no line behind. */
  clear(): void;
}

/** Progress on standard error. */
export function progressOf(io: Io): Progress {
  const terminal = io.errIsTerminal;
  if (!terminal && !io.env["CI"]) return { say: () => {}, clear: () => {} };
  const [every, before, after] = terminal ? [TERMINAL, "\r\u001b[K", ""] : [LOG, "", "\n"];
  let last = io.clock();
  let shown = false;
  return {
    say: (text) => {
      if (io.clock() - last < every) return;
      last = io.clock();
      shown = terminal;
      io.err(`${before}wingman: ${text}${after}`);
    },
    clear: () => {
      if (shown) io.err(before);
      shown = false;
    },
  };
}
