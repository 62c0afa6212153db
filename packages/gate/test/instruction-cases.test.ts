/**
 * Instructions as people and programs write them: honest ones pass, whatever their style; subtly bad
 * ones are refused for what is wrong with them and nothing else. The files stand beside the parser.
 */
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import type { Change } from "@wingman/model";
import { builtInPolicy, differences, emptyLedger, emptyTree, treeOf } from "@wingman/model";
import { caseFolders, expandPlaceholders, expectationOf, findingLines } from "@wingman/testkit";
import { expect, it } from "vitest";
import { judgeChange } from "../src/gate.ts";
import { forbidden } from "../src/rules/forbidden.ts";
import { points } from "../src/rules/points.ts";
import { secrets } from "../src/rules/secrets.ts";

const root = fileURLToPath(new URL("../../model/test/instruction-cases", import.meta.url));
// The only way to write an expectation: WINGMAN_ACCEPT=1, and then read the difference.
const accept = process.env["WINGMAN_ACCEPT"] === "1";

it.each((await caseFolders(root)).map((folder) => [basename(folder), folder] as const))(
  "%s",
  async (name, folder) => {
    const { findings } = await judgeChange(await bringing(folder), [points, forbidden, secrets]);
    const found = findingLines(findings);
    expect(found).toBe(await expectationOf(folder, found, accept));
    const blocked = findings.some((one) => one.severity === "block");
    expect(blocked).toBe(name.startsWith("bad."));
  },
);

/** A push that brings one instruction: its tip holds it, its one commit brought it. */
async function bringing(folder: string): Promise<Change> {
  const file = readdirSync(folder).find((name) => name.startsWith("INS-")) ?? "";
  const text = expandPlaceholders(readFileSync(`${folder}/${file}`, "utf8"));
  const after = treeOf({ [`.wingman/instructions/${file}`]: text });
  return {
    scope: "tip",
    trusted: {
      commit: "1".repeat(40),
      tree: emptyTree,
      policy: { ...builtInPolicy, commands: { unit: { run: ["node", "--test"] } } },
      policyDigest: "sha256:",
      established: true,
      signers: [],
      policyBranch: "main",
    },
    ledger: emptyLedger,
    ref: undefined,
    governed: false,
    before: emptyTree,
    after,
    parents: [emptyTree],
    own: await differences(emptyTree, after),
    commit: "2".repeat(40),
    message: "Bring an instruction",
    signature: undefined,
    identity: { kind: "person", name: "dana", proven: true, proof: "pusher", anyProof: true },
    // At a tip the rule about secrets leaves blobs to their commits; the text is judged as one here.
    texts: [{ name: file, bytes: Buffer.from(text) }],
    runs: [],
    known: new Set(["message", "signature", "pusher"]),
    now: new Date("2026-11-22T09:00:00.000Z"),
    local: false,
    published: [],
  };
}
