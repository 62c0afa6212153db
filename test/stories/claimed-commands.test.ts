/**
 * Claims about commands, through the built program: what the policy names is run in a clean copy, away
 * from repository and keys, and its results decide.
 */
import { beforeAll, expect, test } from "vitest";
import { type World, workerWorld, writeRun } from "./worker-world.ts";

const COMMANDS = {
  unit: {
    run: ["node", "--test", "--test-reporter=tap"],
    timeout: "60s",
    results: { format: "tap" },
  },
};
const SUM = "export const sum = (a, b) => a + b;\n";
const TEST = (name: string, wanted: number): string =>
  `import test from "node:test";\nimport assert from "node:assert";\nimport { sum } from "../../src/keys/rotate.mjs";\ntest("${name}", () => { assert.equal(sum(1, 2), ${wanted}); });\n`;

let world: World;
beforeAll(async () => {
  world = await workerWorld({ policy: { commands: COMMANDS } });
});

interface Told {
  readonly verdict: string;
  readonly reason?: string;
  readonly observed: string;
}

async function audited(
  claims: readonly (readonly [string, Readonly<Record<string, unknown>>])[],
  files: Record<string, string>,
): Promise<Told[]> {
  await world.branch();
  const run = writeRun({ claims });
  await world.work(run, { files: { ...files, [run.path]: run.text } });
  const ran = await world.clone.wingman(["audit", "--run", run.trailer, "--format", "json"]);
  expect(ran.stderr).toBe("");
  return (JSON.parse(ran.stdout) as { verdicts: Told[] }).verdicts;
}

test("a suite that passes is TRUE, one that fails is FALSE", async () => {
  const claim = [["suite.passes", { command: "unit" }]] as const;
  const green = { "src/keys/rotate.mjs": SUM, "test/keys/sum.test.mjs": TEST("adds", 3) };
  expect(await audited(claim, green)).toMatchObject([{ verdict: "TRUE" }]);
  const red = { "src/keys/rotate.mjs": SUM, "test/keys/sum.test.mjs": TEST("adds", 4) };
  expect(await audited(claim, red)).toMatchObject([{ verdict: "FALSE" }]);
});
