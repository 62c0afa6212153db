/** Who acts, after signer, pusher and trailer were weighed (TRUST.md §1). */
import { describe, expect, test } from "vitest";
import { builtInPolicy, identify, type Origin, type Policy } from "../src/index.ts";

const policy: Policy = {
  ...builtInPolicy,
  administrators: ["mark@a.example", "mark"],
  people: ["dana@a.example", "both@a.example", "dana"],
  workers: {
    "claude-code/alice": {
      principals: ["alice@a.example", "both@a.example"],
      logins: ["alice-bot"],
    },
    "codex/carol": { principals: ["carol@a.example"], logins: ["carol-bot"] },
  },
  bots: { dependabot: { logins: ["dependabot[bot]"], principals: [], paths: ["**/package.json"] } },
};

const signed = (...principals: string[]): Origin["signature"] => ({
  state: "good",
  principals,
  fingerprint: "SHA256:x",
});
const none: Origin["signature"] = { state: "absent" };
const run = { worker: "claude-code/alice", run: "20261122-090001-k3f9" };

const who = (origin: Partial<Origin>): string => {
  const found = identify(policy, { signature: none, ...origin });
  return `${found.kind} ${found.name} ${found.proven ? found.proof : "unproven"}`.trim();
};

describe("signer and pusher: the lesser of the two", () => {
  test.each([
    ["nobody", {}, "unattributed  unproven"],
    [
      "a signer alone",
      { signature: signed("mark@a.example") },
      "administrator mark@a.example signature",
    ],
    ["a pusher alone", { pusher: "dana" }, "person dana pusher"],
    [
      "an administrator's commit that a person pushes",
      { signature: signed("mark@a.example"), pusher: "dana" },
      "person dana pusher",
    ],
    [
      "a person's commit that a worker pushes",
      { signature: signed("dana@a.example"), pusher: "alice-bot" },
      "worker claude-code/alice pusher",
    ],
    [
      "a worker's commit that an administrator pushes",
      { signature: signed("alice@a.example"), pusher: "mark" },
      "worker claude-code/alice signature",
    ],
    ["a bot", { pusher: "dependabot[bot]" }, "bot dependabot pusher"],
    [
      "a key that nobody lists is no proof",
      { signature: { state: "unknown", why: "x" } },
      "unattributed  unproven",
    ],
    [
      "a broken signature is no proof",
      { signature: { state: "bad", why: "x" }, pusher: "dana" },
      "person dana pusher",
    ],
    ["a login that the policy does not name", { pusher: "eve" }, "unattributed  unproven"],
  ] as const)("%s", (_, origin, expected) => {
    expect(who(origin)).toBe(expected);
  });
});

describe("a trailer only lowers", () => {
  test.each([
    ["a person", { pusher: "dana", run }, "worker claude-code/alice unproven"],
    [
      "an administrator",
      { signature: signed("mark@a.example"), run },
      "worker claude-code/alice unproven",
    ],
    ["nobody", { run }, "worker claude-code/alice unproven"],
    ["the worker itself", { pusher: "alice-bot", run }, "worker claude-code/alice pusher"],
    [
      "another worker stays who the proof says",
      { pusher: "carol-bot", run },
      "worker codex/carol pusher",
    ],
    [
      "a key of both: with the trailer the worker's",
      { signature: signed("both@a.example"), run },
      "worker claude-code/alice signature",
    ],
    [
      "a key of both: without it the person's",
      { signature: signed("both@a.example") },
      "person both@a.example signature",
    ],
  ] as const)("%s", (_, origin, expected) => {
    expect(who(origin)).toBe(expected);
  });
});

describe("another spelling of a login may lower rights, never raise them", () => {
  test.each([
    ["Alice-Bot", "worker claude-code/alice pusher"],
    ["MARK", "unattributed  unproven"],
    ["Dana", "unattributed  unproven"],
  ])("%s", (pusher, expected) => {
    expect(who({ pusher })).toBe(expected);
  });

  test("where everybody who is named is a person, a worker's login in capitals is still the worker's", () => {
    const open = { ...policy, people: [] };
    expect(identify(open, { signature: none, pusher: "ALICE-BOT" }).kind).toBe("worker");
    expect(identify(open, { signature: none, pusher: "eve" }).kind).toBe("person");
  });
});

/**
 * Every signer beside every pusher, without a trailer and with alice's: what stands in a cell acts.
 * A administrator, P person, B bot, W alice (worker), V carol (another worker), - nobody proven;
 * lower case: the trailer's worker, whom nothing proves.
 */
describe("the lesser of signer and pusher, in all combinations", () => {
  const SIGNERS = {
    none: none,
    unlisted: { state: "unknown", why: "nobody lists this key" },
    broken: { state: "bad", why: "x" },
    administrator: signed("mark@a.example"),
    person: signed("dana@a.example"),
    bot: signed("dependabot@a.example"),
    alice: signed("alice@a.example"),
    carol: signed("carol@a.example"),
    both: signed("both@a.example"),
  } satisfies Record<string, Origin["signature"]>;
  const PUSHERS = [undefined, "eve", "mark", "dana", "dependabot[bot]", "alice-bot", "carol-bot"];
  const all: Policy = {
    ...policy,
    bots: {
      dependabot: { logins: ["dependabot[bot]"], principals: ["dependabot@a.example"], paths: [] },
    },
  };
  //               none eve  mark dana bot  alice carol
  const plain = {
    none: "         -    -    A    P    B    W     V",
    unlisted: "     -    -    A    P    B    W     V",
    broken: "       -    -    A    P    B    W     V",
    administrator: "A    A    A    P    B    W     V",
    person: "       P    P    P    P    B    W     V",
    bot: "          B    B    B    B    B    W     V",
    alice: "        W    W    W    W    W    W     W",
    carol: "        V    V    V    V    V    V     V",
    both: "         P    P    P    P    B    W     V",
  };
  const trailer = {
    none: "         w    w    w    w    w    W     V",
    unlisted: "     w    w    w    w    w    W     V",
    broken: "       w    w    w    w    w    W     V",
    administrator: "w    w    w    w    w    W     V",
    person: "       w    w    w    w    w    W     V",
    bot: "          w    w    w    w    w    W     V",
    alice: "        W    W    W    W    W    W     W",
    carol: "        V    V    V    V    V    W     V",
    both: "         W    W    W    W    W    W     W",
  };
  const LETTERS: Readonly<Record<string, string>> = {
    administrator: "A",
    person: "P",
    bot: "B",
    unattributed: "-",
  };

  for (const [title, table, more] of [
    ["without a trailer", plain, {}],
    ["with alice's trailer", trailer, { run }],
  ] as const)
    for (const [signer, row] of Object.entries(table))
      test(`${title}: signer ${signer}`, () => {
        const cells = PUSHERS.map((pusher) => {
          const signature = SIGNERS[signer as keyof typeof SIGNERS];
          const found = identify(all, {
            signature,
            ...(pusher === undefined ? {} : { pusher }),
            ...more,
          });
          const worker = found.name === "codex/carol" ? "V" : "W";
          const letter = LETTERS[found.kind] ?? worker;
          return found.proven ? letter : letter.toLowerCase();
        });
        expect(cells.join(" ")).toBe(row.trim().split(/ +/).join(" "));
      });
});
