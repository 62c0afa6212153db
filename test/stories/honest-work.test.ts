/**
 * What honest people and workers do all day, through a server that enforces: none of it may be
 * refused, and none of it may accuse anybody. Every story is real git and real pushes.
 */
import { mark, newRepository, secret } from "@wingman/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import {
  appended,
  at,
  type Spare,
  WORK,
  type World,
  type WrittenRun,
  workerOf,
  workerWorld,
  writeRun,
} from "./worker-world.ts";

const MAIN = "HEAD:refs/heads/main";

describe.each(["sha1", "sha256"] as const)("honest work (%s)", (format) => {
  let world: World;
  // Where an id's length could matter it is asked of both formats; the rest is the same code.
  const once = (name: string, story: () => Promise<void>): void => {
    if (format === "sha1") test(name, story);
  };
  let spent = 0;
  const fresh = (): Spare => `w${spent++}`;

  beforeAll(async () => {
    world = await workerWorld({
      format,
      policy: {
        governed: ["main", "release/*"],
        bots: { dependabot: { logins: ["w40-bot"], paths: ["**/package.json"] } },
        protect: ["infra/**"],
      },
    });
  }, 60_000);

  /** Pushes; throws with the server's words where it is refused. */
  async function push(as: Parameters<World["push"]>[0], ...specs: string[]): Promise<void> {
    const ran = await world.push(as, ...specs);
    expect(ran.code === 0 ? "" : ran.stderr).toBe("");
    await world.clone.git("fetch", "-q", "--prune", "origin");
  }

  /** One commit of an honest run that makes a file; unsigned, the pusher vouches. */
  async function work(who: Spare, path: string, text = "1\n"): Promise<WrittenRun> {
    const run = writeRun({ worker: workerOf(who), claims: [["file.created", { path }]] });
    await world.branch();
    await world.clone.commit("Work", {
      trailer: run.trailer,
      files: { [run.path]: run.text, [path]: text },
    });
    return run;
  }

  async function accusations(): Promise<unknown[]> {
    return (await world.ledger()).filter((one) => one["verdict"] === "FALSE");
  }

  test("a worker's signed run lands", async () => {
    const run = writeRun({ claims: [["file.created", { path: WORK }]] });
    await world.branch();
    await world.work(run, { files: { [run.path]: run.text, [WORK]: "1\n" } });
    await push("alice");
    await push("alice", MAIN);
  });

  test("main is merged into a run under way, and it lands", async () => {
    const who = fresh();
    const path = "src/keys/merged.mjs";
    const run = writeRun({ worker: workerOf(who), claims: [["file.created", { path }]] });
    const branch = await world.branch();
    await world.clone.commit("Work", {
      trailer: run.trailer,
      files: { [run.path]: run.lines(1), [path]: "1\n" },
    });
    await push(who);
    await world.land("Meanwhile", { "README.md": "# Shop, meanwhile\n", "lib/new.mjs": "1\n" });
    await world.clone.git("checkout", "-q", "-f", branch);
    await world.clone.git("merge", "-q", "--no-ff", "--no-commit", "origin/main");
    await world.clone.commit("Merge main", { trailer: run.trailer });
    await world.clone.commit("Close", { trailer: run.trailer, files: { [run.path]: run.text } });
    await push(who, MAIN);
  });

  test("a run is rebased before and after it was pushed, and lands", async () => {
    const who = fresh();
    await work(who, "src/keys/rebased.mjs");
    const branch = (await world.clone.git("branch", "--show-current")).trim();
    await push(who, `HEAD:refs/heads/${branch}`);
    await world.land("Meanwhile", { "lib/rebase.mjs": "1\n" });
    await world.clone.git("checkout", "-q", "-f", branch);
    await world.clone.git("-c", `user.name=${mark.name}`, "rebase", "-q", "origin/main");
    await push(who, `+HEAD:refs/heads/${branch}`);
    await push(who, MAIN);
  });

  once("the last commit is amended before it is pushed", async () => {
    const who = fresh();
    const path = "src/keys/amended.mjs";
    const run = await work(who, path);
    const more = appended(run.lines(2), [
      { kind: "claim", type: "file.lines", args: { path, op: ">=", lines: 2 }, ts: at },
      { kind: "close", outcome: "done", ts: at },
    ]);
    await world.clone.git("reset", "-q", "--soft", "HEAD~1");
    await world.clone.commit("Work", {
      trailer: run.trailer,
      files: { [run.path]: more, [path]: "1\n2\n" },
    });
    await push(who, MAIN);
  });

  test("a person squashes a worker's branch", async () => {
    const who = fresh();
    const run = await work(who, "src/keys/squashed.mjs");
    const branch = await world.clone.git("branch", "--show-current");
    await push(who);
    await world.branch();
    await world.clone.git("merge", "-q", "--squash", branch);
    await world.clone.commit("Squash", { sign: world.keys.dana, as: world.keys.dana });
    await push("dana", MAIN);
    expect(world.clone.read(run.path)).toBe(run.text);
  });

  test("a person merges a worker's branch, and reverts it, and reverts the revert", async () => {
    const who = fresh();
    const path = "src/keys/reverted.mjs";
    await work(who, path);
    const branch = await world.clone.git("branch", "--show-current");
    await push(who);
    await world.branch();
    await world.clone.git("merge", "-q", "--no-ff", "--no-commit", branch);
    await world.clone.commit("Merge", { as: world.keys.dana });
    await push("dana", MAIN);
    for (const turn of ["Revert", "Revert the revert"]) {
      await world.branch();
      const merge = turn === "Revert" ? ["-m", "1"] : [];
      await world.clone.git("revert", "--no-commit", ...merge, "HEAD");
      await world.clone.commit(turn, { as: world.keys.dana });
      await push("dana", MAIN);
    }
    expect(world.clone.read(path)).toBe("1\n");
  });

  once("a landed run is picked to a release branch, by a person and by hand", async () => {
    await push("mark", "origin/main:refs/heads/release/1");
    const who = fresh();
    await work(who, "src/keys/picked.mjs");
    await push(who, MAIN);
    await world.branch("origin/release/1");
    await world.clone.git(
      "-c",
      "user.name=D",
      "-c",
      "user.email=d@acme.example",
      "cherry-pick",
      "origin/main",
    );
    await push("dana", "HEAD:refs/heads/release/1");
  });

  test("a person commits without anything, signed or not, known to the server or not", async () => {
    for (const as of ["dana", "mark", "stranger"] as const) {
      await world.branch();
      await world.clone.commit("Plain", { files: { [`plain/${as}.txt`]: `${as}\n` } });
      await push(as, MAIN);
    }
    await world.branch();
    await world.clone.commit("Signed", { sign: world.keys.dana, files: { "plain/s.txt": "s\n" } });
    await push("dana", MAIN);
  });

  once("a person lands an instruction, a run works on it", async () => {
    const text = (await world.clone.git("show", "origin/main:.wingman/instructions/INS-0007.md"))
      .replaceAll("INS-0007", "INS-0031")
      .concat("\n");
    await world.branch();
    await world.clone.commit("Order", { files: { ".wingman/instructions/INS-0031.md": text } });
    await push("dana", MAIN);
    const who = fresh();
    const path = "src/keys/ordered.mjs";
    const run = writeRun({
      worker: workerOf(who),
      instruction: "INS-0031",
      on: text,
      claims: [["file.created", { path }]],
    });
    await world.branch();
    await world.clone.commit("Work", {
      trailer: run.trailer,
      files: { [run.path]: run.text, [path]: "1\n" },
    });
    await push(who, MAIN);
  });

  once("a worker proposes an instruction on its branch, a person merges it", async () => {
    const who = fresh();
    const run = writeRun({ worker: workerOf(who), close: "none" });
    await world.branch();
    await world.clone.commit("Open", { trailer: run.trailer, files: { [run.path]: run.text } });
    await push(who);
  });

  once("a bot updates what is its own", async () => {
    await world.branch();
    await world.clone.commit("Bump", { files: { "app/package.json": "{}\n" } });
    await push("w40", MAIN);
  });

  test("a review is answered by a new run on the same branch", async () => {
    const who = fresh();
    const path = "src/keys/reviewed.mjs";
    await work(who, path);
    await push(who);
    const second = writeRun({
      worker: workerOf(who),
      claims: [["file.modified", { path }]],
    });
    await world.clone.commit("Answer", {
      trailer: second.trailer,
      files: { [second.path]: second.text, [path]: "2\n" },
    });
    await push(who);
    await push(who, MAIN);
  });

  once("branches come, are forced by their owner, and go; tags come and go", async () => {
    const who = fresh();
    await work(who, "src/keys/own.mjs");
    await push(who, "HEAD:refs/heads/own");
    await work(who, "src/keys/own2.mjs");
    await push(who, "+HEAD:refs/heads/own");
    await push(who, ":refs/heads/own");
    await world.clone.git(
      "-c",
      "user.name=D",
      "-c",
      "user.email=d@acme.example",
      "tag",
      "-a",
      "-m",
      "One",
      "v1",
      "origin/main",
    );
    await push("dana", "refs/tags/v1");
    await push("dana", "origin/main:refs/tags/light");
    await push("dana", ":refs/tags/v1");
    await push("dana", "origin/main~1:refs/heads/main-next");
  });

  once("a partial and an abandoned run land as what they are", async () => {
    for (const close of ["partial", "abandoned"] as const) {
      const who = fresh();
      const path = `src/keys/${close}.mjs`;
      const claims = [["file.created", { path }]] as const;
      const run = writeRun({ worker: workerOf(who), claims, close });
      await world.branch();
      await world.clone.commit("Work", {
        trailer: run.trailer,
        files: { [run.path]: run.text, [path]: "1\n" },
      });
      await push(who, MAIN);
    }
  });

  once("two workers' branches are merged one after the other by a person", async () => {
    const heads: string[] = [];
    for (const name of ["left", "right"]) {
      const who = fresh();
      await work(who, `src/keys/${name}.mjs`);
      await push(who);
      heads.push(await world.clone.git("rev-parse", "HEAD"));
    }
    await world.branch();
    for (const head of heads) {
      await world.clone.git("merge", "-q", "--no-ff", "--no-commit", head);
      await world.clone.commit("Merge", { as: world.keys.dana });
    }
    await push("dana", MAIN);
  });

  once("a worker goes on where a person's signed commits on its branch have landed", async () => {
    const who = fresh();
    const path = "src/keys/shared.mjs";
    await world.branch();
    await world.clone.commit("Base", { sign: world.keys.dana, files: { "lib/base.mjs": "1\n" } });
    await push("dana", "HEAD:refs/heads/base", MAIN);
    await work(who, path);
    await push(who, MAIN);
  });

  test("old history with a secret of old is imported under a baseline, and merged", async () => {
    const old = await newRepository({ format });
    await old.commit("Old", { files: { "old/config.txt": `token: ${secret("github")}\n` } });
    const tip = await old.commit("Newer", { files: { "old/config.txt": "token: none\n" } });
    await world.clone.git("fetch", "-q", old.folder, "main");
    const without = await world.push("dana", `${tip}:refs/heads/import`);
    expect(without.stderr).toContain("secrets/found");
    await world.land("Adopt the old history", {
      ".wingman/baseline.json": `{"v": 1, "tips": ["${tip}"], "findings": []}\n`,
    });
    await push("dana", `${tip}:refs/heads/import`);
    await world.branch();
    const merge = ["merge", "-q", "--no-ff", "--no-commit", "--allow-unrelated-histories"];
    await world.clone.git(...merge, tip);
    await world.clone.commit("Import", { as: world.keys.dana });
    await push("dana", MAIN);
  });

  test("at the end nobody was accused, and the ledger is sound", async () => {
    expect(await accusations()).toEqual([]);
    const verified = await world.server.wingman(["ledger", "verify"]);
    expect(verified.code === 0 ? "" : verified.stderr + verified.stdout).toBe("");
  });
});
