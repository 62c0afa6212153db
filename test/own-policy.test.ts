/** Wingman gates its own repository: its own policy reads, and what `init` vendored is what stands in schemas/. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseAllowedSigners, parsePolicy } from "@wingman/model";
import { runProgram, runWingman } from "@wingman/testkit";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));

test("the policy and the signers can be read", () => {
  expect(parsePolicy(readFileSync(`${root}.wingman/policy.yaml`)).ok).toBe(true);
  expect(parseAllowedSigners(readFileSync(`${root}.wingman/allowed_signers`)).ok).toBe(true);
});

test("the vendored schemas are those of this version", () => {
  const names = readdirSync(`${root}.wingman/schema`);
  expect(names.length).toBeGreaterThan(5);
  for (const name of names)
    expect(readFileSync(`${root}.wingman/schema/${name}`, "utf8")).toBe(
      readFileSync(`${root}schemas/${name}`, "utf8"),
    );
});

test("no case stands under a name that a forge's own fsck would refuse", async () => {
  // A hostile .gitmodules is a case's `gitmodules.txt` with `paths` in its case.json.
  const run = await runProgram("git", ["ls-files", "-z"], { cwd: root });
  const named = run.stdout.split("\0").filter((path) => path.endsWith(".gitmodules"));
  expect(named).toEqual([]);
});

test("nothing at HEAD is refused by our own gate", async () => {
  const run = await runWingman(["check", "--all", "--format", "json"], { cwd: root });
  const blocking = (JSON.parse(run.stdout) as { findings: { severity: string }[] }).findings.filter(
    (one) => one.severity === "block",
  );
  expect(blocking).toEqual([]);
  expect(run.code).toBe(0);
});
