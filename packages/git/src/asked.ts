/**
 * What a hook's shim asked git while node was starting: two processes that then cost no time of their
 * own. It takes the shim's pipe apart; anything but two whole answers is none, and git is asked again.
 * Only for a clone's hooks: whoever can write to that pipe starts the hook.
 */
import type { RunResult } from "./repo.ts";

export interface Asked {
  /** Layout and settings, as open-repo.ts asks for them. */
  readonly layout: RunResult;
  readonly refs: RunResult;
}

/** A line of the shim's own behind each answer: `wingman-asked 0`, with git's exit code. */
const END = /^wingman-asked (\d{1,3})\n/m;

/**
 * The shim's answers: `git rev-parse` with git's trace events among its lines, then `git for-each-ref`.
 * Latin1 throughout: a ref's name is bytes.
 */
export function readAsked(pipe: Buffer): Asked | undefined {
  const text = pipe.toString("latin1");
  const first = END.exec(text);
  if (first === null) return undefined;
  const rest = text.slice(first.index + first[0].length);
  const second = END.exec(rest);
  if (second === null || second.index + second[0].length !== rest.length) return undefined;
  const lines = Buffer.from(text.slice(0, first.index), "latin1").toString("utf8").split("\n");
  const isEvent = (line: string): boolean => line.startsWith('{"event":"');
  const answer = (stdout: string, code: string, stderr: string): RunResult => ({
    stdout: Buffer.from(stdout, "latin1"),
    stderr,
    code: Number(code),
  });
  const layout = lines.filter((line) => !isEvent(line)).join("\n");
  const refs = answer(rest.slice(0, second.index), second[1] ?? "", "");
  if (first[1] !== "0" || refs.code !== 0) return undefined;
  return {
    layout: {
      stdout: Buffer.from(layout, "utf8"),
      stderr: lines.filter(isEvent).join("\n"),
      code: 0,
    },
    refs,
  };
}
