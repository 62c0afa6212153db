/**
 * Every file in schemas/examples: the good ones are read, each bad one fails with exactly the codes
 * and lines that its `.expect` file names. A bad example without one fails.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parseApproval } from "../src/approval.ts";
import { parseBaseline } from "../src/baseline.ts";
import { parseClaimsFile } from "../src/claims-file.ts";
import { instruction, ledgerRecord } from "../src/generated/validators.mjs";
import { parseInstruction } from "../src/instruction-file.ts";
import { oneLine } from "../src/located.ts";
import { parseOrder } from "../src/order.ts";
import { parsePolicy } from "../src/policy-file.ts";
import type { Problem } from "../src/problem.ts";
import { checkSchema } from "../src/schema-check.ts";
import { parseYaml } from "../src/yaml.ts";

const folder = fileURLToPath(new URL("../../../schemas/examples/", import.meta.url));
const CLAIMS = ".wingman/claims/claude-code/alice/20261122-090001-k3f9.jsonl";

type Reader = (bytes: Buffer, name: string) => readonly Problem[];
const problems = (parsed: { ok: true } | { ok: false; problems: readonly Problem[] }) =>
  parsed.ok ? [] : parsed.problems;

const READERS: Readonly<Record<string, Reader>> = {
  policy: (bytes) => problems(parsePolicy(bytes)),
  claims: (bytes) => problems(parseClaimsFile(CLAIMS, bytes)),
  approval: (bytes) => problems(parseApproval(".wingman/approvals/INS-0007.yaml", bytes)),
  order: (bytes) => {
    const nonce = /^nonce: (\S+)$/m.exec(bytes.toString("utf8"))?.[1] ?? "none";
    return problems(parseOrder(`.wingman/orders/${nonce}.yaml`, bytes));
  },
  baseline: (bytes) => problems(parseBaseline(bytes)),
  instruction: (bytes, name) => {
    const text = bytes.toString("utf8");
    const front = name.endsWith(".md") ? text.split("---\n")[1] : text;
    const lineOffset = name.endsWith(".md") ? 1 : 0;
    const doc = parseYaml(front ?? "", { what: "the instruction", lineOffset });
    return doc.ok ? checkSchema(doc.value, instruction, "the instruction") : doc.problems;
  },
  "ledger-record": (bytes) =>
    bytes
      .toString("utf8")
      .trimEnd()
      .split("\n")
      .flatMap((line, index) =>
        checkSchema(oneLine(JSON.parse(line), index + 1), ledgerRecord, "the record"),
      ),
};

function read(kind: "good" | "bad", name: string): readonly Problem[] {
  const reader = READERS[name.split(".")[0] ?? ""];
  if (reader === undefined) throw new Error(`no reader for ${name}`);
  return reader(readFileSync(`${folder}${kind}/${name}`), name);
}

const names = (kind: "good" | "bad") =>
  readdirSync(folder + kind).filter((name) => !name.endsWith(".expect"));

describe("good examples", () => {
  for (const name of names("good")) test(name, () => expect(read("good", name)).toEqual([]));

  test("each kind has one", () => {
    const kinds = new Set(names("good").map((name) => name.split(".")[0]));
    expect([...kinds].sort()).toEqual(Object.keys(READERS).sort());
  });
});

/**
 * What the schema refuses and the reader lets through: a point that is missing (in Markdown it may
 * stand as a heading), and a worker's name that no policy can register.
 */
const NOT_THE_READERS = ["instruction.missing-point.md"];

describe("the schema for editors and the reader of instructions agree", () => {
  const path = (name: string) =>
    `.wingman/instructions/INS-0007${name.slice(name.lastIndexOf("."))}`;
  for (const kind of ["good", "bad"] as const) {
    for (const name of names(kind).filter((one) => one.startsWith("instruction."))) {
      if (NOT_THE_READERS.includes(name)) continue;
      test(name, () => {
        const parsed = parseInstruction(path(name), readFileSync(`${folder}${kind}/${name}`));
        expect(problems(parsed).length > 0).toBe(kind === "bad");
      });
    }
  }
});

describe("bad examples", () => {
  for (const name of names("bad")) {
    test(name, () => {
      const file = `${folder}bad/${name}.expect`;
      if (!existsSync(file)) throw new Error(`${name} has no expectation: write ${name}.expect`);
      const expected = readFileSync(file, "utf8").trim().split("\n");
      expect(expected[0]).toMatch(/^[a-z]+\/[a-z-]+ \d+$/);
      const found = read("bad", name);
      expect(found.map((one) => `${one.code} ${one.line}`).sort()).toEqual(expected.sort());
      for (const one of found) expect(one.column).toBeGreaterThan(0);
    });
  }

  test("no expectation without its example", () => {
    const all = readdirSync(`${folder}bad`);
    const lonely = all.filter(
      (name) => name.endsWith(".expect") && !all.includes(name.slice(0, -7)),
    );
    expect(lonely).toEqual([]);
  });
});
