import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Approval, Change } from "@wingman/model";
import {
  APPROVAL_NAMESPACE,
  digestOf,
  generateSshKey,
  parseAllowedSigners,
  serializeApproval,
  signedBytesOfApproval,
  signSsh,
  treeOf,
} from "@wingman/model";
import { changeOfCase, instructionText, writeCase } from "@wingman/testkit";
import { describe, expect, it } from "vitest";
import { judgeChange } from "../src/gate.ts";
import { claims } from "../src/rules/claims.ts";
import { run } from "../src/rules/run.ts";

const RUN = "claude-code/alice/20261122-090001-k3f9";
const CLAIMS = `.wingman/claims/${RUN}.jsonl`;
const risky = {
  risk_assessment: { level: "high", why: "A wrong expiry rejects 7 days of logins" },
};

async function made(files: Record<string, string>, text: object): Promise<Change> {
  const folder = await mkdtemp(join(tmpdir(), "wingman-case-"));
  await writeCase(folder, { ...files, "case.json": JSON.stringify(text) });
  return changeOfCase(folder);
}

describe("approvals", () => {
  const mark = generateSshKey("mark");
  const dana = generateSshKey("dana");
  const kim = generateSshKey("kim");
  const kims = `kim@acme.example ${kim.publicLine}\n`;
  const lines = `mark@acme.example ${mark.publicLine}\ndana@acme.example ${dana.publicLine}\n`;
  const good = {
    v: 1 as const,
    instruction: "INS-0007",
    digest: digestOf(instructionText(risky)),
    environment: "test" as const,
    reason: "Read; an overlap of 7 days is enough",
    expires: "2026-12-22T00:00:00.000Z",
    by: "mark@acme.example",
  };

  /** Codes and messages for a run on a risky instruction with this approval on the trusted side. */
  async function judged(
    over: Partial<Approval>,
    {
      key = mark,
      origin = "acme/shop",
      namespace = APPROVAL_NAMESPACE,
      now = undefined as string | undefined,
      authors = undefined as readonly string[] | undefined,
      administrators = ["mark@acme.example", "kim@acme.example"],
      signersText = lines,
    } = {},
  ): Promise<string[]> {
    const change = await made(
      { [`after/${CLAIMS}`]: '{"kind":"open"}\n', "after/src/keys/a.mjs": "x\n" },
      {
        identity: { kind: "worker", name: "claude-code/alice", run: RUN },
        message: `Work\n\nWingman-Run: ${RUN}\n`,
        instructions: [risky],
        ...(now === undefined ? {} : { now }),
      },
    );
    const approval = { ...good, ...over };
    const message = signedBytesOfApproval(approval, origin);
    const signature = over.signature ?? signSsh({ key, message, namespace });
    const signers = parseAllowedSigners(Buffer.from(signersText));
    if (!signers.ok) throw new Error("signers");
    const tree = treeOf({
      ".wingman/instructions/INS-0007.md": instructionText(risky),
      ".wingman/approvals/INS-0007.yaml": serializeApproval({ ...approval, signature }),
    });
    const policy = { ...change.trusted.policy, administrators };
    const trusted = { ...change.trusted, tree, policy, signers: signers.value };
    const authorsOf = async () => (authors === undefined ? undefined : new Set(authors));
    const { findings } = await judgeChange({ ...change, trusted, authorsOf }, [run]);
    return findings.map((one) => `${one.code}: ${one.message.replace(/^.*approval: /, "")}`);
  }

  it("a good one lets the run work", async () => {
    expect(await judged({})).toEqual([]);
    expect(await judged({}, { authors: ["dana@acme.example"] })).toEqual([]);
    // Thirty days by a clock that runs some hours ahead of the server's.
    expect(await judged({ expires: "2026-12-22T20:00:00.000Z" })).toEqual([]);
  });

  it("the author's own holds only where no other administrator could", async () => {
    const own = { authors: ["mark@acme.example"] };
    const both = { ...own, signersText: `${lines}${kims}` };
    expect((await judged({}, both)).join()).toMatch(/wrote the instruction, and another/);
    expect(await judged({}, { ...both, administrators: ["mark@acme.example"] })).toEqual([]);
    // Somebody without a key could not: a login, or the same man's second name.
    expect(await judged({}, own)).toEqual([]);
    const again = `${lines}kim@acme.example ${mark.publicLine}\n`;
    expect(await judged({}, { ...own, signersText: again })).toEqual([]);
    const commits = kims.replace(" ssh", ' namespaces="git" ssh');
    expect(await judged({}, { ...own, signersText: `${lines}${commits}` })).toEqual([]);
  });

  it.each([
    ["expired", {}, { now: "2026-12-22T00:00:00.000Z" }, /expired/],
    ["of an edited instruction", { digest: `sha256:${"0".repeat(64)}` }, {}, /edited/],
    ["for another environment", { environment: "dev" as const }, {}, /is for dev/],
    ["of a fork", {}, { origin: "evil/shop" }, /does not hold/],
    [
      "by a person who is no administrator",
      { by: "dana@acme.example" },
      { key: dana },
      /administrator/,
    ],
    ["in an administrator's name by another", {}, { key: dana }, /administrator/],
    ["in somebody else's name", { by: "eve@acme.example" }, {}, /did not sign/],
    ["by an unlisted key", {}, { key: generateSshKey("eve") }, /does not hold/],
    [
      "longer than the policy lets one last",
      { expires: "2027-11-22T00:00:00.000Z" },
      {},
      /longer than approvals.expires \(30d\)/,
    ],
    [
      "by a key that is a worker's too",
      {},
      { signersText: `mark@acme.example,alice-bot@acme.example ${mark.publicLine}\n` },
      /the worker's claude-code\/alice too/,
    ],
    [
      "by a key that stands in a line of the worker's",
      {},
      { signersText: `${lines}alice-bot@acme.example ${mark.publicLine}\n` },
      /the worker's claude-code\/alice too/,
    ],
    [
      "by a key under a pattern",
      {},
      { signersText: `*@acme.example ${mark.publicLine}\n` },
      /not signed by an administrator/,
    ],
    [
      "by a key that is no longer valid",
      {},
      {
        signersText: lines.replace(
          "mark@acme.example",
          'mark@acme.example valid-before="20261101Z"',
        ),
      },
      /not valid now/,
    ],
    [
      "by a key for commits alone",
      {},
      { signersText: lines.replace("mark@acme.example", 'mark@acme.example namespaces="git"') },
      /not listed for/,
    ],
    ["signed for another purpose", {}, { namespace: "git" }, /does not hold/],
  ])("one that is %s does not", async (_name, over, how, why) => {
    const found = await judged(over, how);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^run\/approval: /);
    expect(found[0]).toMatch(why);
  });
});

describe("a person sets a claims file back", () => {
  const open = '{"kind":"open"}\n';
  const more = `${open}{"kind":"claim","type":"file.exists","args":{"path":"a"}}\n`;

  async function codes(former: "same" | "other"): Promise<string[]> {
    const change = await made({ [`before/${CLAIMS}`]: open, [`after/${CLAIMS}`]: more }, {});
    const oid = (await change.after.entry(CLAIMS))?.oid ?? "";
    const formerBlobs = async () => new Set([former === "same" ? oid : "1".repeat(40)]);
    const { findings } = await judgeChange({ ...change, formerBlobs }, [claims]);
    return findings.map((one) => one.code);
  }

  it("to its bytes at any ancestor: the revert of a revert", async () => {
    expect(await codes("same")).toEqual([]);
    expect(await codes("other")).toEqual(["claims/person"]);
  });
});
