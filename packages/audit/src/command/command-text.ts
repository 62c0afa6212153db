/** What people read of a command's run: how it ended, which tests failed, the end of what it wrote. */
import { plainText } from "../results/report-text.ts";
import type { TestResult } from "../results/test-result.ts";
import type { Scene } from "../scene.ts";
import type { CommandView, Unseen } from "./command-view.ts";

/** Program and arguments, as the policy names them. */
export function commandWords(scene: Scene, command: string): readonly string[] {
  return scene.stage.policy.commands[command]?.run ?? [];
}

/** The tests that failed, by the results. */
export function failing(view: CommandView): readonly TestResult[] {
  return view.tests?.filter((one) => one.outcome === "fail") ?? [];
}

/** `exit 1, 2 of 5 tests failed`. */
export function summary({ end, counts }: CommandView): string {
  if (counts === undefined) return `it ends with ${end.exit}`;
  const { all, fail, skip } = counts;
  const skipped = skip > 0 ? `, ${skip} skipped` : "";
  const tests = `${all} test${all === 1 ? "" : "s"}`;
  return fail > 0
    ? `${fail} of ${tests} failed${skipped} (exit ${end.exit})`
    : `${tests} passed${skipped} (exit ${end.exit})`.replace(`${all} test`, `${all - skip} test`);
}

/** The names of tests that ran before and do not now, for the end of a sentence. */
export function lostTests(before: CommandView | Unseen, view: CommandView): string {
  if ("reason" in before || before.tests === undefined || view.tests === undefined) return "";
  const now = new Set(view.tests.map((one) => one.id));
  return named(before.tests.map((one) => one.id).filter((id) => !now.has(id)));
}

/** `: a, b, c and 2 more`, or nothing. */
export function named(ids: readonly string[]): string {
  if (ids.length === 0) return "";
  const more = ids.length > 3 ? ` and ${ids.length - 3} more` : "";
  return `: ${ids.slice(0, 3).join(", ")}${more}`;
}

/** The end of all that it wrote. */
export function outputOf({ end }: CommandView): string {
  return [end.stdout.bytes, end.stderr]
    .map((bytes) => plainText(bytes.subarray(-65_536)))
    .join("\n");
}

/** The last line that it wrote. */
export function lastLine({ end }: CommandView): string {
  for (const bytes of [end.stderr, end.stdout.bytes]) {
    const line = plainText(bytes.subarray(-4_096)).trim().split("\n").at(-1)?.trim();
    if (line) return line.slice(0, 160);
  }
  return "no output";
}
