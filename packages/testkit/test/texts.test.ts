/** The good texts are good: stories that break one thing must know that nothing else is broken. */
import { POINTS, parseInstruction, parsePolicy, substanceProblems } from "@wingman/model";
import { expect, test } from "vitest";
import { instructionText, policyText } from "../src/index.ts";

test("the policy is read without a problem", () => {
  const parsed = parsePolicy(Buffer.from(policyText()));
  expect(parsed).toMatchObject({
    ok: true,
    value: { policy: { origin: "acme/shop", revision: 1 } },
  });
  expect(parsePolicy(Buffer.from(policyText({ administrators: undefined }))).ok).toBe(false);
});

test("the instruction has all ten points with substance, and an override takes one away", () => {
  const read = (text: string) =>
    parseInstruction(".wingman/instructions/INS-0007.md", Buffer.from(text));
  const good = read(instructionText());
  if (!good.ok) throw new Error(JSON.stringify(good.problems));
  expect(Object.keys(good.value.points).sort()).toEqual([...POINTS].sort());
  expect(substanceProblems(good.value)).toEqual([]);
  const without = read(instructionText({ mitigation: undefined }));
  expect(without.ok && without.value.points.mitigation).toBeUndefined();
});
