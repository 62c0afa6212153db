/**
 * What makes a policy looser, one row a key: fewer rules, wider lists, lower modes. Compares what two
 * policies mean, so neither order, nor spelling, nor a comment that moves can hide anything. Refuses
 * to call a policy looser that only says the same in other words.
 */
import type { DocPath, Policy, RiskLevel } from "@wingman/model";
import { foldPath, parseDuration, visible } from "@wingman/model";
import { coversBranches, coversPaths } from "./glob-covers.ts";
import { riskRowText } from "./risk-row-text.ts";

/** One thing that becomes looser: what, and where in the old or the new file it stands. */
export interface Looser {
  readonly what: string;
  readonly side: "before" | "after";
  readonly at: DocPath;
}

interface Row {
  /** The policy's key that it looks at; a test holds that every key has a row. */
  readonly key: keyof Policy;
  look(before: Policy, after: Policy): readonly Looser[];
}

type Covers = (wide: string, narrow: string) => boolean;

const same: Covers = (wide, narrow) => wide === narrow;
const folded: Covers = (wide, narrow) => coversPaths(foldPath(wide), foldPath(narrow));
const q = (text: string): string => JSON.stringify(visible(text));

/** Items of `from` that nothing in `to` covers, with their places in `from`. */
function missing(from: readonly string[], to: readonly string[], covers: Covers = same) {
  return [...from.entries()].filter(([, one]) => !to.some((other) => covers(other, one)));
}

function dropped(
  at: DocPath & readonly (string | number)[],
  lists: { before: readonly string[]; after: readonly string[]; covers?: Covers },
  say: (one: string) => string,
): Looser[] {
  return missing(lists.before, lists.after, lists.covers).map(([index, one]) => ({
    what: say(one),
    side: "before",
    at: [...at, index],
  }));
}

function added(
  at: DocPath & readonly (string | number)[],
  lists: { before: readonly string[]; after: readonly string[]; covers?: Covers },
  say: (one: string) => string,
): Looser[] {
  return missing(lists.after, lists.before, lists.covers).map(([index, one]) => ({
    what: say(one),
    side: "after",
    at: [...at, index],
  }));
}

/** One value out of a few; `strict` lists them, the strictest first. */
function lowered<T extends string>(
  at: readonly string[],
  strict: readonly T[],
  of: (policy: Policy) => T,
): Row["look"] {
  return (before, after) =>
    strict.indexOf(of(after)) > strict.indexOf(of(before))
      ? [{ what: `${at.join(".")} goes from ${of(before)} to ${of(after)}`, side: "after", at }]
      : [];
}

const WEIGHTS = ["block", "warn", "off"] as const;
const RISKS: readonly RiskLevel[] = ["low", "medium", "high", "critical"];

export const POLICY_ROWS: readonly Row[] = [
  {
    key: "origin",
    look: (before, after) =>
      before.origin === after.origin
        ? []
        : [
            {
              what: `approvals and orders signed for ${q(after.origin)} count here from now on, and none for ${q(before.origin)}`,
              side: "after",
              at: ["origin"],
            },
          ],
  },
  {
    key: "governed",
    look: (before, after) =>
      dropped(
        ["governed"],
        { before: before.governed, after: after.governed, covers: coversBranches },
        (one) => `${q(one)} is no longer governed`,
      ),
  },
  { key: "mode", look: lowered(["mode"], ["enforce", "warn"], ({ mode }) => mode) },
  {
    key: "identity",
    look: (before, after) => [
      ...lowered(
        ["identity", "unattributed"],
        ["refused", "worker", "person"],
        ({ identity }) => identity.unattributed,
      )(before, after),
      ...lowered(
        ["identity", "unproven"],
        ["lock", "incident"],
        ({ identity }) => identity.unproven,
      )(before, after),
    ],
  },
  { key: "administrators", look: administrators },
  { key: "people", look: people },
  { key: "workers", look: workers },
  { key: "bots", look: bots },
  {
    key: "protect",
    look: (before, after) =>
      dropped(
        ["protect"],
        { before: before.protect, after: after.protect, covers: folded },
        (one) => `${q(one)} is no longer law`,
      ),
  },
  {
    key: "companions",
    look: (before, after) =>
      Object.entries(after.companions).flatMap(([companion, beside]) =>
        added(
          ["companions", companion],
          { before: before.companions[companion] ?? [], after: beside, covers: coversPaths },
          (one) => `every worker may touch ${q(companion)} beside ${q(one)}`,
        ),
      ),
  },
  { key: "risk", look: risk },
  {
    key: "approvals",
    look: (before, after) => [
      ...dropped(
        ["approvals", "levels"],
        { before: before.approvals.levels, after: after.approvals.levels },
        (one) => `instructions of risk ${one} need no approval any more`,
      ),
      ...dropped(
        ["approvals", "environments"],
        { before: before.approvals.environments, after: after.approvals.environments },
        (one) => `instructions for ${one} need no approval any more`,
      ),
      ...longer(before, after),
    ],
  },
  {
    key: "forbidden",
    look: (before, after) =>
      before.forbidden.extend.flatMap((row, index): Looser[] =>
        after.forbidden.extend.some(({ command }) => command === row.command)
          ? []
          : [
              {
                what: `${q(row.command)} (${row.id}) is no longer forbidden`,
                side: "before",
                at: ["forbidden", "extend", index],
              },
            ],
      ),
  },
  {
    key: "secrets",
    look: (before, after) => [
      ...lowered(
        ["secrets", "block"],
        ["low", "medium", "high"],
        ({ secrets }) => secrets.block,
      )(before, after),
      ...lowered(
        ["secrets", "warn"],
        ["low", "medium", "high", "off"],
        ({ secrets }) => secrets.warn,
      )(before, after),
      ...lowered(["secrets", "unread"], WEIGHTS, ({ secrets }) => secrets.unread)(before, after),
      ...lowered(
        ["secrets", "allowances"],
        ["landed", "people", "anyone"],
        ({ secrets }) => secrets.allowances,
      )(before, after),
    ],
  },
  { key: "commands", look: commands },
  {
    key: "audit",
    look: (before, after) => [
      ...lowered(
        ["audit", "unverifiable"],
        WEIGHTS,
        ({ audit }) => audit.unverifiable,
      )(before, after),
      ...lowered(["audit", "unclaimed"], WEIGHTS, ({ audit }) => audit.unclaimed)(before, after),
      ...missing(after.audit.hosts, before.audit.hosts).map(([index, host]) => ({
        what: `claims may have the auditor ask the host ${q(host)}`,
        side: "after" as const,
        at: ["audit", "hosts", index],
      })),
      // Whoever is asked decides what claims about names are held against.
      ...missing(after.audit.resolvers ?? [], before.audit.resolvers ?? []).map(
        ([index, resolver]) => ({
          what: `claims about names are held against the name server ${q(resolver)}`,
          side: "after" as const,
          at: ["audit", "resolvers", index],
        }),
      ),
      ...(after.audit.attempts > before.audit.attempts
        ? [
            {
              what: `a claim that fails may be tried ${after.audit.attempts} times, not ${before.audit.attempts}`,
              side: "after" as const,
              at: ["audit", "attempts"],
            },
          ]
        : []),
    ],
  },
  {
    key: "tracker",
    look: ({ tracker: before }, { tracker: after }) =>
      silenced("the tracker", ["tracker", "github"], before?.github, after?.github, ["repository"]),
  },
  {
    key: "notify",
    look: ({ notify: before }, { notify: after }) => [
      ...silenced("Telegram", ["notify", "telegram"], before?.telegram, after?.telegram, ["chat"]),
      ...silenced("the webhook", ["notify", "webhook"], before?.webhook, after?.webhook, ["url"]),
    ],
  },
];

/** Everything that becomes looser, in the order of the table. */
export function looserPolicy(before: Policy, after: Policy): readonly Looser[] {
  return POLICY_ROWS.flatMap((row) => row.look(before, after));
}

function administrators(before: Policy, after: Policy): readonly Looser[] {
  const at = ["administrators"] as const;
  const lists = { before: before.administrators, after: after.administrators };
  const left = new Set(after.administrators).size;
  const alone = left === 1 && new Set(before.administrators).size > 1;
  return [
    ...added(at, lists, (one) => `${q(one)} becomes an administrator`),
    ...dropped(at, lists, (one) => `${q(one)} is no administrator any more`),
    ...(alone
      ? [
          {
            what: "one administrator is left, who may approve instructions of his own",
            side: "after" as const,
            at,
          },
        ]
      : []),
  ];
}

function people(before: Policy, after: Policy): readonly Looser[] {
  // An empty list means everybody whom the signers file or the forge names.
  if (before.people.length === 0) return [];
  if (after.people.length === 0)
    return [
      {
        what: "whoever the signers file or the forge names counts as a person",
        side: "after",
        at: ["people"],
      },
    ];
  const known = { before: [...before.people, ...before.administrators], after: after.people };
  return added(["people"], known, (one) => `${q(one)} counts as a person`);
}

function workers(before: Policy, after: Policy): readonly Looser[] {
  const found: Looser[] = [];
  for (const [id, row] of Object.entries(before.workers)) {
    const now = after.workers[id];
    if (now === undefined) {
      const what = `${q(id)} is no worker any more: its commits count as anybody's`;
      found.push({ what, side: "before", at: ["workers", id] });
      continue;
    }
    for (const list of ["principals", "logins"] as const)
      found.push(
        ...dropped(
          ["workers", id, list],
          { before: row[list], after: now[list] },
          (one) => `commits of ${q(one)} no longer count as ${id}'s`,
        ),
      );
  }
  for (const id of Object.keys(after.workers))
    if (before.workers[id] === undefined)
      found.push({ what: `${q(id)} may work here`, side: "after", at: ["workers", id] });
  return found;
}

function bots(before: Policy, after: Policy): readonly Looser[] {
  const found: Looser[] = [];
  for (const id of Object.keys(before.bots))
    if (after.bots[id] === undefined) {
      const what = `${q(id)} is no bot any more: its commits count as anybody's`;
      found.push({ what, side: "before", at: ["bots", id] });
    }
  for (const [id, row] of Object.entries(after.bots)) {
    const was = before.bots[id] ?? { principals: [], logins: [], paths: [] };
    for (const list of ["principals", "logins"] as const)
      found.push(
        ...added(
          ["bots", id, list],
          { before: was[list], after: row[list] },
          (one) => `${q(one)} counts as the bot ${id}, which needs no instruction`,
        ),
      );
    found.push(
      ...added(
        ["bots", id, "paths"],
        { before: was.paths, after: row.paths, covers: coversPaths },
        (one) => `the bot ${id} may touch ${q(one)}`,
      ),
    );
  }
  return found;
}

/** A row goes on where some row asks at least as much of all that it was about. */
function risk(before: Policy, after: Policy): readonly Looser[] {
  return before.risk.flatMap((row, index): Looser[] => {
    const stays = after.risk.some(
      (one) =>
        RISKS.indexOf(one.level) >= RISKS.indexOf(row.level) &&
        (one.environment === undefined || one.environment === row.environment) &&
        (one.paths === undefined ||
          (row.paths !== undefined && missing(row.paths, one.paths, folded).length === 0)),
    );
    if (stays) return [];
    const what = `${riskRowText(row)} need not be of risk ${row.level} any more`;
    return [{ what, side: "before", at: ["risk", index] }];
  });
}

function longer(before: Policy, after: Policy): readonly Looser[] {
  const ms = ({ approvals }: Policy): number => parseDuration(approvals.expires) ?? 0;
  if (ms(after) <= ms(before)) return [];
  const what = `approvals last ${after.approvals.expires}, not ${before.approvals.expires}`;
  return [{ what, side: "after", at: ["approvals", "expires"] }];
}

function commands(before: Policy, after: Policy): readonly Looser[] {
  return Object.entries(after.commands).flatMap(([name, row]): Looser[] => {
    const was = before.commands[name];
    const at = ["commands", name];
    if (was === undefined)
      return [{ what: `claims may run the command ${q(name)}`, side: "after", at }];
    // All but the time it may take: whatever else a row says decides what runs, and how it is read.
    const meant = ({ timeout: _timeout, ...rest }: typeof row): string => sortedText(rest);
    return meant(was) === meant(row)
      ? []
      : [{ what: `the command ${q(name)} runs or reads something else`, side: "after", at }];
  });
}

/** One text for one meaning, whatever the order of keys. */
function sortedText(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) =>
    typeof one === "object" && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}

/** A voice that goes, or speaks elsewhere. Never its address: a webhook's may be a secret. */
function silenced<T extends object>(
  name: string,
  at: readonly string[],
  before: T | undefined,
  after: T | undefined,
  keys: readonly (keyof T & string)[],
): readonly Looser[] {
  if (before === undefined) return [];
  if (after === undefined)
    return [{ what: `${name} is not told of incidents any more`, side: "before", at }];
  return keys
    .filter((key) => before[key] !== after[key])
    .map((key) => ({
      what: `${name} is told elsewhere: its ${key} changes`,
      side: "after",
      at: [...at, key],
    }));
}
