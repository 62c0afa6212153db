import { readFileSync } from "node:fs";
import type { Finding } from "@wingman/model";
import { branchMatcher, generateSshKey, globMatcher } from "@wingman/model";
import { changeOfCase, temporaryFolder, writeCase } from "@wingman/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judgeChange } from "../src/gate.ts";
import { coversBranches, coversPaths } from "../src/glob-covers.ts";
import { POLICY_ROWS } from "../src/looser-policy.ts";
import { looser } from "../src/rules/looser.ts";

const BASE = `v: 1
revision: 1
origin: acme/shop
governed: [main, "release/*"]
mode: enforce
identity:
  unattributed: refused
  unproven: lock
administrators: [mark@acme.example, eve@acme.example]
people: [dana@acme.example]
workers:
  claude-code/alice: {principals: [alice-bot@acme.example], logins: [alice-bot]}
bots:
  dependabot: {logins: ["dependabot[bot]"], paths: ["**/package.json"]}
protect: [".github/**", "infra/**"]
companions: {"pnpm-lock.yaml": ["**/package.json"]}
risk:
  - {paths: ["infra/**"], level: high}
  - {environment: prd, level: high}
approvals: {levels: [high, critical], environments: [prd], expires: 30d}
forbidden:
  extend: [{id: acme-prd-ssh, command: "ssh prd-*", why: "production is reached through the bastion"}]
secrets: {block: medium, warn: low, unread: block, allowances: landed}
commands:
  unit: {run: [node, --test], timeout: 120s, results: {format: tap}}
audit: {unverifiable: block, unclaimed: block, attempts: 3}
tracker: {github: {repository: acme/shop, labels: [wingman]}}
notify:
  telegram: {chat: "\${WINGMAN_TELEGRAM_CHAT}"}
  webhook: {url: "\${WINGMAN_WEBHOOK_URL}"}
`;

async function judged(
  file: string,
  before: string | undefined,
  after: string | undefined,
): Promise<Finding[]> {
  const folder = temporaryFolder();
  await writeCase(folder, {
    "case.json": JSON.stringify({ scope: "landing", governed: true }),
    ...(before === undefined ? {} : { [`before/.wingman/${file}`]: before }),
    ...(after === undefined ? {} : { [`after/.wingman/${file}`]: after }),
  });
  return (await judgeChange(await changeOfCase(folder), [looser])).findings;
}

async function named(change: (text: string) => string): Promise<string[]> {
  const after = change(BASE);
  expect(after).not.toBe(BASE);
  const found = await judged("policy.yaml", BASE, after);
  for (const one of found) expect(one).toMatchObject({ code: "policy/looser", severity: "warn" });
  return found.map(
    (one) => `${one.line}: ${one.message.replace("the policy becomes looser: ", "")}`,
  );
}

const swap = (from: string, to: string) => (text: string) => text.replace(from, to);

describe("a policy that becomes looser is named", () => {
  it.each([
    [
      "another origin",
      swap("origin: acme/shop", "origin: acme/other"),
      /^3: approvals and orders signed for "acme\/other"/,
    ],
    [
      "a branch less",
      swap('[main, "release/*"]', "[main]"),
      /^4: "release\/\*" is no longer governed \(line 4 /,
    ],
    ["a narrower branch glob", swap('"release/*"', '"release/1*"'), /no longer governed/],
    ["mode: warn", swap("mode: enforce", "mode: warn"), /^5: mode goes from enforce to warn/],
    [
      "unattributed",
      swap("unattributed: refused", "unattributed: worker"),
      /^7: identity.unattributed goes from refused to worker/,
    ],
    ["unattributed left out", swap("  unattributed: refused\n", ""), /goes from refused to person/],
    ["unproven", swap("unproven: lock", "unproven: incident"), /^8: identity.unproven/],
    [
      "one more administrator",
      swap("eve@acme.example]", "eve@acme.example, kim@acme.example]"),
      /^9: "kim@acme.example" becomes an administrator$/,
    ],
    ["everybody a person", swap("people: [dana@acme.example]", "people: []"), /^10: whoever/],
    [
      "one more person",
      swap("people: [dana", "people: [kim@acme.example, dana"),
      /^10: "kim@acme.example" counts as a person/,
    ],
    [
      "a worker less",
      swap(
        "  claude-code/alice: {principals: [alice-bot@acme.example], logins: [alice-bot]}",
        "  codex/carol: {logins: [c]}",
      ),
      /"claude-code\/alice" is no worker any more.*\(line 12 /,
    ],
    [
      "a worker's login less",
      swap("logins: [alice-bot]", "logins: []"),
      /"alice-bot" no longer count as claude-code\/alice's \(line 12/,
    ],
    [
      "a worker more",
      swap("bots:", "  codex/carol: {logins: [c]}\nbots:"),
      /^13: "codex\/carol" may work here/,
    ],
    [
      "a bot's path more",
      swap('paths: ["**/package.json"]', 'paths: ["**/package.json", "src/**"]'),
      /^14: the bot dependabot may touch "src\/\*\*"/,
    ],
    [
      "a bot's login more",
      swap('logins: ["dependabot[bot]"]', 'logins: ["dependabot[bot]", kim]'),
      /^14: "kim" counts as the bot/,
    ],
    [
      "a bot less",
      swap(
        '  dependabot: {logins: ["dependabot[bot]"], paths: ["**/package.json"]}',
        "  other: {logins: [o], paths: [x]}",
      ),
      /"dependabot" is no bot any more/,
    ],
    ["law less", swap('".github/**", ', ""), /^15: ".github\/\*\*" is no longer law \(line 15/],
    [
      "a companion more",
      swap('["**/package.json"]}\nrisk', '["**/package.json", "src/**"]}\nrisk'),
      /^16: every worker may touch "pnpm-lock.yaml" beside "src\/\*\*"/,
    ],
    [
      "a risk row less",
      swap('  - {paths: ["infra/**"], level: high}\n', ""),
      /work on "infra\/\*\*" need not be of risk high/,
    ],
    [
      "a risk row lowered",
      swap("environment: prd, level: high", "environment: prd, level: low"),
      /^19: work for prd need not be/,
    ],
    [
      "a risk row narrowed to an environment",
      swap('{paths: ["infra/**"], level', '{paths: ["infra/**"], environment: prd, level'),
      /^18: work on "infra\/\*\*" need not/,
    ],
    [
      "an approval level less",
      swap("[high, critical]", "[critical]"),
      /^20: instructions of risk high need no approval/,
    ],
    [
      "an approval environment less",
      swap("environments: [prd]", "environments: []"),
      /^20: instructions for prd/,
    ],
    ["longer approvals", swap("expires: 30d", "expires: 60d"), /^20: approvals last 60d, not 30d/],
    [
      "a forbidden row less",
      swap(
        '[{id: acme-prd-ssh, command: "ssh prd-*", why: "production is reached through the bastion"}]',
        "[]",
      ),
      /^22: "ssh prd-\*" \(acme-prd-ssh\) is no longer forbidden/,
    ],
    [
      "a forbidden row under its old id",
      swap('"ssh prd-*"', '"ssh prd-1"'),
      /is no longer forbidden/,
    ],
    [
      "secrets.block",
      swap("block: medium", "block: high"),
      /^23: secrets.block goes from medium to high/,
    ],
    ["secrets.warn", swap("warn: low", "warn: off"), /^23: secrets.warn/],
    [
      "secrets.unread",
      swap("unread: block", "unread: off"),
      /^23: secrets.unread goes from block to off/,
    ],
    [
      "secrets.allowances",
      swap("allowances: landed", "allowances: anyone"),
      /^23: secrets.allowances goes from landed to anyone/,
    ],
    [
      "a command more",
      swap("audit:", "  sh: {run: [sh, -c, env]}\naudit:"),
      /^26: claims may run the command "sh"/,
    ],
    [
      "another command under its name",
      swap("run: [node, --test]", "run: [node, evil.mjs]"),
      /^25: the command "unit" runs or reads something else/,
    ],
    [
      "audit.unverifiable",
      swap("unverifiable: block", "unverifiable: warn"),
      /^26: audit.unverifiable/,
    ],
    ["audit.unclaimed", swap("unclaimed: block", "unclaimed: off"), /^26: audit.unclaimed/],
    [
      "audit.attempts",
      swap("attempts: 3", "attempts: 9"),
      /^26: a claim that fails may be tried 9 times/,
    ],
    [
      "a host more",
      swap("attempts: 3", "attempts: 3, hosts: [evil.example]"),
      /^26: claims may have the auditor ask the host "evil.example"/,
    ],
    [
      "another name server",
      swap("attempts: 3", "attempts: 3, resolvers: [192.0.2.53]"),
      /^26: claims about names are held against the name server "192.0.2.53"/,
    ],
    [
      "no tracker",
      swap("tracker: {github: {repository: acme/shop, labels: [wingman]}}\n", ""),
      /the tracker is not told/,
    ],
    [
      "another tracker",
      swap("repository: acme/shop", "repository: eve/x"),
      /^27: the tracker is told elsewhere/,
    ],
    [
      "no Telegram",
      swap('  telegram: {chat: "${WINGMAN_TELEGRAM_CHAT}"}\n', ""),
      /Telegram is not told/,
    ],
    [
      "another webhook",
      swap("WINGMAN_WEBHOOK_URL", "OTHER"),
      /^30: the webhook is told elsewhere: its url changes/,
    ],
  ])("%s", async (_, change, expected) => {
    const lines = await named(change);
    expect(
      lines.filter((line) => expected.test(line)),
      lines.join("\n"),
    ).toHaveLength(1);
  });

  it("one administrator who is left may approve his own", async () => {
    const lines = await named(swap(", eve@acme.example]", "]"));
    expect(lines).toHaveLength(2);
    expect(lines.join("\n")).toMatch(/"eve@acme.example" is no administrator any more/);
    expect(lines.join("\n")).toMatch(/one administrator is left/);
  });

  it("behind moved comments, another order and another style, and nothing else is", async () => {
    const lines = BASE.split("\n");
    const moved = [
      "# mode: enforce",
      ...lines.slice(3, 5).reverse(),
      ...lines.slice(0, 3),
      ...lines.slice(5),
    ].join("\n");
    expect(await named(() => moved)).toEqual([]);
    const hidden = moved.replace("\nmode: enforce", "\nmode: warn # enforce");
    expect(await named(() => hidden)).toEqual(["2: mode goes from enforce to warn"]);
  });

  it("no address of a voice is shown", async () => {
    const found = await named(swap("${WINGMAN_WEBHOOK_URL}", "https://hook.example/T0/secretish"));
    expect(found.join()).not.toContain("secretish");
  });
});

describe("a policy that becomes stricter, or says the same, is not", () => {
  it.each([
    ["a revision", swap("revision: 1", "revision: 2")],
    ["a wider branch glob", swap('[main, "release/*"]', '["**"]')],
    ["more law", swap('"infra/**"]', '"infra/**", "db/**"]')],
    ["wider law", swap('".github/**", "infra/**"', '"**"')],
    ["law in other letters", swap('"infra/**"]', '"INFRA/**"]')],
    ["a person less", swap("people: [dana@acme.example]", "people: [mark@acme.example]")],
    ["a worker's login more", swap("logins: [alice-bot]", "logins: [alice-bot, a2]")],
    [
      "a risk row raised",
      swap("environment: prd, level: high", "environment: prd, level: critical"),
    ],
    ["a risk row over more", swap('{paths: ["infra/**"], level: high}', "{level: high}")],
    ["shorter approvals", swap("expires: 30d", "expires: 43200m")],
    [
      "a command less",
      swap(
        "commands:\n  unit: {run: [node, --test], timeout: 120s, results: {format: tap}}",
        "commands: {}",
      ),
    ],
    ["a forbidden row of another name", swap("id: acme-prd-ssh", "id: other-name")],
    [
      "a narrower bot",
      swap('paths: ["**/package.json"]', "paths: [web/package.json, api/package.json]"),
    ],
  ])("%s", async (_, change) => {
    const lines = await named(change);
    expect(lines.filter((line) => !/floats/.test(line))).toEqual([]);
  });
});

it("every key of the policy's schema has a row, so that a new one cannot be forgotten", () => {
  const schema = JSON.parse(
    readFileSync(new URL("../../../schemas/policy.schema.json", import.meta.url), "utf8"),
  ) as { properties: Record<string, unknown> };
  const keys = Object.keys(schema.properties).filter((key) => key !== "v" && key !== "revision");
  expect(POLICY_ROWS.map(({ key }) => String(key)).sort()).toEqual(keys.sort());
});

it("and so has every key within one: whoever adds one decides here what loosens it", () => {
  const schema = JSON.parse(
    readFileSync(new URL("../../../schemas/policy.schema.json", import.meta.url), "utf8"),
  ) as Schema;
  const found: string[] = [];
  const walk = (at: Schema, path: string): void => {
    for (const [key, one] of Object.entries(at.properties ?? {})) {
      found.push(`${path}${key}`);
      walk(one, `${path}${key}.`);
    }
    if (typeof at.additionalProperties === "object") walk(at.additionalProperties, `${path}*.`);
    if (at.items !== undefined) walk(at.items, `${path}[].`);
  };
  walk(schema, "");
  expect(found.filter((one) => one.includes(".")).sort()).toEqual(LOOKED_AT);
});

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
}

/** What the rows look at, or rightly do not (labels, time limits, words of why). */
const LOOKED_AT: readonly string[] = [
  "approvals.environments",
  "approvals.expires",
  "approvals.levels",
  "audit.attempts",
  "audit.hosts",
  "audit.resolvers",
  "audit.unclaimed",
  "audit.unverifiable",
  "audit.window",
  "bots.*.logins",
  "bots.*.paths",
  "bots.*.principals",
  "commands.*.coverage",
  "commands.*.coverage.path",
  "commands.*.network",
  "commands.*.results",
  "commands.*.results.format",
  "commands.*.results.path",
  "commands.*.run",
  "commands.*.timeout",
  "forbidden.extend",
  "forbidden.extend.[].command",
  "forbidden.extend.[].id",
  "forbidden.extend.[].why",
  "identity.unattributed",
  "identity.unproven",
  "notify.telegram",
  "notify.telegram.chat",
  "notify.webhook",
  "notify.webhook.url",
  "risk.[].environment",
  "risk.[].level",
  "risk.[].paths",
  "secrets.allowances",
  "secrets.block",
  "secrets.unread",
  "secrets.warn",
  "tracker.github",
  "tracker.github.labels",
  "tracker.github.repository",
  "workers.*.logins",
  "workers.*.principals",
];

describe("signers", () => {
  const mark = generateSshKey("mark").publicLine;
  const eve = generateSshKey("eve").publicLine;
  const base = `mark@acme.example namespaces="git" ${mark}\n`;
  const lines = async (before: string | undefined, after: string | undefined) =>
    (await judged("allowed_signers", before, after)).map(
      (one) => `${one.line ?? "-"}: ${one.message}`,
    );

  it.each([
    ["a key more", `# new\n${base}mark@acme.example ${eve}\n`, /^3: .*proves "mark@acme.example"/],
    [
      "a name more",
      base.replace("mark@", "eve@acme.example,mark@"),
      /^1: .*proves "eve@acme.example"/,
    ],
    ["every purpose", base.replace(' namespaces="git"', ""), /^1: .*counts for every purpose/],
    [
      "one more purpose",
      base.replace('"git"', '"git,wingman-approval"'),
      /counts for "wingman-approval"/,
    ],
    ["certificates", base.replace(" namespaces", " cert-authority,namespaces"), /certificates/],
    ["a key less", "# none\n", /^-: .*loses the key SHA256:.*\(line 1 of/],
    ["no file", undefined, /loses the key/],
  ])("%s", async (_, after, expected) => {
    const found = await lines(base, after);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(expected);
  });

  it("longer validity is named; a shorter one, another order and comments are not", async () => {
    const dated = base.replace(
      "namespaces",
      'valid-after="20260101Z",valid-before="20270101Z",namespaces',
    );
    expect((await lines(dated, base)).join()).toMatch(/valid earlier/);
    expect((await lines(dated, dated.replace("20270101", "20280101"))).join()).toMatch(
      /valid longer/,
    );
    expect(await lines(base, dated)).toEqual([]);
    const two = `${base}eve@acme.example ${eve}\n`;
    expect(await lines(two, `# hi\neve@acme.example ${eve} comment\n${base}`)).toEqual([]);
  });
});

describe("baseline", () => {
  const entry = (over: object = {}) => ({
    fingerprint: "f1",
    code: "secrets/found",
    path: "a.txt",
    owner: "mark",
    reason: "rotated long ago, see the list",
    expires: "2027-01-01T00:00:00.000Z",
    ...over,
  });
  const text = (findings: object[], tips: string[] = []) =>
    `${JSON.stringify({ v: 1, tips, findings }, null, 2)}\n`;
  const lines = async (before: string | undefined, after: string | undefined) =>
    (await judged("baseline.json", before, after)).map((one) => `${one.line}: ${one.message}`);

  it("entries and tips that come are named at their lines", async () => {
    expect(await lines(text([]), text([entry()], ["a".repeat(40)]))).toEqual([
      expect.stringMatching(/^4: .*what aaaaaaaaaaaa reaches is not judged/),
      expect.stringMatching(/^7: .*secrets\/found in a.txt is let through until 2027-01-01/),
    ]);
    expect((await lines(undefined, text([entry()]))).length).toBe(1);
  });

  it("one that lasts longer is, one that goes or ends earlier is not", async () => {
    const longer = text([entry({ expires: "2028-01-01T00:00:00.000Z" })]);
    expect((await lines(text([entry()]), longer)).join()).toMatch(/longer, until 2028/);
    expect(await lines(longer, text([entry()]))).toEqual([]);
    expect(await lines(text([entry()]), text([]))).toEqual([]);
  });
});

describe("glob covers", () => {
  const part = fc.constantFrom("a", "b", "ab", "*", "a*", "**", "?", "[ab]", "c.md");
  const glob = fc
    .tuple(
      fc.constantFrom("", "/"),
      fc.array(part, { minLength: 1, maxLength: 3 }),
      fc.constantFrom("", "/"),
    )
    .map(([head, parts, tail]) => `${head}${parts.join("/")}${tail}`);
  const name = fc
    .array(fc.constantFrom("a", "b", "ab", "x", "c.md"), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join("/"));

  it("never says so of a glob that lets something out", () => {
    fc.assert(
      fc.property(
        glob,
        glob,
        fc.array(name, { minLength: 20, maxLength: 20 }),
        (wide, narrow, names) => {
          const paths = coversPaths(wide, narrow);
          const branches = coversBranches(wide, narrow);
          for (const one of names) {
            if (paths && globMatcher([narrow])(one))
              expect(globMatcher([wide])(one), `${wide} ⊇ ${narrow}: ${one}`).toBe(true);
            if (branches && branchMatcher([narrow])(one))
              expect(branchMatcher([wide])(one), `${wide} ⊇ ${narrow}: ${one}`).toBe(true);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
