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

/** What waits, as an audit's turns tell it. */
interface Waits {
  underWay(kind: "look" | "command"): number;
}

/** How far an audit is: its run, the claims of that, and what it waits for. */
export function howFar(progress: Progress, waits: Waits) {
  let [number, claims, all, count] = [0, 0, 0, 0];
  const say = (): void => {
    if (number === 0) return;
    const waiting = [
      counted(waits.underWay("command"), "command"),
      counted(waits.underWay("look"), "look"),
    ].filter((one) => one !== "");
    const more = waiting.length === 0 ? "" : `; waiting for ${waiting.join(" and ")}`;
    progress.say(
      `run ${number}, claim ${claims} of ${all}; ${counted(count, "claim") || "no claim"} judged so far${more}`,
    );
  };
  return {
    say,
    /** `judged`: what an earlier audit had judged of the run. */
    begin: (run: number, judged: number, of: number): void => {
      [number, claims, all] = [run, judged, of];
      say();
    },
    judged: (judged: number, of: number): void => {
      [claims, all, count] = [judged, of, count + 1];
      say();
    },
    clear: (): void => progress.clear(),
  };
}

function counted(count: number, what: string): string {
  return count === 0 ? "" : `${count} ${what}${count === 1 ? "" : "s"}`;
}
