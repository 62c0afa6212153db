/**
 * Git's own commands as ways in: whatever made a commit (cherry-pick, revert, rebase, am, merge
 * strategies, fast-import, a bundle, plumbing, …) and however it is pushed (mirror, prune, lease,
 * atomic, options), what it carries is judged the same. Each way carries an offence and is refused;
 * the same way with honest work lands.
 */
import { type Ran, repositoryAt, secret, temporaryFolder } from "@wingman/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { type Actor, WORK, WORKERS, type World, workerWorld, writeRun } from "./worker-world.ts";

interface Offence {
  readonly name: string;
  readonly as: Actor;
  readonly code: string;
  /** Makes one commit on the branch that is checked out. */
  make(world: World): Promise<unknown>;
}

const created = ["file.created", { path: WORK }] as const;

const OFFENCES: readonly Offence[] = [
  {
    name: "a secret",
    as: "dana",
    code: "secrets/found",
    make: async ({ clone, keys }) =>
      await clone.commit("Work", { as: keys.dana, files: { "s.txt": `${secret("github")}\n` } }),
  },
  {
    name: "unaccepted work",
    as: "alice",
    code: "run/none",
    make: async ({ clone, keys }) =>
      await clone.commit("Work", { as: keys.alice, files: { [WORK]: "1\n" } }),
  },
  {
    name: "another worker's claims",
    as: "alice",
    code: "claims/owner",
    make: async ({ clone, keys }) => {
      const run = writeRun({ worker: WORKERS.bob, claims: [created] });
      await clone.commit("Work", { as: keys.alice, files: { [run.path]: run.text } });
    },
  },
  {
    name: "a weakened policy",
    as: "dana",
    code: "law/protected",
    make: async ({ clone, keys }) => {
      const policy = clone.read(".wingman/policy.yaml").replace("revision: 1", "revision: 2");
      await clone.commit("Loosen", { as: keys.dana, files: { ".wingman/policy.yaml": policy } });
    },
  },
  {
    name: "rewritten claims",
    as: "alice",
    code: "claims/rewritten",
    make: async ({ clone, keys }) => {
      const run = writeRun({ run: LANDED, claims: [["file.exists", { path: "README.md" }]] });
      await clone.commit("Work", { as: keys.alice, files: { [run.path]: run.text } });
    },
  },
];
const LANDED = "20261122-090001-land";
const MAIN = "refs/heads/main";
const TOPIC = "refs/heads/topic";

const HONEST: Offence = {
  name: "honest work",
  as: "dana",
  code: "",
  make: async ({ clone, keys }) => {
    count += 1;
    await clone.commit("Work", { as: keys.dana, files: { [`honest/${count}.txt`]: `${count}\n` } });
  },
};
let count = 0;

/** What makes another commit of the seed, which is on main's tip and checked out; gives its id. */
type Making = (world: World, seed: string) => Promise<string>;
/** What pushes HEAD to a ref. */
type Pushing = (world: World, how: { as: Actor; ref: string }) => Promise<Ran>;

const who = ["-c", "user.name=D", "-c", "user.email=dana@acme.example"];

const onHead =
  (...steps: readonly ((seed: string) => readonly string[])[]): Making =>
  async ({ clone }, seed) => {
    for (const step of steps) await clone.git(...who, ...step(seed));
    return await clone.git("rev-parse", "HEAD");
  };
const back = (): readonly string[] => ["reset", "-q", "--hard", "origin/main"];
const plain = (): readonly string[] => ["commit", "-q", "--allow-empty", "-m", "Other work"];
const pick = (seed: string): readonly string[] => ["cherry-pick", "-n", seed];
const commit =
  (...args: readonly string[]) =>
  () => ["commit", "-q", ...args];
const merge =
  (...args: readonly string[]) =>
  (seed: string) => ["merge", "-q", ...args, seed];

async function fed(world: World, args: readonly string[], input: string): Promise<void> {
  const ran = await world.clone.tryGit([...who, ...args], { input });
  if (ran.code !== 0) throw new Error(ran.stderr);
}

const MAKINGS: Readonly<Record<string, Making>> = {
  "cherry-pick": onHead(back, plain, (seed) => ["cherry-pick", seed]),
  "cherry-pick without its commit": onHead(back, pick, commit("-m", "Mine")),
  "revert, and revert of the revert": onHead(
    () => ["revert", "--no-edit", "HEAD"],
    () => ["revert", "--no-edit", "HEAD"],
  ),
  rebase: onHead(
    () => ["checkout", "-q", "-B", "onto", "origin/main"],
    plain,
    (seed) => ["rebase", "-q", "--onto", "onto", "origin/main", seed],
  ),
  "amend into another": onHead(back, plain, pick, commit("--amend", "-m", "Both")),
  "a fixup that autosquash folds": onHead(back, plain, pick, commit("--fixup", "HEAD"), () => [
    ...["-c", "sequence.editor=true", "rebase", "-q", "-i", "--autosquash", "--keep-empty"],
    "origin/main",
  ]),
  "a merge": onHead(back, plain, merge("--no-ff", "-m", "Merge")),
  "a merge that prefers their side": onHead(back, plain, merge("--no-ff", "-Xtheirs", "-m", "M")),
  "a squash": onHead(back, merge("--squash"), commit("-m", "One")),
  "an octopus": async ({ clone }, seed) => {
    const side = async (name: string): Promise<string> =>
      await clone.git(
        ...who,
        ...["commit-tree", "origin/main^{tree}", "-p", "origin/main"],
        "-m",
        name,
      );
    await clone.git("reset", "-q", "--hard", await side("first"));
    await clone.git(...who, "merge", "-q", "--no-ff", "-m", "All", seed, await side("second"));
    return await clone.git("rev-parse", "HEAD");
  },
  "a subtree": onHead(
    back,
    (seed) => ["read-tree", "--prefix=vendored/", `${seed}^{tree}`],
    commit("-m", "Vendor"),
    // What a subtree hides is found by its content: law and claims are none below a folder.
    (seed) => ["merge", "-q", "-s", "ours", "--no-ff", "-m", "Join", seed],
  ),
  "a merge that undoes it": onHead(back, plain, (seed) => [
    "merge",
    "-q",
    "-s",
    "ours",
    "--no-ff",
    "-m",
    "Merge",
    seed,
  ]),
  "am of a patch": async (world, seed) => {
    const patch = await world.clone.git("format-patch", "-1", "--stdout", "--no-signature", seed);
    await world.clone.git("reset", "-q", "--hard", "origin/main");
    await fed(world, ["am", "-q"], `${patch}\n`);
    return await world.clone.git("rev-parse", "HEAD");
  },
  "fast-export and fast-import": async (world, seed) => {
    await world.clone.git("branch", "-f", "exported", seed);
    const stream = await world.clone.git("fast-export", "exported", "^origin/main");
    const renamed = stream.replaceAll("refs/heads/exported", "refs/heads/imported");
    await fed(world, ["fast-import", "--quiet", "--force"], `${renamed}\n`);
    return await world.clone.git("rev-parse", "imported");
  },
  "filter-branch": async ({ clone }) => {
    const args = ["filter-branch", "-f", "--msg-filter", "cat; echo filtered", "origin/main..HEAD"];
    const env = { FILTER_BRANCH_SQUELCH_WARNING: "1" };
    const ran = await clone.tryGit([...who, ...args], { env });
    if (ran.code !== 0) throw new Error(ran.stderr);
    return await clone.git("rev-parse", "HEAD");
  },
  "commit-tree and update-ref": async ({ clone }, seed) => {
    const args = ["commit-tree", `${seed}^{tree}`, "-p", "origin/main", "-m", "Plumbed"];
    await clone.git("update-ref", "refs/heads/plumbed", await clone.git(...who, ...args));
    return await clone.git("rev-parse", "plumbed");
  },
  "a bundle": async ({ clone }) => {
    const file = `${temporaryFolder()}/b.bundle`;
    await clone.git("bundle", "create", "-q", file, "HEAD", "^origin/main");
    await clone.git("fetch", "-q", file, "+HEAD:refs/heads/unbundled");
    return await clone.git("rev-parse", "unbundled");
  },
  "a renamed branch": onHead(() => ["branch", "-M", "renamed"]),
  "a stash": onHead(
    back,
    pick,
    () => ["stash", "push", "-q"],
    () => ["checkout", "-q", "stash@{0}"],
  ),
  "a note's blob": async ({ clone }, seed) => {
    await clone.git("update-ref", "-d", "refs/notes/w");
    await clone.git(...who, "notes", "--ref=w", "add", "-f", "-m", "see there", seed);
    const note = await clone.git("rev-parse", "refs/notes/w");
    return await clone.git(
      ...who,
      "commit-tree",
      `${note}^{tree}`,
      "-p",
      note,
      "-p",
      seed,
      "-m",
      "N",
    );
  },
};

const loginOf = (as: Actor): string => (as === "dana" ? "dana@acme.example" : `${as}-bot`);

/** A push of HEAD from another place, or with options. */
const from =
  (make: (world: World, folder: string) => Promise<unknown>): Pushing =>
  async (world, { as, ref }) => {
    const folder = `${temporaryFolder()}/clone`;
    await make(world, folder);
    const args = ["-q", world.server.folder, `HEAD:${ref}`];
    return await repositoryAt(folder).push(args, { pusher: loginOf(as) });
  };
const withOptions =
  (...options: readonly string[]): Pushing =>
  async ({ clone }, { as, ref }) =>
    await clone.push(["-q", ...options, "origin", `HEAD:${ref}`], { pusher: loginOf(as) });

const PUSHINGS: Readonly<Record<string, Pushing>> = {
  "a linked worktree": from(({ clone }, folder) =>
    clone.git("worktree", "add", "-q", "--detach", folder, "HEAD"),
  ),
  "a clone that borrows its objects": from(({ clone }, folder) =>
    clone.git("clone", "-q", "--shared", clone.folder, folder),
  ),
  "a shallow clone": from(({ clone }, folder) =>
    clone.git("clone", "-q", "--depth=2", `file://${clone.folder}`, folder),
  ),
  "a partial clone": from(async ({ clone }, folder) => {
    await clone.git("config", "uploadpack.allowFilter", "true");
    await clone.git("clone", "-q", "--filter=blob:none", `file://${clone.folder}`, folder);
  }),
  "an atomic push beside a clean ref": async ({ clone }, { as, ref }) => {
    const args = ["-q", "--atomic", "origin", "origin/main:refs/heads/clean", `HEAD:${ref}`];
    return await clone.push(args, { pusher: loginOf(as) });
  },
  "a push with options": async (world, how) => {
    await world.server.git("config", "receive.advertisePushOptions", "true");
    return await withOptions("-o", "wingman.skip", "-o", "ci.skip")(world, how);
  },
  "a force with lease": withOptions("--force-with-lease"),
  "a mirror, which prunes": async ({ clone, server }, { as, ref }) => {
    const folder = temporaryFolder();
    await clone.git("clone", "-q", "--mirror", server.folder, folder);
    const mirror = repositoryAt(folder);
    await mirror.git("fetch", "-q", clone.folder, `+HEAD:${ref}`);
    return await mirror.push(["-q", "--mirror", server.folder], { pusher: loginOf(as) });
  },
  "an annotated tag that follows": async (world, how) => {
    await world.clone.git(...who, "tag", "-a", "-m", "One", how.ref.replaceAll("/", "-"));
    return await withOptions("--follow-tags")(world, how);
  },
};

describe("by git's own commands", () => {
  let world: World;
  beforeAll(async () => {
    world = await workerWorld();
    const run = writeRun({ run: LANDED, claims: [created] });
    await world.branch();
    await world.work(run, { files: { [run.path]: run.text, [WORK]: "0\n" } });
    const push = await world.push("alice", "HEAD:refs/heads/main");
    if (push.code !== 0) throw new Error(push.stderr);
    await world.clone.git("fetch", "-q", "origin");
  }, 60_000);

  async function seed(offence: Offence): Promise<string> {
    await world.branch();
    await offence.make(world);
    return await world.clone.git("rev-parse", "HEAD");
  }

  const offending = (names: readonly string[]) =>
    names.map((name, at) => [name, OFFENCES[at % OFFENCES.length] as Offence] as const);
  // Law is judged where it lands.
  const refOf = (offence: Offence): string => (offence.code === "law/protected" ? MAIN : TOPIC);

  async function refused(offence: Offence, push: Ran, before: string): Promise<void> {
    expect(push.stderr).toContain(`[${offence.code}]`);
    expect(push.code).not.toBe(0);
    expect(await world.refs()).toBe(before);
  }

  test.each(offending(Object.keys(MAKINGS)))(
    "%s with an offence is refused",
    async (name, offence) => {
      const before = await world.refs();
      const oid = await MAKINGS[name]?.(world, await seed(offence));
      await refused(offence, await world.push(offence.as, `+${oid}:${refOf(offence)}`), before);
    },
  );

  test.each(offending(Object.keys(PUSHINGS)))(
    "%s with an offence is refused",
    async (name, offence) => {
      const before = await world.refs();
      await seed(offence);
      const push = await PUSHINGS[name]?.(world, { as: offence.as, ref: refOf(offence) });
      await refused(offence, push as Ran, before);
    },
  );

  test("each with honest work lands", async () => {
    const made: string[] = [];
    for (const make of Object.values(MAKINGS)) made.push(await make(world, await seed(HONEST)));
    const specs = made.map((oid, at) => `${oid}:refs/heads/made-${at}`);
    const push = await world.push("dana", ...specs);
    expect(push.code === 0 ? "" : push.stderr).toBe("");
  }, 60_000);

  test.each(Object.entries(PUSHINGS))("%s with honest work lands", async (name, way) => {
    await seed(HONEST);
    const push = await way(world, {
      as: "dana",
      ref: `refs/heads/${name.replaceAll(/\W+/g, "-")}`,
    });
    expect(push.code === 0 ? "" : push.stderr).toBe("");
  });
});
