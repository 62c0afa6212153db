/** The policy's reader, its messages, and the trusted side that is made of it. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isFault } from "../src/fault.ts";
import { builtInPolicy } from "../src/policy.ts";
import { parsePolicy } from "../src/policy-file.ts";
import type { FileLiteral } from "../src/tree.ts";
import { treeOf } from "../src/tree.ts";
import { readTrusted } from "../src/trusted-side.ts";

const full = readFileSync(
  new URL("../../../schemas/examples/good/policy.full.yaml", import.meta.url),
);
const least = "v: 1\nrevision: 1\norigin: acme/shop\nadministrators: [mark@acme.example]\n";

function problemOf(text: string) {
  const parsed = parsePolicy(Buffer.from(text));
  if (parsed.ok) throw new Error("was read");
  return parsed.problems[0];
}

describe("parsePolicy", () => {
  test("fills every default in", () => {
    const parsed = parsePolicy(Buffer.from(least));
    const expected = {
      ...builtInPolicy,
      revision: 1,
      origin: "acme/shop",
      administrators: ["mark@acme.example"],
    };
    expect(parsed.ok && parsed.value.policy).toEqual(expected);
  });

  test("the full example", () => {
    const parsed = parsePolicy(full);
    if (!parsed.ok) throw new Error("not read");
    const { policy } = parsed.value;
    expect(policy.workers["claude-code/alice"]).toEqual({
      principals: ["alice-bot@acme.example"],
      logins: ["alice-bot"],
    });
    expect(policy.bots["dependabot"]?.principals).toEqual([]);
    expect(policy.commands["unit"]?.run).toEqual(["node", "--test"]);
    expect(policy.notify?.telegram?.chat).toBe("${WINGMAN_TELEGRAM_CHAT}");
  });

  test("a partial section keeps the other defaults", () => {
    const parsed = parsePolicy(
      Buffer.from(`${least}audit: {unclaimed: block}\napprovals: {expires: 7d}\n`),
    );
    if (!parsed.ok) throw new Error("not read");
    expect(parsed.value.policy.audit).toEqual({
      unverifiable: "warn",
      unclaimed: "block",
      attempts: 3,
      window: "10m",
      hosts: [],
    });
    expect(parsed.value.policy.approvals).toEqual({ ...builtInPolicy.approvals, expires: "7d" });
  });

  test("names that every object has are found nowhere", () => {
    const parsed = parsePolicy(full);
    if (!parsed.ok) throw new Error("not read");
    const { commands, bots, workers, companions } = parsed.value.policy;
    for (const table of [commands, bots, workers, companions]) {
      for (const name of ["constructor", "toString", "__proto__"])
        expect(table[name]).toBe(undefined);
    }
  });

  test("says what was meant and what would pass", () => {
    expect(problemOf(least.replace("revision", "revison"))).toEqual({
      code: "format/missing-key",
      message: 'the policy lacks the key "revision"',
      line: 1,
      column: 1,
      help: "add revision: 1 (Version of the content; grows with every change)",
    });
    expect(problemOf(`${least}goverend: [main]\n`)).toMatchObject({
      code: "format/unknown-key",
      line: 5,
      column: 1,
      help: expect.stringMatching(
        /^did you mean "governed"\? known keys: v, revision, origin, governed, /,
      ),
    });
    expect(problemOf(`${least}mode: enforced\n`)).toMatchObject({
      message: '"mode" of the policy must be enforce or warn',
      line: 5,
      column: 7,
      help: 'did you mean "enforce"?',
    });
    expect(problemOf(`${least}notify: {telegram: {chat: -100123}}\n`)).toMatchObject({
      message: '"notify.telegram.chat" of the policy must be text, not a whole number',
      line: 5,
      help: "put the value in quotes",
    });
  });

  test("never shows a value: it may be a secret", () => {
    const secret = ["gh", "p_", "x".repeat(36)].join("");
    for (const key of [
      "mode",
      "revision",
      "people",
      "audit",
      "origin",
      "protect",
      "workers",
      "v",
    ]) {
      const text = `${least.replace(new RegExp(`^${key}:.*\n`, "m"), "")}${key}: "${secret}!"\n`;
      expect(JSON.stringify(problemOf(text))).not.toContain(secret);
    }
  });

  test("no text makes it throw", () => {
    const keys = Object.keys(builtInPolicy);
    const value = fc.constantFrom(
      "1",
      "[]",
      "{}",
      "[a, b]",
      "{a: {}}",
      "x",
      "null",
      "{a: [1]}",
      '"*"',
      "-1",
      "[[]]",
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...keys), value), { maxLength: 6 }), (rows) => {
        parsePolicy(Buffer.from(rows.map(([key, one]) => `${key}: ${one}\n`).join("")));
      }),
      { numRuns: 1_000 },
    );
  });

  test("many wrong keys are not all shown", () => {
    const rows = Array.from({ length: 5_000 }, (_, at) => `key${at}: 1\n`).join("");
    const parsed = parsePolicy(Buffer.from(least + rows));
    expect(parsed.ok ? 0 : parsed.problems.length).toBe(50);
  });
});

describe("readTrusted", () => {
  const read = (files: Readonly<Record<string, FileLiteral>>) =>
    readTrusted({ tree: treeOf(files), commit: "1".repeat(40), policyBranch: "main" });
  const faultOf = async (files: Readonly<Record<string, FileLiteral>>) => {
    try {
      await read(files);
    } catch (error) {
      if (isFault(error)) return { code: error.code, message: error.message, hint: error.hint };
    }
    return undefined;
  };

  test("no policy: the built-in one judges", async () => {
    expect(await read({ "a.txt": "x" })).toMatchObject({
      policy: builtInPolicy,
      policyDigest: "",
      established: false,
    });
  });

  test("a policy and no signers", async () => {
    const trusted = await read({ ".wingman/policy.yaml": full });
    expect(trusted).toMatchObject({ established: true, signers: [], policyBranch: "main" });
    expect(trusted.policyDigest).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  test("an unreadable one is a fault with its place", async () => {
    expect(await faultOf({ ".wingman/policy.yaml": `${least}mod: warn\n` })).toEqual({
      code: "policy/unreadable",
      message:
        'the trusted side cannot be read: .wingman/policy.yaml:5:1: the policy has an unknown key "mod"',
      hint: expect.stringContaining("an administrator must repair .wingman/policy.yaml"),
    });
  });

  test("a link, a submodule, a folder or a giant in its place is a fault, never no policy", async () => {
    const places: FileLiteral[] = [
      { mode: "120000", content: "../policy.yaml" },
      { mode: "160000", content: "" },
      Buffer.alloc(2_000_000, 35),
    ];
    for (const place of places) {
      expect((await faultOf({ ".wingman/policy.yaml": place }))?.code).toBe("policy/unreadable");
    }
    expect((await faultOf({ ".wingman/policy.yaml/x": "y" }))?.code).toBe("policy/unreadable");
  });

  test("unreadable signers are a fault", async () => {
    const files = {
      ".wingman/policy.yaml": full,
      ".wingman/allowed_signers": "mark@acme.example ssh-ed25519 nonsense\n",
    };
    expect((await faultOf(files))?.message).toContain(".wingman/allowed_signers:1:");
  });
});
