/** The numbers of the last line: what counts as passed, and everything that must count as failed. */
import { expect, test } from "vitest";
import { countTests } from "../count-reporter.mjs";

/** A test module as vitest reports one. */
function module(states: readonly string[], errors = 0, state = "passed") {
  return {
    children: { allTests: () => states.map((one) => ({ result: () => ({ state: one }) })) },
    errors: () => Array.from({ length: errors }, () => new Error("broken")),
    state: () => state,
  };
}

test("passed, failed and skipped are told apart", () => {
  const counts = countTests([module(["passed", "failed"]), module(["passed", "skipped"])], []);
  expect(counts).toEqual({ passed: 2, failed: 1, skipped: 1 });
});

test("a file that cannot be loaded, a test cut off and a stray error are failures", () => {
  expect(countTests([module([], 1, "failed")], [])).toMatchObject({ failed: 1 });
  expect(countTests([module([], 0, "failed")], [])).toMatchObject({ failed: 1 });
  expect(countTests([module(["pending"])], [])).toMatchObject({ passed: 0, failed: 1 });
  expect(countTests([module(["passed"])], [new Error("stray")])).toMatchObject({ failed: 1 });
});
