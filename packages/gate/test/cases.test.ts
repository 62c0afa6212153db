import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { caseFolders, changeOfCase, expectationOf, findingLines } from "@wingman/testkit";
import { describe, expect, it } from "vitest";
import { judgeChange } from "../src/gate.ts";
import type { Rule } from "../src/rule.ts";
import { approvals } from "../src/rules/approvals.ts";
import { boundaries, netBoundaries } from "../src/rules/boundaries.ts";
import { claims, closedRuns } from "../src/rules/claims.ts";
import { dependencyGraph } from "../src/rules/dependencies.ts";
import { formats } from "../src/rules/formats.ts";
import { hostile } from "../src/rules/hostile.ts";
import { agentMark, signature, unattributed } from "../src/rules/identity.ts";
import { landedRuns, verdicts } from "../src/rules/landing.ts";
import { instructionLander, law, policyRevision } from "../src/rules/law.ts";
import { lock } from "../src/rules/lock.ts";
import { looser } from "../src/rules/looser.ts";
import { refs } from "../src/rules/refs.ts";
import { leastRisks } from "../src/rules/risk.ts";
import { run } from "../src/rules/run.ts";
import { secrets } from "../src/rules/secrets.ts";
import { skip } from "../src/rules/skip.ts";

const FAMILIES: Readonly<Record<string, readonly Rule[]>> = {
  approvals: [leastRisks, approvals],
  boundaries: [boundaries, netBoundaries],
  claims: [claims, closedRuns],
  dependencies: [dependencyGraph],
  formats: [formats],
  hostile: [hostile],
  identity: [signature, unattributed, agentMark],
  landing: [landedRuns, verdicts],
  law: [law, instructionLander, policyRevision, looser, formats],
  lock: [lock],
  refs: [refs],
  run: [run],
  secrets: [secrets],
  skip: [skip, run],
};

// The only way to write an expectation: WINGMAN_ACCEPT=1, and then read the difference.
const accept = process.env["WINGMAN_ACCEPT"] === "1";
const root = fileURLToPath(new URL("../src/rules/", import.meta.url));

for (const [family, rules] of Object.entries(FAMILIES)) {
  const folders = await caseFolders(join(root, family, "cases"));
  describe(family, () => {
    it.each(folders.map((folder) => [basename(folder), folder] as const))(
      "%s",
      async (_, folder) => {
        const change = await changeOfCase(folder);
        const { findings } = await judgeChange(change, rules);
        const found = findingLines(findings);
        expect(found).toBe(await expectationOf(folder, found, accept));
        for (const finding of findings) {
          expect(rules.flatMap((rule) => rule.codes)).toContain(finding.code);
          expect(finding.help, `${finding.code} teaches`).toBeTruthy();
          expect(finding.message).not.toMatch(/[\u0000-\u001f]/);
        }
      },
    );
  });
}
