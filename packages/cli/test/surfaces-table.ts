/**
 * The table of docs/SURFACES.md, made by asking: every surface's own changes of one small repository
 * are handed to every rule, and what the gate says it cannot know there stands in the table.
 */
import { judgeChange, type Rule } from "@wingman/gate";
import {
  type ChangeSet,
  type Judging,
  openRepo,
  prePushChanges,
  pushedChanges,
  type Repo,
  rangeChanges,
  stagedChange,
  treeAt,
  wholeChanges,
} from "@wingman/git";
import { type Change, emptyLedger, readTrusted } from "@wingman/model";
import { gitEnvironment, newRepository, policyText } from "@wingman/testkit";

interface World {
  readonly repo: Repo;
  readonly judging: Omit<Judging, "local">;
  readonly before: string;
  readonly after: string;
}

type Surface = (world: World) => Promise<readonly Change[]>;

const ref = "refs/heads/main";
const local = (world: World): Judging => ({ ...world.judging, local: true });
const told = (world: World): Judging => ({ ...world.judging, local: false, pusher: "dana" });

async function changesOf(set: ChangeSet | undefined): Promise<Change[]> {
  if (set === undefined) throw new Error("no change");
  const changes: Change[] = [];
  for await (const change of set.commits()) changes.push(change);
  return [...changes, set.tip, ...(set.landing === undefined ? [] : [set.landing])];
}

const lines = ({ before, after }: World) => [{ before, after, ref }];

const SURFACES: Readonly<Record<string, Surface>> = {
  "pre-commit": async (world) => await stagedChange(world.repo, local(world)),
  "commit-msg": async (world) =>
    await stagedChange(world.repo, local(world), { message: "Work\n" }),
  "pre-push": async (world) =>
    await changesOf((await prePushChanges(world.repo, local(world), lines(world)))[0]),
  "pre-receive": async (world) =>
    await changesOf((await pushedChanges(world.repo, told(world), lines(world)))[0]),
  "ci gate": async (world) =>
    await changesOf(await rangeChanges(world.repo, told(world), { ...world, ref, governed: true })),
  "--range": async (world) =>
    await changesOf(await rangeChanges(world.repo, local(world), { ...world, governed: false })),
  "--all, paths": async (world) =>
    await wholeChanges(local(world), await treeAt(world.repo, world.after)),
};

/** One row a rule: what each surface answers. */
export async function surfacesTable(rules: readonly Rule[]): Promise<string> {
  const clone = await newRepository({ files: { ".wingman/policy.yaml": policyText() } });
  const before = await clone.git("rev-parse", "HEAD");
  const after = await clone.commit("Work", { files: { "a.txt": "a\n" } });
  const repo = await openRepo({ cwd: clone.folder, env: gitEnvironment() });
  try {
    const tree = await treeAt(repo, before);
    const trusted = await readTrusted({ tree, commit: before, policyBranch: "main" });
    const now = new Date("2026-11-22T10:00:00.000Z");
    const judging = { trusted, ledger: emptyLedger, pusher: undefined, now, published: [] };
    const world = { repo, judging, before, after };
    const changes: (readonly Change[])[] = [];
    for (const surface of Object.values(SURFACES)) changes.push(await surface(world));
    const rows: string[] = [];
    for (const rule of rules) {
      const cells = await Promise.all(changes.map(async (some) => await cellOf(rule, some)));
      // A family, for a new code of a rule changes nothing about who is asked for it.
      const families = new Set(rule.codes.map((code) => `\`${code.split("/")[0]}/\``));
      rows.push(`| ${rule.title} | ${cells.join(" | ")} | ${[...families].join(" ")} |`);
    }
    const head = ["rule", ...Object.keys(SURFACES), "codes"];
    return `${[`| ${head.join(" | ")} |`, `|${head.map(() => "---").join("|")}|`, ...rows].join("\n")}\n`;
  } finally {
    await repo.close();
  }
}

async function cellOf(rule: Rule, changes: readonly Change[]): Promise<string> {
  const judged = changes.filter((change) => rule.scopes.includes(change.scope));
  if (judged.length === 0) return "–";
  for (const change of judged)
    if ((await judgeChange(change, [rule])).notKnown.length === 0) return "yes";
  return "not known";
}
