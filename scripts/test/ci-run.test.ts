/** .ci/run with stand-ins for npx and the corpus: its last line and its exit code never say more than what ran. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runProgram, temporaryFolder } from "@wingman/testkit";
import { expect, test } from "vitest";

const SCRIPT = fileURLToPath(new URL("../../.ci/run", import.meta.url));

/** Runs the script; `check` and `test` are what `npx … check` and `npx … test` do, `corpus` what it does. */
async function ciRun(
  check: string,
  tests: string,
  corpus = "true",
): Promise<{ code: number; last: string; out: string }> {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "bin"));
  const npx = join(folder, "bin/npx");
  writeFileSync(
    npx,
    `#!/bin/sh\necho "ran $*, CI=$CI"\ncase $3 in check) ${check} ;; test) ${tests} ;; esac\n`,
  );
  const node = join(folder, "bin/node");
  writeFileSync(
    node,
    `#!/bin/sh\ncase $1 in scripts/corpus.mjs) ${corpus} ;; *) exec '${process.execPath}' "$@" ;; esac\n`,
  );
  for (const program of [npx, node]) chmodSync(program, 0o755);
  const env = { PATH: `${join(folder, "bin")}:${process.env["PATH"]}`, CI: undefined };
  const ran = await runProgram(SCRIPT, [], { cwd: folder, env });
  return { code: ran.code, last: ran.stdout.trimEnd().split("\n").at(-1) ?? "", out: ran.stdout };
}

const counts = (passed: number, failed: number): string =>
  `echo '{"passed": ${passed}, "failed": ${failed}}' >"$WINGMAN_COUNTS"`;

test("all well: the true numbers and 0", async () => {
  const ran = await ciRun("true", counts(12, 0));
  expect(ran).toMatchObject({ code: 0, last: "12 passed, 0 failed" });
  expect(ran.out).toContain(
    "ran -y pnpm@12.21.0 check, CI=true\nran -y pnpm@12.21.0 test, CI=true",
  );
});

test.each([
  ["a failed test", "true", `${counts(11, 1)}; exit 1`, "11 passed, 1 failed"],
  ["a failed test whose runner says 0", "true", counts(11, 1), "11 passed, 1 failed"],
  ["a failed check", "exit 1", counts(12, 0), "12 passed, 0 failed"],
  ["a run that broke before it counted", "true", "exit 1", "0 passed, 1 failed"],
  ["nothing collected", "true", counts(0, 0), "0 passed, 0 failed"],
  [
    "a runner that ends ill after good tests",
    "true",
    `${counts(3, 0)}; exit 1`,
    "3 passed, 0 failed",
  ],
])("%s is not green", async (_title, check, tests, last) => {
  expect(await ciRun(check, tests)).toMatchObject({ code: 1, last });
});

test("a corpus that fails is not green", async () => {
  const ran = await ciRun("true", counts(12, 0), "exit 1");
  expect(ran).toMatchObject({ code: 1, last: "12 passed, 0 failed" });
});
