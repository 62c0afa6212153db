/** What a ref would bring, on real repositories: ranges, pushes, tags, hostile objects, the index. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { claimsPath } from "@wingman/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  parsePrePushLines,
  parsePushedLines,
  prePushChanges,
  pushedChanges,
  type RefLine,
  rangeChanges,
  stagedChange,
} from "../src/index.ts";
import {
  alice,
  bobs,
  close,
  commitsOf,
  file,
  judgingOf,
  keys,
  sign,
  trailer,
} from "./changes-story.ts";
import { cleanEnv, commit, git, newRepo, open, rawTree, signs, temporaryDir } from "./fixture.ts";

const MAIN = "refs/heads/main";
const line = (before: string | undefined, after: string | undefined, ref: string): RefLine => ({
  before,
  after,
  ref,
});
const code = async (work: Promise<unknown>) =>
  await work.then(
    () => "no fault",
    (error: { code?: string }) => error.code,
  );

/** The one change set of one pushed line, refs as they stand. */
async function pushed(dir: string, one: RefLine, more: Parameters<typeof judgingOf>[1] = {}) {
  const repo = await open(dir);
  const [set] = await pushedChanges(repo, await judgingOf(repo, more), [one]);
  if (set === undefined) throw new Error("no set");
  return set;
}

describe("lines that git hands in", () => {
  it("reads created, moved and deleted refs, in both formats", () => {
    const a = "a".repeat(40);
    const b = "b".repeat(64);
    expect(
      parsePushedLines(
        `${"0".repeat(40)} ${a} refs/heads/x\n${b} ${"0".repeat(64)} refs/heads/y\n`,
      ),
    ).toEqual([
      { before: undefined, after: a, ref: "refs/heads/x" },
      { before: b, after: undefined, ref: "refs/heads/y" },
    ]);
    expect(
      parsePrePushLines(
        `HEAD ~1 x ${a} refs/heads/x ${"0".repeat(40)}\n(delete) ${"0".repeat(40)} refs/heads/y ${a}\n`,
      ),
    ).toEqual([
      { before: undefined, after: a, ref: "refs/heads/x" },
      { before: a, after: undefined, ref: "refs/heads/y" },
    ]);
    expect(parsePushedLines("")).toEqual([]);
  });

  it("faults on any other line, and never overlooks one", () => {
    for (const bad of [
      "x",
      "a b c",
      `${"a".repeat(40)} ${"b".repeat(39)} refs/heads/x`,
      `${"a".repeat(40)} ${"b".repeat(40)} `,
    ])
      expect(() => parsePushedLines(bad)).toThrow(/names no ref move/);
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          const lines = text.split("\n").filter((one) => one !== "").length;
          return (
            parsePushedLines(text).length === lines && parsePrePushLines(text).length === lines
          );
        } catch (error) {
          return (error as { code?: string }).code === "git/push-lines";
        }
      }),
    );
  });
});

describe("the commits of a push", () => {
  it("judges all of a first push to an empty repository", async () => {
    const dir = newRepo();
    commit(dir, { a: "1" }, { ref: "refs/in/1" });
    const tip = commit(dir, { b: "2" }, { ref: "refs/in/1" });
    git(dir, ["update-ref", "-d", "refs/in/1"]);
    const set = await pushed(dir, line(undefined, tip, MAIN));
    expect((await commitsOf(set)).map((one) => signs(one.own))).toEqual([["+a"], ["+b"]]);
    expect(set.ref).toEqual({ name: MAIN, before: undefined, after: tip, forced: false });
    expect(signs(set.landing?.own ?? [])).toEqual(["+a", "+b"]);
    expect(set.landing?.scope).toBe("landing");
  });

  it("a new branch on an old commit brings nothing, and its tip differs in nothing", async () => {
    const dir = newRepo();
    const old = commit(dir, { a: "1" });
    const tip = commit(dir, { b: "2" });
    const set = await pushed(dir, line(undefined, old, "refs/heads/release/1"), { trustedAt: tip });
    expect([set.size, set.governed, set.tip.own]).toEqual([0, true, []]);
    expect(set.landing?.ref?.before).toBeUndefined();
  });

  it("a deleted branch brings no commits but a change with an empty after", async () => {
    const dir = newRepo();
    const tip = commit(dir, { a: "1" });
    const set = await pushed(dir, line(tip, undefined, MAIN));
    expect([set.size, set.runs, await set.tip.after.entries()]).toEqual([0, [], []]);
    expect(set.ref).toMatchObject({ after: undefined, forced: false });
    expect(signs(set.landing?.own ?? [])).toEqual(["-a"]);
  });

  it("a force push is told, and only its new commits are walked", async () => {
    const dir = newRepo();
    const base = commit(dir, { a: "1" });
    const old = commit(dir, { b: "2" }, { ref: "refs/heads/f", parents: [base] });
    const after = commit(dir, { c: "3" }, { ref: "refs/in/1", parents: [base] });
    const set = await pushed(dir, line(old, after, "refs/heads/f"));
    expect((await commitsOf(set)).map((one) => one.commit)).toEqual([after]);
    expect(set.ref?.forced).toBe(true);
    expect(set.landing).toBeUndefined();
    expect((await pushed(dir, line(base, after, "refs/heads/f"))).ref?.forced).toBe(false);
  });

  it("walks a commit for main although it was parked on another ref before", async () => {
    const dir = newRepo();
    const base = commit(dir, { a: "1" });
    const parked = commit(dir, { bad: "x" }, { ref: "refs/heads/parked", parents: [base] });
    const set = await pushed(dir, line(base, parked, MAIN));
    expect((await commitsOf(set)).map((one) => one.commit)).toEqual([parked]);
  });

  it("two refs of one push do not help each other", async () => {
    const dir = newRepo();
    const base = commit(dir, { a: "1" });
    const one = commit(dir, { b: "2" }, { ref: "refs/in/1", parents: [base] });
    const repo = await open(dir);
    const lines = [line(base, one, MAIN), line(undefined, one, "refs/heads/copy")];
    const sets = await pushedChanges(repo, await judgingOf(repo), lines);
    expect(sets.map((set) => set.size)).toEqual([1, 1]);
  });

  it("many tags on old commits bring nothing, the new one among them is walked", async () => {
    const dir = newRepo();
    const base = commit(dir, { a: "1" });
    const main = commit(dir, { b: "1" });
    const fresh = commit(dir, { c: "1" }, { ref: "refs/in/1", parents: [main] });
    const repo = await open(dir);
    const sets = await pushedChanges(
      repo,
      await judgingOf(repo, { trustedAt: main }),
      [base, main, fresh].map((oid, at) => line(undefined, oid, `refs/tags/v${at}`)),
    );
    expect(sets.map((set) => [set.size, signs(set.tip.own)])).toEqual([
      [0, []],
      [0, []],
      [1, ["+c"]],
    ]);
  });

  it("a governed branch spelt otherwise is governed: on some disks it is the same file", async () => {
    const dir = newRepo();
    const base = commit(dir, { a: "1" });
    const governed = async (ref: string) =>
      (await pushed(dir, line(undefined, base, ref))).governed;
    const refs = ["refs/heads/MAIN", "refs/heads/Release/1", "refs/heads/mains", "refs/tags/main"];
    expect(await Promise.all(refs.map(governed))).toEqual([true, true, false, false]);
  });

  it("gives the same after the refs have moved (post-receive)", async () => {
    const dir = newRepo();
    const base = commit(dir, { a: "1" });
    const one = commit(dir, { b: "2", ...file(alice, close) });
    const repo = await open(dir);
    const lines = [line(base, one, MAIN), line(undefined, one, "refs/heads/copy")];
    const sets = await pushedChanges(
      repo,
      await judgingOf(repo, { trustedAt: base, pusher: "alice-bot" }),
      lines,
    );
    // What one ref of a push brings, no other brings once more.
    expect(sets.map((set) => [set.size, set.runs.length])).toEqual([
      [1, 1],
      [1, 0],
    ]);
    expect(sets[0]?.runs[0]?.broughtBy.get(0)).toMatchObject({ proven: true, proof: "pusher" });
  });

  it("gives each commit of a push once, and a governed branch its runs in any order", async () => {
    const dir = newRepo();
    const base = commit(dir, { a: "1" });
    const one = commit(dir, { b: "2", ...file(alice, close) });
    const two = commit(dir, { c: "3" });
    const repo = await open(dir);
    const judging = await judgingOf(repo, { trustedAt: base, pusher: "alice-bot" });
    const lines = [
      line(undefined, two, "refs/heads/first"),
      line(undefined, one, "refs/tags/old"),
      line(base, two, MAIN),
      line(one, two, "refs/heads/moved"),
    ];
    const sets = await pushedChanges(repo, judging, lines);
    const given = await Promise.all(sets.map(async (set) => (await commitsOf(set)).length));
    expect(given).toEqual([2, 0, 0, 0]);
    expect(sets.map((set) => set.runs.length)).toEqual([1, 0, 1, 0]);
    expect(sets.map((set) => set.size > 0)).toEqual([true, true, true, true]);
  });

  it("leaves out what the baseline adopted, and nothing for a tip that is not here", async () => {
    const dir = newRepo();
    const old = commit(dir, { secret: "x" });
    const baseline = JSON.stringify({ v: 1, tips: [old, "1".repeat(40)], findings: [] });
    const tip = commit(dir, { ".wingman/baseline.json": baseline });
    git(dir, ["update-ref", "-d", MAIN]);
    const set = await pushed(dir, line(undefined, tip, MAIN), { trustedAt: tip });
    expect((await commitsOf(set)).map((one) => one.commit)).toEqual([tip]);
    const broken = commit(dir, { ".wingman/baseline.json": "{" });
    expect(await code(pushed(dir, line(undefined, tip, MAIN), { trustedAt: broken }))).toBe(
      "baseline/unreadable",
    );
  });

  it("compares a merge with the automatic merge of its parents", async () => {
    const dir = newRepo();
    const base = commit(dir, { a: "1", fix: "old" });
    const side = commit(dir, { b: "2" }, { ref: "refs/heads/side", parents: [base] });
    const main = commit(dir, { fix: "new" }, { parents: [base] });
    const honest = commit(dir, { b: "2" }, { ref: "refs/in/1", parents: [main, side] });
    const evil = commit(
      dir,
      { b: "2", fix: "old", extra: "e" },
      { ref: "refs/in/2", parents: [main, side] },
    );
    const own = async (tip: string) =>
      signs((await commitsOf(await pushed(dir, line(main, tip, MAIN)))).at(-1)?.own ?? []);
    expect(await own(honest)).toEqual([]);
    expect(await own(evil)).toEqual(["+extra", "*fix"]);
  });

  it("walks refs outside refs/heads, and governs none of them", async () => {
    const dir = newRepo();
    commit(dir, { a: "1" });
    const note = commit(dir, { ab: "note" }, { ref: "refs/in/n", parents: [] });
    const set = await pushed(dir, line(undefined, note, "refs/notes/main"));
    expect([set.size, set.governed]).toEqual([1, false]);
    expect(set.tip.texts.map((text) => Buffer.from(text.bytes).toString())).toEqual([
      "refs/notes/main",
    ]);
  });
});

describe("tags", () => {
  it("an annotated tag of a tag brings its objects as texts and the commits behind it", async () => {
    const dir = newRepo();
    const base = commit(dir, { a: "1" });
    const tip = commit(dir, { b: "2" }, { ref: "refs/in/1", parents: [base] });
    git(dir, ["tag", "-a", "-m", "inner words", "inner", tip]);
    git(dir, ["tag", "-a", "-m", "outer words", "outer", "inner"]);
    const oid = git(dir, ["rev-parse", "outer"]);
    git(dir, ["tag", "-d", "inner", "outer"]);
    const set = await pushed(dir, line(undefined, oid, "refs/tags/v1"));
    expect((await commitsOf(set)).map((one) => one.commit)).toEqual([tip]);
    const texts = set.tip.texts.map((text) => Buffer.from(text.bytes).toString());
    expect(texts[0]).toBe("refs/tags/v1");
    expect(texts[1]).toContain("outer words");
    expect(texts[2]).toContain("inner words");
  });

  it("content that no commit carries is a change of its own", async () => {
    const dir = newRepo();
    const base = commit(dir, { a: "1" });
    const blob = git(dir, ["hash-object", "-w", "--stdin"], { input: "loose" });
    git(dir, ["tag", "-a", "-m", "w", "ofblob", blob]);
    git(dir, ["tag", "-a", "-m", "w", "oftree", `${base}^{tree}`]);
    for (const oid of [blob, git(dir, ["rev-parse", "ofblob"])]) {
      const set = await pushed(dir, line(undefined, oid, "refs/tags/b"));
      const [change, ...more] = await commitsOf(set);
      const entry = change?.own[0]?.after;
      expect([more.length, set.size, change?.scope]).toEqual([0, 1, "commit"]);
      expect(signs(set.tip.own)).toEqual([`+tag of blob ${blob}`]);
      expect(
        entry && Buffer.from(await (change?.after.read(entry) ?? Buffer.alloc(0))).toString(),
      ).toBe("loose");
    }
    const tree = await pushed(
      dir,
      line(undefined, git(dir, ["rev-parse", "oftree"]), "refs/tags/t"),
    );
    expect((await commitsOf(tree)).map((one) => signs(one.own))).toEqual([["+a"]]);
    // From a blob to a commit: whatever stood there, the ref does not go forward.
    expect((await pushed(dir, line(blob, base, "refs/tags/b"))).ref?.forced).toBe(true);
  });
});

describe("hostile objects", () => {
  it("are part of the change, and the rest is still judged", async () => {
    const dir = newRepo();
    const base = commit(dir, { a: "1" });
    const blob = git(dir, ["rev-parse", `${base}:a`]);
    const item = { mode: "100644", oid: blob };
    const tree = rawTree(dir, [
      { ...item, name: "x" },
      { ...item, name: "x" },
    ]);
    const bad = git(dir, ["commit-tree", tree, "-p", base, "-m", "bad"]);
    const tip = commit(dir, { b: "2" }, { ref: "refs/in/2", parents: [base] });
    const merged = git(dir, ["commit-tree", `${tip}^{tree}`, "-p", tip, "-p", bad, "-m", "m"]);
    const set = await pushed(dir, line(base, merged, MAIN));
    const all = await commitsOf(set);
    const found = new Map(all.map((one) => [one.commit, one.hostile?.[0]?.code]));
    expect(found.get(bad)).toBe("git/hostile-tree");
    expect(found.get(tip)).toBeUndefined();
    expect(all.length).toBe(3);
    const alone = await pushed(dir, line(base, bad, MAIN));
    expect(alone.landing?.hostile?.[0]?.code).toBe("git/hostile-tree");
    expect(await alone.landing?.after.entries()).toHaveLength(1);
  });

  it("a commit that cannot be parsed is one too", async () => {
    const dir = newRepo();
    const base = commit(dir, { a: "1" });
    const raw = `tree ${git(dir, ["rev-parse", `${base}^{tree}`])}\nparent ${base}\nno header at all\n\nmessage\n`;
    const bad = git(dir, ["hash-object", "-t", "commit", "-w", "--literally", "--stdin"], {
      input: raw,
    });
    const [change] = await commitsOf(await pushed(dir, line(base, bad, "refs/heads/x")));
    if (change?.hostile === undefined) return expect(change?.message).toBe("message\n");
    expect(change.hostile[0]?.code).toBe("git/hostile-commit");
    expect(Buffer.from(change.texts[0]?.bytes ?? []).toString()).toContain("no header at all");
  });
});

describe("who made it", () => {
  async function who(
    message: string,
    how: {
      key?: keyof typeof keys;
      times?: number;
      pusher?: string;
      main?: Record<string, string>;
    },
  ) {
    const dir = newRepo();
    const base = commit(dir, { a: "1", ...how.main });
    let tip = commit(dir, { b: "2" }, { ref: "refs/in/1", parents: [base], message });
    if (how.key !== undefined) tip = sign(dir, tip, keys[how.key], "refs/in/1", how.times);
    const set = await pushed(dir, line(base, tip, MAIN), { pusher: how.pusher, trustedAt: base });
    const [change] = await commitsOf(set);
    return {
      ...change?.identity,
      signature: change?.signature?.state,
      lander: set.landing?.identity.kind,
      known: change?.known,
    };
  }

  it("weighs signature, pusher and trailer", async () => {
    expect(await who("plain", {})).toMatchObject({
      kind: "unattributed",
      proven: false,
      signature: "absent",
    });
    expect(await who("plain", { key: "mark" })).toMatchObject({
      kind: "administrator",
      proof: "signature",
      lander: "administrator",
    });
    expect(await who("plain", { key: "stranger" })).toMatchObject({
      kind: "unattributed",
      signature: "unknown",
    });
    expect(await who("plain", { key: "mark", times: 2 })).toMatchObject({
      kind: "unattributed",
      signature: "bad",
    });
    expect(await who(trailer(alice), { key: "alice" })).toMatchObject({
      kind: "worker",
      name: alice.worker,
      proven: true,
    });
    expect(await who(trailer(alice), { key: "mark" })).toMatchObject({
      kind: "worker",
      name: alice.worker,
      proven: false,
    });
    expect(await who(trailer(alice), { key: "bob" })).toMatchObject({
      kind: "worker",
      name: bobs.worker,
      proven: true,
    });
    expect(await who("plain", { key: "mark", pusher: "alice-bot" })).toMatchObject({
      kind: "worker",
      lander: "worker",
    });
  });

  it("a person may land a worker's commit, but a login of both is lowered by the trailer", async () => {
    expect(await who(trailer(alice), { key: "alice", pusher: "mark" })).toMatchObject({
      name: alice.worker,
      lander: "administrator",
    });
    expect(await who(trailer(alice), { pusher: "dana" })).toMatchObject({
      proven: true,
      lander: "worker",
    });
    expect(await who(trailer(bobs), { pusher: "dana" })).toMatchObject({
      proven: false,
      lander: "person",
    });
  });

  it("a trailer of a run that is closed on a governed branch lowers nothing", async () => {
    expect(await who(trailer(alice), { key: "mark", main: file(alice, close) })).toMatchObject({
      kind: "administrator",
    });
    expect(await who(trailer(alice), { key: "mark", main: file(alice) })).toMatchObject({
      kind: "worker",
    });
  });
});

describe("ranges", () => {
  it("a range on the governed branch itself is not empty", async () => {
    const dir = newRepo();
    const base = commit(dir, { a: "1" });
    const tip = commit(dir, { b: "2" });
    const repo = await open(dir);
    const set = await rangeChanges(repo, await judgingOf(repo), {
      before: base,
      after: tip,
      governed: true,
    });
    expect([set.size, set.ref, signs(set.landing?.own ?? [])]).toEqual([1, undefined, ["+b"]]);
    const missing = rangeChanges(repo, await judgingOf(repo), {
      before: "1".repeat(40),
      after: tip,
      governed: true,
    });
    expect(await code(missing)).toBe("git/missing-object");
  });

  it("a proposal is compared from where it left, and forces nothing", async () => {
    const dir = newRepo();
    const base = commit(dir, { a: "1" });
    const head = commit(dir, { mine: "2" }, { ref: "refs/heads/pr", parents: [base] });
    const main = commit(dir, { theirs: "3" }, { parents: [base] });
    const repo = await open(dir);
    const options = { before: main, after: head, governed: true } as const;
    const set = await rangeChanges(repo, await judgingOf(repo), options);
    expect(signs(set.landing?.own ?? [])).toEqual(["+mine"]);
    const moved = await rangeChanges(repo, await judgingOf(repo), {
      ...options,
      ref: MAIN,
      proposal: false,
    });
    expect([moved.ref?.forced, signs(moved.tip.own)]).toEqual([true, ["+mine", "-theirs"]]);
    const told = await rangeChanges(repo, await judgingOf(repo), { ...options, ref: MAIN });
    expect([told.ref?.forced, signs(told.tip.own)]).toEqual([false, ["+mine"]]);
  });
});

describe("local surfaces", () => {
  function clone() {
    const remote = newRepo();
    commit(remote, { a: "1" });
    const dir = temporaryDir();
    git(dir, ["clone", "-q", remote, "."]);
    return { remote, dir };
  }

  it("pre-push on main counts what the remote has not, whatever the local branch holds", async () => {
    const { dir } = clone();
    const base = git(dir, ["rev-parse", "HEAD"]);
    const tip = commit(dir, { b: "2" });
    const repo = await open(dir);
    const judging = await judgingOf(repo, { trustedAt: tip, local: true });
    const [set] = await prePushChanges(repo, judging, [line(base, tip, MAIN)]);
    expect([set?.size, set?.ref?.forced]).toEqual([1, false]);
    const [unknown] = await prePushChanges(repo, judging, [line("1".repeat(40), tip, MAIN)]);
    expect([unknown?.size, unknown?.ref?.forced]).toEqual([1, true]);
  });

  it("staged: unborn, then against HEAD, with the message's run, and no landing", async () => {
    const dir = newRepo();
    writeFileSync(join(dir, "a"), "1");
    git(dir, ["add", "a"]);
    const repo = await open(dir);
    const judging = await judgingOf(repo, { local: true });
    const [first, firstTip] = await stagedChange(repo, judging);
    expect([first?.parents, signs(first?.own ?? []), signs(firstTip?.own ?? [])]).toEqual([
      [],
      ["+a"],
      ["+a"],
    ]);
    expect([first?.ref?.name, first?.message, [...(first?.known ?? [])]]).toEqual([
      MAIN,
      undefined,
      [],
    ]);
    git(dir, ["commit", "-qm", "one"]);
    writeFileSync(join(dir, "b"), "2");
    git(dir, ["add", "b"]);
    writeFileSync(join(dir, "b"), "another, unstaged");
    const changes = await stagedChange(await open(dir), judging, { message: trailer(alice) });
    expect(changes.map((one) => [one.scope, signs(one.own)])).toEqual([
      ["commit", ["+b"]],
      ["tip", ["+b"]],
    ]);
    expect(changes[0]?.identity).toMatchObject({
      kind: "worker",
      name: alice.worker,
      proven: false,
    });
    const entry = changes[0]?.own[0]?.after;
    expect(entry && Buffer.from((await changes[0]?.after.read(entry)) ?? []).toString()).toBe("2");
  });

  it("staged merge: only what differs from the automatic merge is its own", async () => {
    const dir = newRepo();
    const base = commit(dir, { a: "1\n" });
    git(dir, ["reset", "-q", "--hard"]);
    commit(dir, { theirs: "t" }, { ref: "refs/heads/side", parents: [base] });
    commit(dir, { mine: "m" }, { parents: [base] });
    git(dir, ["reset", "-q", "--hard"]);
    git(dir, ["merge", "-q", "--no-commit", "--no-ff", "side"]);
    const repo = await open(dir);
    const [honest] = await stagedChange(repo, await judgingOf(repo, { local: true }));
    expect([honest?.parents.length, honest?.own]).toEqual([2, []]);
    writeFileSync(join(dir, "evil"), "e");
    git(dir, ["add", "evil"]);
    const [evil, tip] = await stagedChange(await open(dir), await judgingOf(repo, { local: true }));
    expect([signs(evil?.own ?? []), signs(tip?.own ?? [])]).toEqual([
      ["+evil"],
      ["+evil", "+theirs"],
    ]);
  });
});

describe("places", () => {
  it("reads what is still in quarantine, merges included", async () => {
    const server = newRepo("--bare");
    const base = commit(server, { a: "1" });
    const dev = temporaryDir();
    git(dev, ["clone", "-q", server, "."]);
    const side = commit(dev, { s: "1" }, { ref: "refs/heads/side", parents: [base] });
    const mine = commit(dev, { m: "1", ...file(alice) }, { parents: [base] });
    const files = { s: "1", evil: "e", ...file(alice, close) };
    const tip = commit(dev, files, { parents: [mine, side] });
    const repo = await open(server, {
      ...cleanEnv,
      GIT_DIR: ".",
      GIT_OBJECT_DIRECTORY: join(dev, ".git", "objects"),
      GIT_ALTERNATE_OBJECT_DIRECTORIES: join(server, "objects"),
      GIT_QUARANTINE_PATH: join(dev, ".git", "objects"),
    });
    const judging = await judgingOf(repo, { pusher: "alice-bot", trustedAt: base });
    const [set] = await pushedChanges(repo, judging, [line(base, tip, MAIN)]);
    const all = set === undefined ? [] : await commitsOf(set);
    const claims = claimsPath(alice);
    expect(all.map((one) => signs(one.own)).at(-1)).toEqual([`*${claims}`, "+evil"]);
    expect([all.length, set?.runs[0]?.end.commit, [...(set?.runs[0]?.foreign ?? [])]]).toEqual([
      3,
      tip,
      ["s"],
    ]);
    expect(set?.runs[0]?.broughtBy.get(1)).toMatchObject({ proven: true });
  });

  it("works in a SHA-256 repository", async () => {
    const dir = newRepo("--object-format=sha256");
    const base = commit(dir, { a: "1" });
    const tip = commit(dir, { w: "1", ...file(alice, close) });
    const zeros = "0".repeat(64);
    const repo = await open(dir);
    const lines = parsePushedLines(`${zeros} ${tip} refs/heads/x\n${base} ${zeros} refs/heads/y\n`);
    git(dir, ["update-ref", "-d", MAIN]);
    const [made, gone] = await pushedChanges(repo, await judgingOf(repo), lines);
    expect([made?.size, made?.runs.length, gone?.size, gone?.ref?.after]).toEqual([
      2,
      1,
      0,
      undefined,
    ]);
  });

  it("a merge of branches that began apart, and one of three, stop nothing", async () => {
    const dir = newRepo();
    const one = commit(dir, { a: "1" });
    const two = commit(dir, { b: "1" }, { ref: "refs/in/2", parents: [] });
    const three = commit(dir, { c: "1" }, { ref: "refs/in/3", parents: [one] });
    const tip = commit(
      dir,
      { b: "1", c: "1", x: "1" },
      { ref: "refs/in/4", parents: [one, two, three] },
    );
    const set = await pushed(dir, line(one, tip, MAIN));
    expect(signs((await commitsOf(set)).at(-1)?.own ?? [])).toContain("+x");
  });
});

describe("size", () => {
  it("3,000 commits of 6 files", async () => {
    const dir = newRepo("--bare");
    const stream: string[] = [];
    for (let n = 1; n <= 3000; n += 1) {
      stream.push(
        `commit refs/in/1\nmark :${n}\ncommitter D <d@d> ${1700000000 + n} +0000\ndata 2\nm\n`,
      );
      if (n > 1) stream.push(`from :${n - 1}\n`);
      for (let f = 0; f < 6; f += 1) {
        const text = `${n} ${f} ${"x".repeat(3000)}`;
        stream.push(`M 100644 inline src/d${n % 20}/f${f}.txt\ndata ${text.length}\n${text}\n`);
      }
    }
    git(dir, ["fast-import", "--quiet"], { input: stream.join("") });
    const tip = git(dir, ["rev-parse", "refs/in/1"]);
    git(dir, ["update-ref", "-d", "refs/in/1"]);
    const repo = await open(dir);
    const start = performance.now();
    const [set] = await pushedChanges(repo, await judgingOf(repo), [line(undefined, tip, MAIN)]);
    let paths = 0;
    if (set !== undefined) for await (const change of set.commits()) paths += change.own.length;
    console.log(`3,000 commits, ${paths} paths: ${Math.round(performance.now() - start)} ms`);
    expect([set?.size, paths]).toEqual([3000, 18000]);
  }, 120_000);
});
