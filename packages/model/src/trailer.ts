/**
 * Trailers of a commit message, and the run that they name. They prove nothing; they can only lower
 * rights (TRUST.md §1).
 */
import type { RunName } from "./claim.ts";
import { parseRunName } from "./claim.ts";

/** One line `Key: value` of the trailer block, continuation lines joined. */
export interface Trailer {
  readonly key: string;
  readonly value: string;
}

/** The run of the `Wingman-Run` trailer; `bad` where it names none or several. */
export function runOfMessage(message: string): { run: RunName } | "absent" | { bad: string } {
  const values = trailersOf(message)
    .filter((one) => one.key.toLowerCase() === "wingman-run")
    .map((one) => one.value);
  const [value, ...others] = [...new Set(values)];
  if (value === undefined) return "absent";
  if (others.length > 0)
    return { bad: `the message has ${others.length + 1} different Wingman-Run trailers` };
  const run = parseRunName(value);
  return run === undefined
    ? { bad: "the Wingman-Run trailer names no run: harness/name/run" }
    : { run };
}

/** Why local hooks were left out for this commit, as its `Wingman-Skip` trailers say; it excuses nothing. */
export function skipReasons(message: string): string[] {
  const values = trailersOf(message)
    .filter((one) => one.key.toLowerCase() === "wingman-skip")
    .map((one) => one.value);
  return [...new Set(values)];
}

/**
 * The trailers of the last paragraph, by git's rules (git-interpret-trailers(1), trailer.c): it is
 * not the subject, and either all its lines are trailers or one was made by git and a quarter are.
 * Lines that begin with white space continue the one above; comment lines count for nothing.
 */
export function trailersOf(message: string): Trailer[] {
  const lines = bodyLines(message);
  let start = lines.length;
  while (start > 0 && (lines[start - 1] ?? "").trim() !== "") start -= 1;
  // The first paragraph is the subject: it is never a trailer block.
  if (start === 0) return [];
  const trailers: { key: string; value: string }[] = [];
  let others = 0;
  let count = 0;
  let recognised = false;
  let last: { key: string; value: string } | undefined;
  for (const line of lines.slice(start)) {
    const found = splitTrailer(line);
    if (/^[ \t]/.test(line) && last !== undefined) {
      last.value = `${last.value} ${line.trim()}`.trim();
      continue;
    }
    const byGit = /^(Signed-off-by: |\(cherry picked from commit )/.test(line);
    recognised ||= byGit;
    if (byGit || found !== undefined) count += 1;
    else others += 1;
    last = found === undefined ? undefined : { key: found[0], value: found[1] };
    if (last !== undefined) trailers.push(last);
  }
  return others === 0 || (recognised && count * 3 >= others) ? trailers : [];
}

/** The message's lines without comments, the patch that `commit -v` adds, and blank lines at the end. */
function bodyLines(message: string): string[] {
  const lines = message.replaceAll("\r\n", "\n").split("\n");
  const cut = lines.findIndex((line) => /^# -+ >8 -+$/.test(line));
  const kept = (cut === -1 ? lines : lines.slice(0, cut)).filter((line) => !line.startsWith("#"));
  while (kept.length > 0 && (kept.at(-1) ?? "").trim() === "") kept.pop();
  return kept;
}

/** `Key: value`, or undefined where the line is none. */
export function splitTrailer(line: string): [string, string] | undefined {
  const match = /^([A-Za-z0-9-]+)[ \t]*:(.*)$/s.exec(line);
  return match?.[1] === undefined ? undefined : [match[1], (match[2] ?? "").trim()];
}
