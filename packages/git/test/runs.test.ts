/** Runs as real histories show them: S, P, own diff, foreign paths, and who brought each line. */
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { claimsPath, type Run, type RunName } from "@wingman/model";
import { describe, expect, it } from "vitest";
import {
  allClosedRuns,
  closedRuns,
  openRepo,
  openRunAt,
  pushedChanges,
  runOf,
  STAGED,
  stagedChange,
  stagedRun,
  treeAt,
} from "../src/index.ts";
import {
  alice,
  bobs,
  close,
  created,
  file,
  judgingOf,
  keys,
  retract,
  second,
  sign,
  trailer,
} from "./changes-story.ts";
import { cleanEnv, commit, git, newRepo, open, signs, temporaryDir } from "./fixture.ts";

const MAIN = "refs/heads/main";
const code = async (work: Promise<unknown>) =>
  await work.then(
    () => "no fault",
    (error: { code?: string }) => error.code,
  );

/** The runs that moving main from `before` to its tip brings. */
async function brought(
  dir: string,
  before: string | undefined,
  more: { pusher?: string; trustedAt?: string } = {},
) {
  const repo = await open(dir);
  const tip = git(dir, ["rev-parse", MAIN]);
  const [set] = await pushedChanges(repo, await judgingOf(repo, more), [
    { before, after: tip, ref: MAIN },
  ]);
  return set?.runs ?? [];
}
const only = (runs: readonly Run[]): Run => {
  const [run, ...more] = runs;
  if (run === undefined || more.length > 0) throw new Error(`${runs.length} runs`);
  return run;
};
const extent = (run: Run) => ({
  start: run.start.commit,
  end: run.end.commit,
  diff: signs(run.diff),
  foreign: [...run.foreign],
});
const claimsOf = (name: RunName) => claimsPath(name);

describe("where a run begins and ends", () => {
  it("from before `open` to the commit of `close`, with all that its commits changed", async () => {
    const dir = newRepo();
    const base = commit(dir, { a: "1" });
    commit(dir, file(alice), { message: trailer(alice) });
    commit(dir, { w: "1", gone: "x" }, { message: trailer(alice) });
    const end = commit(
      dir,
      { gone: null, ...file(alice, created("w"), close) },
      { message: trailer(alice) },
    );
    commit(dir, { later: "1" });
    const run = only(await brought(dir, base));
    expect(extent(run)).toEqual({
      start: base,
      end,
      diff: [`+${claimsOf(alice)}`, "+w"],
      foreign: [],
    });
    expect([run.file.close?.seq, run.incomplete, run.broughtBy.size]).toEqual([2, false, 3]);
  });

  it("a run that began with a root commit starts from the empty tree", async () => {
    const dir = newRepo();
    const end = commit(dir, { w: "1", ...file(alice, close) });
    const run = only(await brought(dir, undefined));
    expect(extent(run)).toEqual({
      start: undefined,
      end,
      diff: [`+${claimsOf(alice)}`, "+w"],
      foreign: [],
    });
  });

  it("pushed in two pushes: S lies before the range, and an open run is none", async () => {
    const dir = newRepo();
    const base = commit(dir, { a: "1" });
    const first = commit(dir, { w1: "1", ...file(alice) });
    expect(await brought(dir, base)).toEqual([]);
    const end = commit(dir, { w2: "1", ...file(alice, created("w1"), close) });
    const run = only(await brought(dir, first));
    expect(extent(run)).toMatchObject({
      start: base,
      end,
      diff: [`+${claimsOf(alice)}`, "+w1", "+w2"],
    });
    commit(dir, { later: "1" });
    expect(await brought(dir, end)).toEqual([]);
  });

  it("amend and rebase move both ends", async () => {
    const dir = newRepo();
    const base = commit(dir, { a: "1" });
    commit(dir, { w: "1", ...file(alice) });
    const old = commit(dir, file(alice, close));
    git(dir, ["update-ref", MAIN, base]);
    const onto = commit(dir, { other: "1" });
    git(dir, ["reset", "-q", "--hard"]);
    git(dir, ["checkout", "-q", "-b", "work", old]);
    git(dir, ["rebase", "-q", "main"]);
    git(dir, ["commit", "-q", "--amend", "-m", "amended"]);
    git(dir, ["update-ref", MAIN, "HEAD"]);
    const run = only(await brought(dir, onto));
    expect(extent(run)).toEqual({
      start: onto,
      end: git(dir, ["rev-parse", "HEAD"]),
      diff: [`+${claimsOf(alice)}`, "+w"],
      foreign: [],
    });
  });

  it("before all commits that name it: a file committed before its claims file, a rebase in another order", async () => {
    const dir = newRepo();
    const base = commit(dir, { a: "1" });
    const early = commit(dir, { w: "1" }, { message: trailer(alice) });
    const end = commit(dir, { v: "1", ...file(alice, close) }, { message: trailer(alice) });
    expect(extent(only(await brought(dir, early)))).toMatchObject({
      start: base,
      end,
      diff: [`+${claimsOf(alice)}`, "+v", "+w"],
    });
  });

  it("a close that was taken back is none; closed again, the last one counts", async () => {
    const dir = newRepo();
    const base = commit(dir, { a: "1" });
    commit(dir, file(alice, close));
    commit(dir, file(alice, close, retract(1)));
    expect(await brought(dir, base)).toEqual([]);
    const end = commit(dir, file(alice, close, retract(1), created("x"), close));
    expect(only(await brought(dir, base)).end.commit).toBe(end);
  });

  it("several runs in one push, and a broken file is none", async () => {
    const dir = newRepo();
    const base = commit(dir, { a: "1" });
    commit(dir, { w1: "1", ...file(alice, close) });
    commit(dir, {
      w2: "1",
      ...file(second, close),
      [claimsOf(bobs)]: "{}\n",
      ".wingman/claims/README": "x",
    });
    const runs = await brought(dir, base);
    expect(runs.map((run) => [run.name.run, signs(run.diff).at(-1)])).toEqual([
      [alice.run, "+w1"],
      [second.run, "+w2"],
    ]);
  });

  it.each(["spoilt", "a link"])(
    "a run whose file is %s at the tip is still brought",
    async (how) => {
      const dir = newRepo();
      const base = commit(dir, { a: "1" });
      const lines = file(alice, created("w"), close);
      const end = commit(dir, lines);
      if (how === "spoilt") commit(dir, { [claimsOf(alice)]: "garbage\n" });
      else {
        const id = git(dir, ["hash-object", "-w", "--stdin"], { input: "elsewhere" });
        git(dir, ["update-index", "--add", "--cacheinfo", `120000,${id},${claimsOf(alice)}`]);
        git(dir, ["commit", "-q", "-m", "link"]);
      }
      expect(only(await brought(dir, base)).end.commit).toBe(end);
    },
  );

  it("a run whose file is gone again at the tip is still brought", async () => {
    const dir = newRepo();
    const base = commit(dir, { a: "1" });
    const end = commit(dir, { w: "1", ...file(alice, close) });
    commit(dir, { [claimsOf(alice)]: null });
    expect(only(await brought(dir, base)).end.commit).toBe(end);
  });
});

describe("what is the run's own", () => {
  it("main merged in mid-run: its paths are foreign, the merge's own content is not", async () => {
    const dir = newRepo();
    const base = commit(dir, { a: "1" });
    const opened = commit(
      dir,
      { w: "1", ...file(alice) },
      { ref: "refs/heads/f", parents: [base] },
    );
    const main = commit(dir, { theirs: "1" }, { parents: [base] });
    const merge = commit(
      dir,
      { theirs: "1", evil: "e" },
      { ref: "refs/heads/f", parents: [opened, main] },
    );
    const end = commit(dir, file(alice, created("theirs"), close), { parents: [merge] });
    const run = only(await brought(dir, main));
    expect(extent(run)).toEqual({
      start: base,
      end,
      diff: [`+${claimsOf(alice)}`, "+evil", "+w"],
      foreign: ["theirs"],
    });
  });

  it("a branch merged into main in mid-run follows the claims file, not main's first parents", async () => {
    const dir = newRepo();
    const base = commit(dir, { a: "1" });
    commit(dir, file(alice), { ref: "refs/heads/f", parents: [base] });
    const work = commit(dir, { w: "1" }, { ref: "refs/heads/f" });
    const main = commit(dir, { theirs: "1" }, { parents: [base] });
    commit(dir, { w: "1", ...file(alice) }, { parents: [main, work] });
    const end = commit(dir, file(alice, close));
    expect(extent(only(await brought(dir, main)))).toEqual({
      start: base,
      end,
      diff: [`+${claimsOf(alice)}`, "+w"],
      foreign: ["theirs"],
    });
  });

  it("of a nameless side branch nobody can tell, nor of what a merge took over from the other side", async () => {
    const dir = newRepo();
    const base = commit(dir, { a: "1", b: "1" });
    const opened = commit(dir, { a: "mine", ...file(alice) }, { parents: [base] });
    const side = commit(dir, { s: "1" }, { ref: "refs/heads/side", parents: [opened] });
    const theirs = commit(dir, { a: "theirs" }, { ref: "refs/heads/theirs", parents: [base] });
    commit(dir, { s: "1", ...file(alice) }, { parents: [opened, side] });
    const before = git(dir, ["rev-parse", MAIN]);
    commit(dir, { a: "theirs", ...file(alice) }, { parents: [before, theirs] });
    commit(dir, { b: "2", ...file(alice, created("s"), close) });
    const run = only(await brought(dir, base));
    expect([...run.doubtful].sort()).toEqual(["a", "s"]);
    expect(signs(run.diff)).toEqual([`+${claimsOf(alice)}`, "*a", "*b"]);
    expect([await run.history.byOthers("a"), await run.history.byOthers("b")]).toEqual([
      true,
      false,
    ]);
  });

  it("another run's commits and another's proven commits are not its own; an unsigned one is", async () => {
    const dir = newRepo();
    const base = commit(dir, { a: "1" });
    commit(dir, file(alice));
    commit(dir, { bobs: "1", ...file(bobs) }, { message: trailer(bobs) });
    sign(dir, commit(dir, { marks: "1" }), keys.mark);
    commit(dir, { unsigned: "1" });
    commit(dir, file(alice, close), { message: trailer(alice) });
    const run = only(await brought(dir, base));
    expect(signs(run.diff)).toEqual([`+${claimsOf(alice)}`, "+unsigned"]);
    expect([...run.foreign]).toEqual([claimsOf(bobs), "bobs", "marks"]);
  });

  it("who lands it changes nothing in its diff", async () => {
    const dir = newRepo();
    const base = commit(dir, { a: "1" });
    commit(dir, file(alice));
    commit(dir, { w: "1" });
    commit(dir, file(alice, close));
    for (const pusher of ["mark", "alice-bot", "bob-bot"])
      expect(signs(only(await brought(dir, base, { pusher })).diff)).toEqual([
        `+${claimsOf(alice)}`,
        "+w",
      ]);
  });

  it("a rename is a path that went and one that came", async () => {
    const dir = newRepo();
    const base = commit(dir, { old: "same content\n" });
    commit(dir, { old: null, new: "same content\n", ...file(alice, close) });
    expect(signs(only(await brought(dir, base)).diff)).toEqual([
      `+${claimsOf(alice)}`,
      "+new",
      "-old",
    ]);
  });

  it("a commit that was undone within the run leaves no diff", async () => {
    const dir = newRepo();
    const base = commit(dir, { a: "1" });
    commit(dir, { a: "2", ...file(alice) });
    commit(dir, { a: "1", ...file(alice, close) });
    expect(signs(only(await brought(dir, base)).diff)).toEqual([`+${claimsOf(alice)}`]);
  });
});

describe("who brought the lines", () => {
  it("each line by the oldest commit that holds it: the worker's own, or another's", async () => {
    const dir = newRepo();
    const base = commit(dir, { a: "1" });
    sign(dir, commit(dir, file(alice), { message: trailer(alice) }), keys.alice);
    sign(dir, commit(dir, file(alice, created("x")), { message: trailer(alice) }), keys.bob);
    commit(dir, file(alice, created("x"), close), { message: trailer(alice) });
    const by = only(await brought(dir, base)).broughtBy;
    expect(by.get(0)).toMatchObject({ name: alice.worker, proven: true });
    expect(by.get(1)).toMatchObject({ name: bobs.worker, proven: true });
    expect(by.get(2)).toMatchObject({ name: alice.worker, proven: false, anyProof: false });
  });

  it("squashed by a person, the run is one commit and the lines are carried", async () => {
    const dir = newRepo();
    const base = commit(dir, { a: "1" });
    const end = sign(dir, commit(dir, { w: "1", ...file(alice, created("w"), close) }), keys.mark);
    const run = only(await brought(dir, base));
    expect(extent(run)).toEqual({
      start: base,
      end,
      diff: [`+${claimsOf(alice)}`, "+w"],
      foreign: [],
    });
    for (const seq of [0, 1, 2])
      expect(run.broughtBy.get(seq)).toMatchObject({ kind: "administrator", proven: true });
  });

  it("a nameless commit of several hands says so: co-authors, or another worker's run", async () => {
    const severalIn = async (message: string, more: Record<string, string> = {}) => {
      const dir = newRepo();
      const base = commit(dir, { a: "1" });
      commit(dir, { w: "1", ...file(alice, created("w"), close), ...more }, { message });
      return (await brought(dir, base)).map((run) => run.broughtBy.get(1)?.several);
    };
    expect(await severalIn("PR\n\n* x\n\nCo-authored-by: Eve <eve@acme.example>")).toEqual([true]);
    expect(await severalIn("PR", file(bobs, created("w"), close))).toEqual([true, true]);
    expect(await severalIn("PR\n\nCo-authored-by: Claude <noreply@anthropic.com>")).toEqual([
      undefined,
    ]);
    expect(await severalIn(`${trailer(alice)}Co-authored-by: Eve <eve@acme.example>`)).toEqual([
      undefined,
    ]);
  });

  it("cherry-picked to another governed branch with its trailer, the lines are the picker's", async () => {
    const dir = newRepo();
    const base = commit(dir, { a: "1" });
    const release = commit(dir, { r: "1" }, { ref: "refs/heads/release/1", parents: [base] });
    sign(
      dir,
      commit(dir, { w: "1", ...file(alice, close) }, { parents: [base], message: trailer(alice) }),
      keys.alice,
    );
    const picked = sign(
      dir,
      commit(
        dir,
        { w: "1", ...file(alice, close) },
        { ref: "refs/in/1", parents: [release], message: trailer(alice) },
      ),
      keys.mark,
      "refs/in/1",
    );
    const repo = await open(dir);
    const judging = await judgingOf(repo, { trustedAt: git(dir, ["rev-parse", MAIN]) });
    const [set] = await pushedChanges(repo, judging, [
      { before: release, after: picked, ref: "refs/heads/release/1" },
    ]);
    const run = only(set?.runs ?? []);
    expect([run.start.commit, run.end.commit]).toEqual([release, picked]);
    expect(run.broughtBy.get(0)).toMatchObject({ kind: "administrator", proven: true });
    // The worker's own commit, looked back at after it has landed, stays the worker's.
    const landed = only(
      await closedRuns(repo, judging, {
        commits: [git(dir, ["rev-parse", MAIN])],
        tip: git(dir, ["rev-parse", MAIN]),
      }),
    );
    expect(landed.broughtBy.get(0)).toMatchObject({
      kind: "worker",
      name: alice.worker,
      proven: true,
    });
  });

  it("removed and brought back by a person: the run begins where it first began, its lines are carried", async () => {
    const dir = newRepo();
    const base = commit(dir, { a: "1" });
    sign(
      dir,
      commit(dir, { w: "1", ...file(alice, created("w"), close) }, { message: trailer(alice) }),
      keys.alice,
    );
    const reverted = commit(dir, { w: null, [claimsOf(alice)]: null });
    const end = sign(dir, commit(dir, { w: "1", ...file(alice, created("w"), close) }), keys.mark);
    const run = only(await brought(dir, reverted));
    expect(extent(run)).toMatchObject({ start: base, end, diff: [`+${claimsOf(alice)}`, "+w"] });
    expect(run.broughtBy.get(1)).toMatchObject({ kind: "administrator" });
  });

  it("a pusher vouches only for commits that nobody pushed before", async () => {
    const dir = newRepo();
    const base = commit(dir, { a: "1" });
    const forged = commit(dir, file(alice, created("lie")), {
      ref: "refs/heads/danas",
      parents: [base],
      message: trailer(alice),
    });
    const end = commit(dir, file(alice, created("lie"), close), {
      ref: "refs/in/1",
      parents: [forged],
      message: trailer(alice),
    });
    git(dir, ["update-ref", "-d", "refs/in/1"]);
    const repo = await open(dir);
    const judging = await judgingOf(repo, { pusher: "alice-bot", trustedAt: base });
    const [set] = await pushedChanges(repo, judging, [
      { before: undefined, after: end, ref: "refs/heads/alices" },
    ]);
    const by = only(set?.runs ?? []).broughtBy;
    expect(by.get(1)).toMatchObject({ proven: false });
    expect(by.get(2)).toMatchObject({ proven: true, proof: "pusher" });
  });
});

describe("clones that do not hold everything", () => {
  function shallow(dir: string, depth: number): string {
    const clone = temporaryDir();
    git(clone, ["clone", "-q", "--depth", String(depth), `file://${dir}`, "."]);
    return clone;
  }

  it("S behind the cut makes the run incomplete, and names nobody for its lines", async () => {
    const dir = newRepo();
    commit(dir, { a: "1" });
    commit(dir, { w: "1", ...file(alice) });
    const middle = commit(dir, { w: "2", ...file(alice, created("w")) });
    const end = commit(dir, file(alice, created("w"), close));
    const clone = shallow(dir, 2);
    const repo = await open(clone);
    const run = only(await closedRuns(repo, await judgingOf(repo), { commits: [end], tip: end }));
    expect([run.incomplete, run.diff, run.end.commit, run.history.incomplete]).toEqual([
      true,
      [],
      end,
      true,
    ]);
    expect([...run.broughtBy.keys()]).toEqual([2]);
    expect(await run.history.find("1".repeat(40), end)).toBe("unknown");
    expect(
      await run.history.touched({ oid: middle, tree: "", parents: [], message: "", author: "" }),
    ).toBe("unknown");
    const whole = shallow(dir, 3);
    const other = await open(whole);
    const known = await runOf(other, await judgingOf(other), alice, end);
    expect(known?.incomplete).toBe(true);
  });

  it("P at or behind the cut is not placed: at another commit a true claim may look false", async () => {
    const dir = newRepo();
    commit(dir, { a: "1" });
    const end = commit(dir, { w: "1", ...file(alice, created("w"), close) });
    const tip = commit(dir, { w: null });
    for (const [depth, at] of [
      [1, tip],
      [2, end],
    ] as const) {
      const repo = await open(shallow(dir, depth));
      const judging = await judgingOf(repo);
      const run = await runOf(repo, judging, alice, tip);
      expect([run?.placed, run?.incomplete, run?.end.commit]).toEqual([false, true, at]);
      expect(run?.broughtBy.size).toBe(0);
      for await (const one of allClosedRuns(repo, judging, [tip])) expect(one.placed).toBe(false);
    }
    const repo = await open(shallow(dir, 3));
    const run = await runOf(repo, await judgingOf(repo), alice, tip);
    expect([run?.placed, run?.incomplete, run?.end.commit]).toEqual([true, false, end]);
  });

  /** A clone of what its filter lets through, with the remote gone. */
  function partial(dir: string, filter: string): string {
    const clone = temporaryDir();
    git(dir, ["config", "uploadpack.allowFilter", "true"]);
    git(clone, ["clone", "-q", `--filter=${filter}`, `file://${dir}`, "."]);
    git(clone, ["remote", "set-url", "origin", `file://${dir}-gone`]);
    return clone;
  }

  it("a clone without former files: the run is found, and nobody is named for its lines", async () => {
    const dir = newRepo();
    const base = commit(dir, { a: "1" });
    const first = commit(dir, { w: "1", ...file(alice) });
    const end = commit(dir, { w: "2", ...file(alice, created("w"), close) });
    const tip = commit(dir, { w: "3" });
    const repo = await open(partial(dir, "blob:none"));
    const run = await runOf(repo, await judgingOf(repo), alice, tip);
    expect([run?.placed, run?.incomplete, run?.start.commit, run?.end.commit]).toEqual([
      true,
      false,
      base,
      end,
    ]);
    expect(signs(run?.diff ?? [])).toEqual([`+${claimsOf(alice)}`, "+w"]);
    expect(run?.broughtBy.size).toBe(0);
    const made = await run?.history.present(first);
    expect(made).toMatchObject({ oid: first });
    expect(await run?.history.present("1".repeat(40))).toBe("absent");
    const w = await run?.end.tree.entry("w");
    expect(w && run && (await code(run.end.tree.read(w)))).toBe("git/missing-object");
  });

  it("a clone without former folders: nothing is said of the run's own tree", async () => {
    const dir = newRepo();
    commit(dir, { a: "1" });
    commit(dir, { w: "1", ...file(alice, created("w"), close) });
    const tip = commit(dir, { w: "3" });
    const repo = await open(partial(dir, "tree:0"));
    const judging = await judgingOf(repo);
    const found: Run[] = [];
    for await (const one of allClosedRuns(repo, judging, [tip])) found.push(one);
    expect(found.map((run) => [run.placed, run.incomplete])).toEqual([[false, true]]);
  });
});

describe("one run by its name, and all of them", () => {
  it("closed at P, open at the tip, unknown nowhere", async () => {
    const dir = newRepo();
    const base = commit(dir, { a: "1" });
    const end = commit(dir, { w: "1", ...file(alice, close) });
    commit(dir, { x: "1", ...file(second) });
    const tip = commit(dir, { y: "1" });
    const repo = await open(dir);
    const judging = await judgingOf(repo, { trustedAt: tip });
    expect(extent((await runOf(repo, judging, alice, tip)) as Run)).toMatchObject({
      start: base,
      end,
    });
    const openOne = await runOf(repo, judging, second, tip);
    expect([openOne?.file.close, openOne?.end.commit, signs(openOne?.diff ?? [])]).toEqual([
      undefined,
      tip,
      [`+${claimsOf(second)}`, "+x", "+y"],
    ]);
    expect(await runOf(repo, judging, bobs, tip)).toBeUndefined();
    expect((await openRunAt(await treeAt(repo, tip), second))?.lines.length).toBe(1);
    expect(await openRunAt(await treeAt(repo, tip), bobs)).toBeUndefined();
    const all: Run[] = [];
    for await (const run of allClosedRuns(repo, judging, [tip])) all.push(run);
    expect(all.map((run) => run.end.commit)).toEqual([end]);
  });

  it("staged: a run that the commit being made would close", async () => {
    const dir = newRepo();
    const base = commit(dir, { a: "1" });
    const head = commit(dir, { w: "1", ...file(alice) });
    git(dir, ["reset", "-q", "--hard"]);
    const repo = await open(dir);
    const judging = await judgingOf(repo, { local: true });
    writeFileSync(join(dir, "v"), "2");
    git(dir, ["add", "v"]);
    expect(await stagedRun(repo, judging, await stagedChange(repo, judging))).toEqual([]);
    writeFileSync(
      join(dir, claimsOf(alice)),
      file(alice, created("w"), close)[claimsOf(alice)] ?? "",
    );
    git(dir, ["add", claimsOf(alice)]);
    const run = only(await stagedRun(repo, judging, await stagedChange(repo, judging)));
    expect(extent(run)).toEqual({
      start: base,
      end: STAGED,
      diff: [`+${claimsOf(alice)}`, "+v", "+w"],
      foreign: [],
    });
    expect(await run.history.find(head.slice(0, 8), run.end.commit)).toMatchObject({ oid: head });
    git(dir, ["commit", "-qm", "closed"]);
    expect(await stagedRun(repo, judging, await stagedChange(repo, judging))).toEqual([]);
  });
});

describe("history", () => {
  it("finds by full and short id what the commit reaches, and nothing else", async () => {
    const dir = newRepo();
    const base = commit(dir, { a: "1" });
    const other = commit(dir, { o: "1" }, { ref: "refs/heads/other", parents: [base] });
    const end = commit(dir, { w: "1", ...file(alice, close) }, { parents: [base] });
    const repo = await open(dir);
    const run = only(await closedRuns(repo, await judgingOf(repo), { commits: [end], tip: end }));
    // Single look-ups first, then the list: both must say the same.
    for (let round = 0; round < 3; round += 1) {
      expect(await run.history.find(base, end)).toMatchObject({
        oid: base,
        author: "Dana <dana@acme.example>",
      });
      expect(await run.history.find(end.slice(0, 10).toUpperCase(), end)).toMatchObject({
        oid: end,
      });
      expect(await run.history.find(other, end)).toBe("absent");
      expect(await run.history.find(git(dir, ["rev-parse", `${end}:w`]), end)).toBe("absent");
      expect(await run.history.find("HEAD", end)).toBe("unknown");
    }
    const found = await run.history.find(end, end);
    expect(typeof found === "object" && signs((await run.history.touched(found)) as [])).toEqual([
      `+${claimsOf(alice)}`,
      "+w",
    ]);
  });

  it("says ambiguous where two reachable commits begin alike, and not where only a blob does", async () => {
    const dir = newRepo("--bare");
    let text = "";
    for (let n = 1; n <= 2000; n += 1)
      text += `commit ${MAIN}\nmark :${n}\ncommitter D <d@d> ${1700000000 + n} +0000\ndata 1\nm\n${n > 1 ? `from :${n - 1}\n` : ""}M 100644 inline f\ndata ${String(n).length}\n${n}\n`;
    git(dir, ["fast-import", "--quiet"], { input: text });
    const end = commit(dir, file(alice, close));
    const ids = git(dir, ["rev-list", MAIN])
      .split("\n")
      .map((id) => id.slice(0, 4));
    const twice = ids.find((id, at) => ids.indexOf(id) !== at);
    const once = ids.find((id) => ids.filter((one) => one === id).length === 1);
    const repo = await open(dir);
    const run = only(await closedRuns(repo, await judgingOf(repo), { commits: [end], tip: end }));
    for (let round = 0; round < 6; round += 1) {
      if (twice !== undefined) expect(await run.history.find(twice, end)).toBe("ambiguous");
      expect(await run.history.find(once ?? "", end)).toMatchObject({ parents: expect.any(Array) });
    }
  });
});

describe("claims about history", () => {
  it("200 of them share the processes of a few, and a ref that is called like an id is no answer", async () => {
    const dir = newRepo();
    const line = Array.from({ length: 20 }, (_, at) => commit(dir, { a: `${at}` }));
    const side = commit(dir, { s: "1" }, { ref: "refs/heads/side", parents: [line[3] ?? ""] });
    const tags = line.slice(0, 15).map((oid, at) => `create refs/tags/v${at} ${oid}\n`);
    git(dir, ["update-ref", "--stdin"], { input: tags.join("") });
    // Git itself takes this name for the branch, before it looks for ids that begin so.
    const [first = "", other = ""] = line;
    git(dir, ["branch", first.slice(0, 9), other]);
    const end = commit(dir, { w: "1", ...file(alice, close) });
    const traces = temporaryDir();
    const repo = await openRepo({ cwd: dir, env: { ...cleanEnv, GIT_TRACE2_EVENT: traces } });
    try {
      const run = only(await closedRuns(repo, await judgingOf(repo), { commits: [end], tip: end }));
      const { history } = run;
      const before = readdirSync(traces).length;
      for (const [at, oid] of line.entries()) {
        expect(await history.present(oid.slice(0, 9))).toMatchObject({ oid });
        expect(await history.find(oid.slice(0, 8 + (at % 5)), end)).toMatchObject({ oid });
        expect(
          (await history.branch(at % 2 === 0 ? "main" : "side")).map((one) => one.oid),
        ).toEqual([at % 2 === 0 ? end : side]);
        const tagged = await history.tag(`v${at}`);
        expect(typeof tagged === "object" ? tagged.oid : tagged).toBe(at < 15 ? oid : "absent");
      }
      for (let at = 0; at < 120; at += 1)
        expect(await history.present(`${at + 1000000}`)).toBe("absent");
      // One list of refs, one of ancestors, the branch that is called like an id, and what came before the list.
      expect(readdirSync(traces).length - before).toBeLessThan(12);
    } finally {
      await repo.close();
    }
  });
});

describe("size", () => {
  it("200 runs of 3 commits in one push", async () => {
    const dir = newRepo("--bare");
    const names: RunName[] = [];
    let text = "";
    let mark = 0;
    const add = (files: Record<string, string>) => {
      mark += 1;
      text += `commit refs/in/1\nmark :${mark}\ncommitter D <d@d> ${1700000000 + mark} +0000\ndata 2\nm\n${mark > 1 ? `from :${mark - 1}\n` : ""}`;
      for (const [path, content] of Object.entries(files))
        text += `M 100644 inline ${path}\ndata ${content.length}\n${content}\n`;
    };
    for (let n = 0; n < 200; n += 1) {
      const name = { worker: alice.worker, run: `20261122-${String(n).padStart(6, "0")}-aaaa` };
      names.push(name);
      add(file(name));
      add({ [`src/d${n % 20}/f${n}`]: "x" });
      add(file(name, created("x"), close));
    }
    git(dir, ["fast-import", "--quiet"], { input: text });
    const tip = git(dir, ["rev-parse", "refs/in/1"]);
    const repo = await open(dir);
    const start = performance.now();
    const [set] = await pushedChanges(repo, await judgingOf(repo), [
      { before: undefined, after: tip, ref: "refs/heads/x" },
    ]);
    console.log(`200 runs: ${Math.round(performance.now() - start)} ms`);
    expect(set?.runs.length).toBe(200);
    expect(set?.runs.every((run) => run.diff.length === 2 && run.foreign.size === 0)).toBe(true);
  });
});
