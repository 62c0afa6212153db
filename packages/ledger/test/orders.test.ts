import type { AllowedSigner, Identity, Order, Policy } from "@wingman/model";
import {
  builtInPolicy,
  generateSshKey,
  parseAllowedSigners,
  signedBytesOfOrder,
  signSsh,
} from "@wingman/model";
import { describe, expect, it } from "vitest";
import type { Draft, OrderContext } from "../src/index.ts";
import { foldState, judgeOrder } from "../src/index.ts";
import { genesis, lie, verdict } from "./ledgers.ts";

const MARK = "mark@acme.example";
const ALICE = "claude-code/alice";
const RUN = `${ALICE}/20261122-090001-k3f9`;
const mark = generateSshKey("mark");
const bot = generateSshKey("alice");
const policy: Policy = {
  ...builtInPolicy,
  origin: "acme/shop",
  administrators: [MARK],
  workers: { [ALICE]: { principals: ["alice-bot@acme.example"], logins: ["alice-bot"] } },
};
const signersOf = (text: string): readonly AllowedSigner[] => {
  const parsed = parseAllowedSigners(Buffer.from(text));
  if (!parsed.ok) throw new Error("signers");
  return parsed.value;
};
const signers = signersOf(`${MARK} ${mark.publicLine}\nalice-bot@acme.example ${bot.publicLine}\n`);
const stateAfter = (...drafts: Draft[]) =>
  foldState(
    drafts.map((draft, seq) => ({
      ...draft,
      v: 1 as const,
      seq,
      prev: null,
      ts: "2026-11-22T09:00:00.000Z",
    })),
  );
const state = stateAfter(genesis(), lie());
const context: OrderContext = { policy, signers, state, now: new Date("2026-11-22T10:00:00.000Z") };
const unlock: Order = {
  v: 1,
  origin: "acme/shop",
  action: "unlock",
  subject: ALICE,
  reason: "typo",
  nonce: "7f".repeat(8),
  covers: 2,
  by: MARK,
};
const signed = (order: Order, key = mark, namespace = "wingman-order"): Order => ({
  ...order,
  signature: signSsh({ key, message: signedBytesOfOrder(order), namespace }),
});
const identity = (about: Partial<Identity>): Identity => ({
  kind: "administrator",
  name: MARK,
  proven: true,
  proof: "pusher",
  anyProof: true,
  ...about,
});
const why = (order: Order, about: Partial<OrderContext> = {}) => {
  const judged = judgeOrder(order, { ...context, ...about });
  return judged.ok ? "ok" : judged.why;
};

describe("judgeOrder", () => {
  it("takes a signed order, whoever brings it", () => {
    const judged = judgeOrder(signed(unlock), {
      ...context,
      identity: identity({ kind: "worker", name: ALICE }),
    });
    expect(judged).toEqual({
      ok: true,
      draft: {
        kind: "order",
        action: "unlock",
        subject: ALICE,
        by: MARK,
        reason: "typo",
        nonce: unlock.nonce,
        covers: 2,
        proof: "signature",
      },
    });
  });
  it("takes a false-positive of a line that was carried to where it is STALE since", () => {
    const stale = verdict({ verdict: "UNVERIFIABLE", reason: "STALE", commit: "d".repeat(40) });
    const order = { ...unlock, action: "false-positive", subject: `${RUN}#1` } as const;
    expect(why(signed(order), { state: stateAfter(genesis(), lie(), stale) })).toBe("ok");
    expect(why(signed(order), { state: stateAfter(genesis(), stale) })).toContain("no FALSE");
  });
  it("takes an administrator's own push, and the console", () => {
    expect(judgeOrder(unlock, { ...context, identity: identity({}) })).toMatchObject({
      ok: true,
      draft: { proof: "pusher" },
    });
    expect(judgeOrder(unlock, { ...context, console: true })).toMatchObject({
      ok: true,
      draft: { proof: "console" },
    });
  });
  it("refuses without proof", () => {
    expect(why(unlock)).toContain("not signed");
    expect(why(unlock, { identity: identity({ kind: "worker", name: ALICE }) })).toContain(
      "not signed",
    );
    expect(why(unlock, { identity: identity({ kind: "person" }) })).toContain("not signed");
    expect(why(unlock, { identity: identity({ proven: false, proof: "none" }) })).toContain(
      "not signed",
    );
  });
  it("refuses a signature that does not hold, even from an administrator's push", () => {
    const admin = { identity: identity({}) };
    expect(why(signed(unlock, bot), admin)).toContain("not by");
    expect(why(signed(unlock, generateSshKey("x")), admin)).toContain("signature");
    expect(why(signed(unlock, mark, "git"), admin)).toContain("signature");
    for (const change of [
      { subject: "codex/bob" },
      { covers: 1 },
      { nonce: "00".repeat(8) },
      { reason: "else" },
      { action: "ack" as const },
    ])
      expect(why({ ...signed(unlock), ...change }, admin), JSON.stringify(change)).not.toBe("ok");
  });
  it("refuses a pattern in the signers file as an administrator's name", () => {
    expect(
      why(signed(unlock, bot), { signers: signersOf(`*@acme.example ${bot.publicLine}`) }),
    ).toContain("pattern");
  });
  it("refuses a key that is not valid at the time of receipt", () => {
    expect(
      why(signed(unlock), {
        signers: signersOf(`${MARK} valid-before="20261122Z" ${mark.publicLine}`),
      }),
    ).toContain("signature");
  });
  it("refuses what is twice, elsewhere, ended, unseen, by nobody or about nothing", () => {
    expect(why(signed(unlock), { state: { ...state, orders: new Set([unlock.nonce]) } })).toContain(
      "already",
    );
    expect(why(signed({ ...unlock, origin: "acme/fork" }))).toContain("acme/fork");
    expect(why(signed({ ...unlock, until: "2026-11-22T09:59:59.000Z" }))).toContain("ended");
    expect(why(signed({ ...unlock, covers: 3 }))).toContain("3 records");
    expect(why(signed({ ...unlock, by: "dana@acme.example" }))).toContain("no administrator");
    expect(why(signed({ ...unlock, subject: "codex/bob" }))).toContain("not locked");
    expect(why(signed({ ...unlock, action: "lock", subject: "codex/bob" }))).toContain("no worker");
    expect(why(signed({ ...unlock, action: "ack", subject: "x@INS-1" }))).toContain("no incident");
    expect(why(signed({ ...unlock, action: "false-positive", subject: "x" }))).toContain(
      "no FALSE",
    );
  });
  it("knows every kind of subject", () => {
    const run = `${ALICE}/20261122-090001-k3f9`;
    for (const [action, subject] of [
      ["lock", ALICE],
      ["ack", `${ALICE}@INS-0007`],
      ["false-positive", run],
      ["false-positive", `${run}#1`],
      ["dispute", `${run}#1`],
      ["withdraw", "INS-0007"],
    ] as const)
      expect(why(signed({ ...unlock, action, subject })), action).toBe("ok");
  });
});
