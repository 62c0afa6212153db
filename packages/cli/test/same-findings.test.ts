/**
 * The same content gets the same findings, byte for byte, from the index, a range, a push and a whole
 * tree: every case of every rule, and every instruction that the parser's cases hold, is brought in
 * real git through all four. And docs/SURFACES.md says which surface knows what, as the code has it.
 */
import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { RULES } from "@wingman/gate";
import {
  type Judging,
  openRepo,
  pushedChanges,
  type Repo,
  rangeChanges,
  stagedChange,
  treeAt,
  wholeChanges,
} from "@wingman/git";
import type { Change, Finding, Tree } from "@wingman/model";
import { emptyTree, pathToBytes, treeOf } from "@wingman/model";
import {
  caseFolders,
  changeOfCase,
  expandPlaceholders,
  gitEnvironment,
  newRepository,
  type TestRepository,
} from "@wingman/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { judgeOne } from "../src/judge-set.ts";
import { mergeReports } from "../src/report.ts";
import { surfacesTable } from "./surfaces-table.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** What content alone decides. Who, when and what stood before is not the content's to say. */
const CONTENT =
  /^(points|format|forbidden|secrets|config)\/|^(policy|signers|baseline|approval|order)\/invalid$|^hostile\/(object|git-path|long-path|link|submodule|collision)$|^claims\/(cr|torn|not-canonical|chain|size|invalid|path|mode)$/;

interface Sample {
  readonly name: string;
  readonly before: Tree;
  readonly after: Tree;
  readonly judging: Omit<Judging, "local">;
}

const rules = join(root, "packages/gate/src/rules");
/** The others' cases turn on who, on history or on the ledger; their files hold nothing of interest. */
const FAMILIES = ["approvals", "claims", "formats", "hostile", "secrets"];
const folders = (
  await Promise.all(FAMILIES.map((name) => caseFolders(join(rules, name, "cases"))))
).flat();

async function samples(): Promise<Sample[]> {
  const made: Sample[] = [];
  for (const folder of folders) {
    const change = await changeOfCase(folder);
    // What no git can hold, and merges: their own content depends on their parents.
    if (change.hostile !== undefined || change.parents.length > 1) continue;
    // An allowance counts by who brings it, which no local surface knows.
    if (/allowed|allowance/.test(basename(folder))) continue;
    const { trusted, ledger, before, after, now = new Date(0) } = change;
    const judging = { trusted, ledger, pusher: undefined, now, published: [] };
    made.push({ name: folder.slice(rules.length + 1), before, after, judging });
  }
  const instructions = join(root, "packages/model/test/instruction-cases");
  for (const folder of await caseFolders(instructions)) {
    const file = readdirSync(folder).find((name) => name.startsWith("INS-")) ?? "";
    const text = expandPlaceholders(readFileSync(join(folder, file), "utf8"));
    const after = treeOf({ [`.wingman/instructions/${file}`]: text });
    const { judging } = made[0] as Sample;
    made.push({ name: basename(folder), before: emptyTree, after, judging });
  }
  return made;
}

describe("the same findings", () => {
  let clone: TestRepository;
  let repo: Repo;
  const all: { sample: Sample; before: string; after: string }[] = [];

  beforeAll(async () => {
    clone = await newRepository();
    const stream: Buffer[] = [];
    const list = await samples();
    for (const [at, sample] of list.entries()) {
      stream.push(await commitOf(`refs/cases/${at}`, sample.before));
      stream.push(await commitOf(`refs/cases/${at}`, sample.after, true));
    }
    const ran = await clone.tryGit(["fast-import", "--quiet"], { input: Buffer.concat(stream) });
    if (ran.code !== 0) throw new Error(ran.stderr);
    repo = await openRepo({ cwd: clone.folder, env: gitEnvironment() });
    const listed = await clone.git("for-each-ref", "--format=%(refname) %(objectname) %(parent)");
    for (const line of listed.split("\n")) {
      const [ref = "", after = "", before = ""] = line.split(" ");
      const sample = list[Number(ref.slice("refs/cases/".length))];
      if (sample !== undefined) all.push({ sample, before, after });
    }
    const gone = listed.split("\n").map((line) => `delete ${line.split(" ")[0]}\n`);
    const cleared = await clone.tryGit(["update-ref", "--stdin"], { input: gone.join("") });
    if (cleared.code !== 0) throw new Error(cleared.stderr);
  }, 60_000);
  afterAll(async () => await repo?.close());

  test("from the index, a range, a push and a whole tree", async () => {
    const codes = new Set<string>();
    let staged = 0;
    for (const { sample, before, after } of all) {
      const [pushed, range, index, everything] = await Promise.all([
        fromPush(sample, before, after),
        fromRange(sample, before, after),
        fromIndex(sample, before, after),
        fromWhole(sample, after),
      ]);
      expect(textOf(range), `${sample.name}: a range and a push`).toBe(textOf(pushed));
      if (index !== undefined) {
        staged += 1;
        expect(textOf(index), `${sample.name}: the index and a push`).toBe(textOf(pushed));
      }
      const stood = (await sample.before.entries()).map(({ path }) => `${path}/`);
      // Of two names that collide the new one is named, and in a whole tree none is newer.
      const brought = ({ code, path }: Finding): boolean =>
        stood.length === 0 ||
        (code !== "hostile/collision" && !stood.some((one) => one.startsWith(`${path}/`)));
      const [whole, told] = [everything.filter(brought), pushed.filter(brought)];
      expect(textOf(whole), `${sample.name}: everything and a push`).toBe(textOf(told));
      for (const one of pushed) codes.add(one.code);
    }
    // Where little was compared, little was shown.
    expect(staged).toBeGreaterThan(100);
    expect([...codes].sort().length).toBeGreaterThan(25);
  }, 120_000);

  const judging = (sample: Sample, local: boolean): Judging => ({ ...sample.judging, local });

  async function fromPush(sample: Sample, before: string, after: string): Promise<Finding[]> {
    const lines = [{ before, after, ref: "refs/heads/topic" }];
    const [set] = await pushedChanges(repo, judging(sample, false), lines);
    if (set === undefined) throw new Error("no change");
    return await judged([...(await listOf(set.commits())), set.tip]);
  }

  async function fromRange(sample: Sample, before: string, after: string): Promise<Finding[]> {
    const options = { before, after, ref: "refs/heads/topic", governed: false };
    const set = await rangeChanges(repo, judging(sample, true), options);
    return await judged([...(await listOf(set.commits())), set.tip]);
  }

  /** Undefined where git does not let such a name into an index. */
  async function fromIndex(
    sample: Sample,
    before: string,
    after: string,
  ): Promise<Finding[] | undefined> {
    // A process less, six hundred times; by a rename, since the other surfaces read it meanwhile.
    const head = join(clone.folder, ".git/HEAD");
    writeFileSync(`${head}.new`, `${before}\n`);
    renameSync(`${head}.new`, head);
    const ran = await clone.tryGit(["read-tree", after]);
    if (ran.code !== 0) return undefined;
    return await judged(await stagedChange(repo, judging(sample, true)));
  }

  async function fromWhole(sample: Sample, after: string): Promise<Finding[]> {
    return await judged(await wholeChanges(judging(sample, true), await treeAt(repo, after)));
  }
});

/** As the program judges and merges them, without what a surface cannot have: commit and ref. */
async function judged(changes: readonly Change[]): Promise<Finding[]> {
  const reports = [];
  for (const change of changes) reports.push(await judgeOne(change, "sample"));
  return mergeReports("sample", reports)
    .findings.filter((one) => CONTENT.test(one.code))
    .map(({ commit: _commit, ref: _ref, ...rest }) => rest);
}

async function listOf(changes: AsyncGenerator<Change>): Promise<Change[]> {
  const list: Change[] = [];
  for await (const change of changes) list.push(change);
  return list;
}

const textOf = (findings: readonly Finding[]): string =>
  findings.map((one) => JSON.stringify(one)).join("\n");

/** git-fast-import(1): one commit with exactly these files. */
async function commitOf(ref: string, tree: Tree, goesOn = false): Promise<Buffer> {
  const parts: (string | Uint8Array)[] = [
    `commit ${ref}\ncommitter D <d@acme.example> 1700000000 +0000\ndata 4\nWork\n`,
    ...(goesOn ? ["deleteall\n"] : []),
  ];
  for (const entry of await tree.entries()) {
    const path = Buffer.from(pathToBytes(entry.path)).toString("latin1");
    const quoted = path.replaceAll(
      /[^\x21\x23-\x5b\x5d-\x7e]/g,
      (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, "0")}`,
    );
    if (entry.mode === "160000") {
      parts.push(`M 160000 ${"1".repeat(40)} "${quoted}"\n`);
      continue;
    }
    const bytes = await tree.read(entry);
    parts.push(`M ${entry.mode} inline "${quoted}"\ndata ${bytes.length}\n`, bytes, "\n");
  }
  return Buffer.concat(parts.map((part) => Buffer.from(part as string)));
}

test("docs/SURFACES.md says what each surface knows", async () => {
  const path = join(root, "docs/SURFACES.md");
  const table = await surfacesTable(RULES);
  if (process.env["WINGMAN_ACCEPT"] === "1") {
    const text = readFileSync(path, "utf8");
    const [start = ""] = text.split("<!-- table -->");
    writeFileSync(path, `${start}<!-- table -->\n\n${table}`);
  }
  expect(readFileSync(path, "utf8"), "WINGMAN_ACCEPT=1 writes it anew").toContain(table);
});
