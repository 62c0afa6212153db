/** What a push may cost is shared among its runs, whoever comes first. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Budget, newBudget, purseOf } from "../src/budget.ts";
import { auditRun } from "../src/index.ts";
import { context, runOf } from "./run-literal.ts";

const KINDS = ["bytes", "steps", "parsed", "parsingMs"] as const;

describe("a push's budget", () => {
  it("never gives out more than there is, and never less than an equal share of what is left", () => {
    const spent = fc.record({
      bytes: fc.double({ min: 0, max: 1, noNaN: true }),
      steps: fc.double({ min: 0, max: 1, noNaN: true }),
      parsed: fc.double({ min: 0, max: 1, noNaN: true }),
      // A parser may run a little over what was left.
      parsingMs: fc.double({ min: 0, max: 1.5, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(spent, { minLength: 1, maxLength: 300 }), (runs) => {
        const purse = purseOf(runs.length);
        const whole = newBudget("push");
        const total: Budget = { bytes: 0, steps: 0, parsed: 0, parsingMs: 0 };
        for (const share of runs) {
          const mine = purse.take();
          for (const what of KINDS) {
            expect(mine[what]).toBeGreaterThanOrEqual(Math.floor(whole[what] / runs.length) - 1);
            const cost = Math.floor(mine[what] * Math.min(1, share[what]));
            total[what] += cost;
            mine[what] -= what === "parsingMs" ? mine[what] * share[what] : cost;
          }
          purse.giveBack(mine);
        }
        for (const what of KINDS) expect(total[what]).toBeLessThanOrEqual(whole[what]);
      }),
      { numRuns: 50 },
    );
  });

  it("is not spent twice: a flood of runs that parse all they can, and an honest one at the end", async () => {
    const large = `{"a": "${"x".repeat(1 << 20)}"}\n`;
    const files = Object.fromEntries(
      Array.from({ length: 12 }, (_, at) => [`${at}.json`, large.replace("a", `a${at}`)]),
    );
    const look = (path: string) => ({
      type: "data.path",
      args: { path, pointer: "/a", op: "exists" },
    });
    const greedy = await runOf({ end: files, claims: Object.keys(files).map(look) });
    const honest = await runOf({ end: { "h.json": '{"a": 1}' }, claims: [look("h.json")] });
    const purse = purseOf(9);
    let parsed = 0;
    const answers: string[] = [];
    for (const run of [...Array.from({ length: 8 }, () => greedy), honest]) {
      const budget = purse.take();
      const { verdicts, left } = await auditRun(run, context({ budget }));
      parsed += budget.parsed - left.parsed;
      purse.giveBack(left);
      answers.push(
        verdicts.filter(({ reason }) => reason === "BUDGET").length === 0 ? "whole" : "",
      );
      if (run === honest) expect(verdicts[0]?.verdict).toBe("TRUE");
    }
    expect(parsed).toBeLessThanOrEqual(newBudget("push").parsed);
    expect(answers.filter((one) => one === "whole").length).toBeLessThan(9);
  });
});

describe("diff.claimed", () => {
  it("judges no claim twice, wherever it stands, and changes no other verdict", async () => {
    const files = { "a.txt": "a\n".repeat(500), "b.txt": "b\n".repeat(900), "c.txt": "c\n" };
    const claims = [...Object.keys(files), "b.txt", "none.txt"].map((path) => ({
      type: "file.contains",
      args: { path, literal: path.slice(0, 1) },
    }));
    const malformed = { type: "file.contains", args: { path: "c.txt" } };
    const least = await auditRun(await runOf({ end: files, claims }), context());
    for (let at = 0; at <= claims.length; at += 1) {
      const all = [...claims.slice(0, at), { type: "diff.claimed", args: {} }, ...claims.slice(at)];
      const { verdicts, left } = await auditRun(
        await runOf({ end: files, claims: all }),
        context(),
      );
      expect(verdicts[at]?.verdict).toBe("TRUE");
      const others = verdicts.filter((_, index) => index !== at);
      expect(others.map((one) => [one.observed, one.evidence])).toEqual(
        least.verdicts.map((one) => [one.observed, one.evidence]),
      );
      expect(left.bytes).toBe(least.left.bytes);
    }
    // What says nothing covers nothing, before its turn as after it.
    for (const order of [0, 1]) {
      const two = [malformed, { type: "diff.claimed", args: {} }];
      const run = await runOf({ end: { "c.txt": "c" }, claims: order === 0 ? two : two.reverse() });
      const { verdicts } = await auditRun(run, context());
      expect(verdicts.find(({ claim }) => claim.type === "diff.claimed")?.verdict).not.toBe("TRUE");
    }
  });
});
