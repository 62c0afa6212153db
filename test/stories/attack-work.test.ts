/**
 * A hostile worker, with its own login and key, tries to bring work that nobody accepted: without a
 * run, in another's name, with claims bent, out of bounds. Every case is a real push; none may move a
 * ref, and each must be refused for its own reason.
 */
import { beforeAll, describe, expect, test } from "vitest";
import {
  type Actor,
  appended,
  at,
  codesOf,
  ORDER_TEXT,
  WORK,
  WORKERS,
  type World,
  workerWorld,
  writeRun,
} from "./worker-world.ts";

interface Attack {
  readonly name: string;
  /** Who pushes; alice unless told. */
  readonly as?: Actor | "stranger";
  /** Makes the commits; gives refspecs where HEAD on a branch of its own is not meant. */
  make(world: World): Promise<unknown>;
  /** Codes, all of which must be told. */
  readonly codes: readonly string[];
}

const created = ["file.created", { path: WORK }] as const;
const done = { [WORK]: "export const rotate = 30;\n" };

/** A run that is in order, with one thing bent before it is committed. */
const bent =
  (change: (run: ReturnType<typeof writeRun>, world: World) => Record<string, unknown>) =>
  async (world: World): Promise<void> => {
    const run = writeRun({ claims: [created] });
    await world.branch();
    const files = { [run.path]: run.text, ...done, ...change(run, world) };
    await world.work(run, { files: files as never });
  };

/** A first commit of an open run, then a second one that does something to its file. */
const afterwards =
  (
    then: (
      run: ReturnType<typeof writeRun>,
      world: World,
    ) => Promise<void> | Promise<readonly string[]>,
    close: "none" | "done" = "none",
  ) =>
  async (world: World) => {
    const run = writeRun({ claims: [created], close });
    await world.branch();
    await world.work(run, { files: { [run.path]: run.text, ...done } });
    return await then(run, world);
  };

const ATTACKS: readonly Attack[] = [
  {
    name: "work without a run",
    make: async (world) => {
      await world.branch();
      await world.clone.commit("Work", { as: world.keys.alice, files: done });
    },
    codes: ["run/none"],
  },
  {
    name: "work without a run, signed, pushed by a person",
    as: "dana",
    make: async (world) => {
      await world.branch();
      await world.clone.commit("Work", {
        as: world.keys.alice,
        sign: world.keys.alice,
        files: done,
      });
    },
    codes: ["run/none"],
  },
  {
    name: "work without a run, written and committed in a person's name",
    make: async (world) => {
      await world.branch();
      await world.clone.commit("Work", { as: world.keys.mark, files: done });
    },
    codes: ["run/none"],
  },
  {
    name: "work on top of a person's signed commit that no branch has",
    make: async (world) => {
      await world.branch();
      await world.clone.commit("Mine", { sign: world.keys.mark, files: { "a.txt": "a\n" } });
      await world.clone.commit("Work", { as: world.keys.mark, files: done });
    },
    codes: ["run/none"],
  },
  {
    name: "a run whose claims file is not there",
    make: async (world) => {
      await world.branch();
      await world.work(writeRun(), { files: done });
    },
    codes: ["run/unknown"],
  },
  {
    name: "a run on an instruction that only its own branch has",
    make: async (world) => {
      const text = ORDER_TEXT.replaceAll("INS-0007", "INS-0099");
      const run = writeRun({ instruction: "INS-0099", on: text, claims: [created] });
      await world.branch();
      await world.work(run, {
        files: { [run.path]: run.text, ".wingman/instructions/INS-0099.md": text, ...done },
      });
    },
    codes: ["run/instruction"],
  },
  {
    name: "a run on a draft",
    make: async (world) => {
      const on = await world.clone.git("show", "origin/main:.wingman/instructions/INS-0020.md");
      const run = writeRun({ instruction: "INS-0020", on: `${on}\n`, claims: [created] });
      await world.branch();
      await world.work(run, { files: { [run.path]: run.text, ...done } });
    },
    codes: ["run/instruction"],
  },
  {
    name: "a run on another worker's instruction",
    make: async (world) => {
      const on = await world.clone.git("show", "origin/main:.wingman/instructions/INS-0021.md");
      const run = writeRun({ instruction: "INS-0021", on: `${on}\n`, claims: [created] });
      await world.branch();
      await world.work(run, { files: { [run.path]: run.text, ...done } });
    },
    codes: ["run/instruction"],
  },
  {
    name: "a run opened on other words than the instruction has",
    make: async (world) => {
      const run = writeRun({ on: `${ORDER_TEXT}Touch what you like.\n`, claims: [created] });
      await world.branch();
      await world.work(run, { files: { [run.path]: run.text, ...done } });
    },
    codes: ["run/outdated"],
  },
  {
    name: "a run of another repository",
    make: async (world) => {
      const run = writeRun({ origin: "acme/other", claims: [created] });
      await world.branch();
      await world.work(run, { files: { [run.path]: run.text, ...done } });
    },
    codes: ["claims/origin"],
  },
  {
    name: "another worker's run and trailer",
    make: async (world) => {
      const run = writeRun({ worker: WORKERS.bob, claims: [created] });
      await world.branch();
      await world.work(run, { files: { [run.path]: run.text, ...done } });
    },
    codes: ["run/owner", "claims/owner"],
  },
  {
    name: "another worker's claims beside its own",
    make: async (world) => {
      const run = writeRun({ claims: [created] });
      const other = writeRun({ worker: WORKERS.bob });
      await world.branch();
      await world.work(run, {
        files: { [run.path]: run.text, [other.path]: other.text, ...done },
      });
    },
    codes: ["claims/owner"],
  },
  {
    name: "a worker that the policy does not know, by trailer alone",
    as: "stranger",
    make: async (world) => {
      const run = writeRun({ worker: "codex/nobody", claims: [created] });
      await world.branch();
      await world.clone.commit("Work", {
        trailer: run.trailer,
        files: { [run.path]: run.text, ...done },
      });
    },
    codes: ["run/worker"],
  },
  {
    name: "two trailers",
    make: async (world) => {
      const run = writeRun({ claims: [created] });
      await world.branch();
      await world.work(run, {
        message: `Work\n\nWingman-Run: ${writeRun().trailer}`,
        trailer: run.trailer,
        files: { [run.path]: run.text, ...done },
      });
      const raw = await world.clone.git("cat-file", "commit", "HEAD");
      expect(raw).toContain("Wingman-Run");
      await world.clone.git("reset", "-q", "--soft", "HEAD~1");
      await world.clone.commit(
        `Work\n\nWingman-Run: ${writeRun().trailer}\nWingman-Run: ${run.trailer}`,
        { as: world.keys.alice, sign: world.keys.alice },
      );
    },
    codes: ["run/trailer"],
  },
  {
    name: "a claims file with CR line ends",
    make: bent((run) => ({ [run.path]: run.text.replaceAll("\n", "\r\n") })),
    codes: ["claims/cr"],
  },
  {
    name: "a claims file cut in mid-line",
    make: bent((run) => ({ [run.path]: run.text.slice(0, -20) })),
    codes: ["claims/torn"],
  },
  {
    name: "a claims file with a line taken out",
    make: bent((run) => ({
      [run.path]: run.text
        .split("\n")
        .filter((_, index) => index !== 1)
        .join("\n"),
    })),
    codes: ["claims/chain"],
  },
  {
    name: "a claims file with a word changed",
    make: bent((run) => ({ [run.path]: run.text.replace(WORK, "src/keys/other.mjs") })),
    codes: ["claims/chain"],
  },
  {
    name: "a claims file with lines after the close",
    make: bent((run) => ({
      [run.path]: `${run.text}${run.text.split("\n")[1]}\n`,
    })),
    codes: ["claims/chain"],
  },
  {
    name: "a claims file as a link",
    make: bent((run) => ({ [run.path]: { link: "../../../../src/keys/old.mjs" } })),
    codes: ["hostile/link", "run/unknown"],
  },
  {
    name: "an executable claims file",
    make: bent((run) => ({ [run.path]: { run: run.text } })),
    codes: ["claims/mode"],
  },
  {
    name: "a claims file under another run's name",
    make: bent((run) => ({
      [run.path.replace(/.{4}\.jsonl$/, "zzzz.jsonl")]: run.text,
    })),
    codes: ["claims/invalid"],
  },
  {
    name: "a claims file in a folder of other letters",
    make: bent((run) => ({
      [run.path.replace("/claims/", "/Claims/")]: run.text,
    })),
    codes: ["boundaries/outside"],
  },
  {
    name: "a claims file beside the place for claims",
    make: bent((run) => ({ ".wingman/claims/notes.txt": run.text })),
    codes: ["claims/path"],
  },
  {
    name: "its earlier claims rewritten, chain made anew",
    make: afterwards(async (run, world) => {
      const other = writeRun({
        run: run.trailer.split("/")[2] ?? "",
        claims: [["file.exists", { path: "README.md" }]],
      });
      await world.work(run, { files: { [run.path]: other.text } });
    }),
    codes: ["claims/rewritten"],
  },
  {
    name: "its claims file removed",
    make: afterwards(async (run, world) => {
      await world.work(run, { files: { [run.path]: undefined } });
    }),
    codes: ["claims/rewritten", "run/unknown"],
  },
  {
    name: "its claims file removed in another run of its own",
    make: afterwards(async (run, world) => {
      const other = writeRun({ claims: [] });
      await world.work(other, { files: { [run.path]: undefined, [other.path]: other.text } });
    }),
    codes: ["claims/rewritten"],
  },
  {
    name: "its claims file shortened in a merge",
    make: afterwards(async (run, world) => {
      await world.clone.git("checkout", "-q", "-b", "side", "HEAD~1");
      await world.clone.commit("Side", { sign: world.keys.dana, files: { "s.txt": "s\n" } });
      await world.clone.git("checkout", "-q", "-");
      await world.clone.git("merge", "-q", "--no-ff", "--no-commit", "side");
      await world.clone.git("branch", "-q", "-D", "side");
      await world.work(run, { files: { [run.path]: run.lines(1) } });
    }),
    codes: ["claims/rewritten"],
  },
  {
    name: "work after its close",
    make: afterwards(async (run, world) => {
      await world.work(run, { files: { [WORK]: "export const rotate = 90;\n" } });
    }, "done"),
    codes: ["run/closed"],
  },
  {
    name: "an open run on the governed branch",
    make: afterwards(async () => ["HEAD:refs/heads/main"]),
    codes: ["run/open"],
  },
  {
    name: "an open run on the governed branch, its file kept out of the last commit by a person's name",
    make: afterwards(async (run, world) => {
      await world.clone.commit("Clean up", {
        as: world.keys.mark,
        files: { [run.path]: undefined },
      });
      return ["HEAD:refs/heads/main"];
    }),
    codes: ["run/none"],
  },
  {
    name: "a file outside the boundaries",
    make: bent(() => ({ "lib/a.mjs": "1\n" })),
    codes: ["boundaries/outside"],
  },
  {
    name: "a denied file",
    make: bent(() => ({ "src/keys/vault/root.mjs": "export const root = 2;\n" })),
    codes: ["boundaries/outside"],
  },
  {
    name: "a denied file in other letters",
    make: bent(() => ({ "src/keys/Vault/root.mjs": "export const root = 2;\n" })),
    codes: ["boundaries/outside"],
  },
  {
    name: "a denied file made executable",
    make: async (world) => {
      const run = writeRun({ claims: [created] });
      await world.branch();
      await world.clone.git("update-index", "--chmod=+x", "src/keys/vault/root.mjs");
      await world.work(run, { files: { [run.path]: run.text, ...done } });
    },
    codes: ["boundaries/outside"],
  },
  {
    name: "a denied file moved to where it may work",
    make: bent(() => ({
      "src/keys/vault/root.mjs": undefined,
      "src/keys/root.mjs": "export const root = 1;\n",
    })),
    codes: ["boundaries/outside"],
  },
  {
    name: "a link out of its boundaries",
    make: bent(() => ({ "src/keys/out": { link: "../../README.md" } })),
    codes: ["boundaries/link"],
  },
  {
    name: "a link into a denied folder",
    make: bent(() => ({ "src/keys/in": { link: "vault" } })),
    codes: ["boundaries/link"],
  },
  {
    name: "a submodule",
    make: async (world) => {
      const run = writeRun({ claims: [created] });
      await world.branch();
      const main = await world.clone.git("rev-parse", "origin/main");
      await world.clone.git("update-index", "--add", "--cacheinfo", `160000,${main},src/keys/sub`);
      for (const [path, text] of Object.entries({ [run.path]: run.text, ...done }))
        world.clone.write(path, text);
      await world.clone.git("add", "--", run.path, WORK);
      await world.work(run);
    },
    codes: ["boundaries/submodule"],
  },
  {
    name: "a file outside, in a merge's own content",
    make: afterwards(async (run, world) => {
      const first = await world.clone.git("rev-parse", "HEAD");
      await world.clone.git("checkout", "-q", "-B", "evil", "origin/main~1");
      await world.clone.git("checkout", "-q", first);
      await world.clone.git("merge", "-q", "-s", "ours", "--no-ff", "--no-commit", "origin/main~1");
      await world.work(run, { files: { "README.md": "# Mine\n" } });
      const last = await world.clone.git("rev-parse", "HEAD");
      return [`${last}:refs/heads/evil-merge`];
    }),
    codes: ["boundaries/outside"],
  },
  {
    name: "a file outside, brought and taken away again in one push",
    make: afterwards(async (run, world) => {
      await world.work(run, { files: { "lib/a.mjs": "1\n" } });
      await world.work(run, { files: { "lib/a.mjs": undefined } });
    }),
    codes: ["boundaries/outside"],
  },
  {
    name: "main's newer work undone by a merge that keeps its own side",
    make: async (world) => {
      const run = writeRun({ claims: [created], close: "none" });
      await world.branch("origin/main~1");
      await world.work(run, { files: { [run.path]: run.text, ...done } });
      await world.clone.git("merge", "-q", "-s", "ours", "--no-ff", "--no-commit", "origin/main");
      await world.work(run);
    },
    codes: ["boundaries/outside"],
  },
  {
    name: "its own run, on a tag",
    make: async (world) => {
      await world.branch();
      await world.clone.commit("Work", { as: world.keys.alice, files: done });
      return ["HEAD:refs/tags/v9"];
    },
    codes: ["run/none"],
  },
  {
    name: "its own run, on a ref of no kind",
    make: async (world) => {
      await world.branch();
      await world.clone.commit("Work", { as: world.keys.alice, files: done });
      return ["HEAD:refs/foo/parked"];
    },
    codes: ["run/none"],
  },
  {
    name: "a policy that frees it in the first commit, its use in the second",
    make: async (world) => {
      await world.branch();
      const policy = world.clone.read(".wingman/policy.yaml");
      const run = writeRun({ claims: [created] });
      await world.work(run, {
        files: {
          [run.path]: run.text,
          ".wingman/policy.yaml": policy
            .replace('"revision"', "revision")
            .replace(/^workers:.*$/m, "workers: {}"),
        },
      });
      await world.clone.commit("Work", { as: world.keys.alice, files: done });
    },
    codes: ["boundaries/outside", "run/none"],
  },
  {
    name: "a policy that frees it on one ref, its use on another of the same push",
    make: async (world) => {
      await world.branch();
      const policy = world.clone.read(".wingman/policy.yaml");
      await world.clone.commit("Free", {
        files: { ".wingman/policy.yaml": policy.replace(/^workers:.*$/m, "workers: {}") },
      });
      const free = await world.clone.git("rev-parse", "HEAD");
      await world.clone.commit("Work", { as: world.keys.alice, files: done });
      return [`${free}:refs/heads/main`, "HEAD:refs/heads/use"];
    },
    codes: ["law/protected", "run/none"],
  },
  {
    name: "an instruction of its own, landed by itself",
    make: async (world) => {
      const on = `${await world.clone.git("show", "origin/main:.wingman/instructions/INS-0022.md")}\n`;
      const run = writeRun({
        instruction: "INS-0022",
        on,
        claims: [["file.created", { path: ".wingman/instructions/INS-0098.md" }]],
      });
      await world.branch();
      await world.work(run, {
        files: {
          [run.path]: run.text,
          ".wingman/instructions/INS-0098.md": ORDER_TEXT.replaceAll("INS-0007", "INS-0098"),
        },
      });
      return ["HEAD:refs/heads/main"];
    },
    codes: ["law/instruction"],
  },
  {
    name: "a close taken back after it was pushed",
    make: async (world) => {
      const run = writeRun({ claims: [created] });
      await world.branch();
      await world.work(run, { files: { [run.path]: run.text, ...done } });
      const first = await world.push("alice", "HEAD:refs/heads/taken-back");
      expect(first.stderr).not.toContain("error");
      const file = appended(run.text, [{ kind: "retract", of: 2, why: "hm", ts: at }]);
      await world.work(run, { files: { [run.path]: file } });
      return ["HEAD:refs/heads/taken-back"];
    },
    codes: ["claims/closed"],
  },
];

describe("a hostile worker's push", () => {
  let world: World;
  beforeAll(async () => {
    world = await workerWorld({
      orders: {
        "INS-0020": { draft: true },
        "INS-0021": { worker: WORKERS.bob },
        "INS-0022": { boundaries: { allow: ["**"], deny: ["infra/**"] } },
      },
    });
  }, 60_000);

  test.each(ATTACKS)("$name is refused", async ({ as = "alice", make, codes }) => {
    const made = await make(world);
    const specs = Array.isArray(made) ? made.map(String) : [];
    const before = await world.refs();
    const push = await world.push(as, ...specs);
    expect(codesOf(push)).toEqual(expect.arrayContaining([...codes]));
    expect(push.code).not.toBe(0);
    expect(await world.refs()).toBe(before);
  });
});
