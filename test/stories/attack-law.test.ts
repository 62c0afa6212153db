/**
 * Law, governed branches, the ledger's branch, orders and signatures, attacked by a worker, by a
 * person who is no administrator, and by somebody whom no server knows. No ref may move, and the
 * ledger must stay what the auditor wrote.
 */
import { signSsh } from "@wingman/model";
import type { KeyHolder, TestRepository } from "@wingman/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import {
  type Actor,
  codesOf,
  WORK,
  WORKERS,
  type World,
  workerWorld,
  writeRun,
} from "./worker-world.ts";

interface Attack {
  readonly name: string;
  /** Who pushes; Dana, a person and no administrator, unless told. */
  readonly as?: Actor | "stranger";
  /** Makes the commits; gives refspecs where `HEAD:main` is not meant. */
  make(world: World): Promise<readonly string[] | undefined>;
  /** Codes, all of which must be told; none where git itself refuses. */
  readonly codes: readonly string[];
}

/** Commits these files on top of main, in Dana's name. */
const brings =
  (files: Readonly<Record<string, unknown>>): Attack["make"] =>
  async (world) => {
    await world.branch();
    await world.clone.commit("Change", { as: world.keys.dana, files: files as never });
    return undefined;
  };

/** A commit whose tree is main's with one more entry, by plumbing: names that a disk might not take. */
const entry =
  (path: string, mode = "100644"): Attack["make"] =>
  async (world) => {
    const { clone } = world;
    await world.branch();
    const blob = await clone.tryGit(["hash-object", "-w", "--stdin"], { input: "new\n" });
    const oid = mode === "160000" ? await clone.git("rev-parse", "HEAD") : blob.stdout.trim();
    await clone.git("update-index", "--add", "--cacheinfo", `${mode},${oid},${path}`);
    const tree = await clone.git("write-tree");
    await clone.git("reset", "-q", "--hard");
    const commit = await clone.git("commit-tree", tree, "-p", "HEAD", "-m", "Change");
    return [`${commit}:refs/heads/main`];
  };

async function rewritten(clone: TestRepository, change: (raw: string) => string): Promise<string> {
  const raw = (await clone.tryGit(["cat-file", "commit", "HEAD"])).stdout;
  const made = await clone.tryGit(["hash-object", "-t", "commit", "-w", "--literally", "--stdin"], {
    input: change(raw),
  });
  if (made.code !== 0) throw new Error(made.stderr);
  return made.stdout.trim();
}

function signature(raw: string, by: KeyHolder, namespace: string): string {
  const armored = signSsh({ key: by.key, message: Buffer.from(raw), namespace }).trimEnd();
  return `gpgsig ${armored.replaceAll("\n", "\n ")}\n`;
}

const withHeader =
  (header: (raw: string, world: World) => string, signed = false): Attack["make"] =>
  async (world) => {
    await world.branch();
    await world.clone.commit("Change", {
      as: world.keys.mark,
      files: { "a.txt": "a\n" },
      ...(signed ? { sign: world.keys.mark } : {}),
    });
    const oid = await rewritten(world.clone, (raw) =>
      raw.replace("\n\n", `\n${header(raw, world)}\n`),
    );
    return [`${oid}:refs/heads/main`];
  };

/** A commit on top of the ledger, or of nothing, with whatever the files say. */
const ledgerCommit =
  (
    files: Readonly<Record<string, string | undefined>>,
    from: "ledger" | "nothing" | "before" = "ledger",
    refspec = "refs/heads/wingman-ledger",
  ): Attack["make"] =>
  async (world) => {
    const { clone } = world;
    await clone.git("fetch", "-q", "origin", "+wingman-ledger:refs/remotes/origin/wingman-ledger");
    if (from === "before") return [`+origin/wingman-ledger~1:${refspec}`];
    await world.branch("origin/wingman-ledger");
    if (from === "nothing") {
      const tree = await clone.git("rev-parse", "HEAD^{tree}");
      const oid = await clone.git("commit-tree", tree, "-m", "anew");
      await clone.git("reset", "-q", "--hard", oid);
    }
    await clone.commit("append", { files });
    return [`+HEAD:${refspec}`];
  };

const ATTACKS: readonly Attack[] = [
  {
    name: "the policy changed by a person",
    make: brings({ ".wingman/policy.yaml": "v: 1\n" }),
    codes: ["law/protected"],
  },
  {
    name: "the policy removed by a person",
    make: brings({ ".wingman/policy.yaml": undefined }),
    codes: ["law/protected", "policy/removed"],
  },
  {
    name: "the policy changed by a worker in an administrator's name",
    as: "alice",
    make: async (world) => {
      await world.branch();
      const policy = world.clone.read(".wingman/policy.yaml");
      await world.clone.commit("Loosen", {
        as: world.keys.mark,
        files: { ".wingman/policy.yaml": policy.replace("revision: 1", "revision: 2") },
      });
      return undefined;
    },
    codes: ["law/protected", "run/none"],
  },
  {
    name: "the policy changed in a commit that an administrator signed elsewhere, carried by a worker",
    as: "alice",
    make: async (world) => {
      await world.branch();
      const policy = world.clone.read(".wingman/policy.yaml");
      await world.clone.commit("Propose", {
        sign: world.keys.mark,
        files: { ".wingman/policy.yaml": policy.replace("revision: 1", "revision: 2") },
      });
      return undefined;
    },
    codes: ["law/protected"],
  },
  {
    name: "the signers changed by a stranger",
    as: "stranger",
    make: brings({ ".wingman/allowed_signers": "" }),
    codes: ["law/protected"],
  },
  {
    name: "a baseline by a person",
    make: brings({ ".wingman/baseline.json": "{}" }),
    codes: ["law/protected"],
  },
  {
    name: "a protected path by a person",
    make: brings({ "infra/main.tf": "x\n" }),
    codes: ["law/protected"],
  },
  {
    name: "a protected path in other letters",
    make: entry("Infra/main.tf"),
    codes: ["law/protected"],
  },
  {
    name: "a protected path with a combining mark",
    make: entry("cafe\u0301/a.txt"),
    codes: ["law/protected"],
  },
  {
    name: "a protected path with a dotless i",
    make: entry("\u0131nfra/main.tf"),
    codes: ["law/protected"],
  },
  {
    name: "a protected path with an unseen character",
    make: entry("in\u200cfra/main.tf"),
    codes: ["law/protected"],
  },
  {
    name: "the policy in other letters",
    make: entry(".Wingman/POLICY.yaml"),
    codes: ["law/protected"],
  },
  {
    name: "the attributes of .wingman",
    make: brings({ ".wingman/.gitattributes": "* text\n" }),
    codes: ["law/protected"],
  },
  {
    name: "all of .wingman as a submodule in other letters",
    make: entry(".WINGMAN", "160000"),
    codes: ["law/protected", "hostile/link"],
  },
  {
    name: "all of .wingman removed",
    make: async (world) => {
      await world.branch();
      await world.clone.git("rm", "-r", "-q", ".wingman");
      await world.clone.commit("Remove", { as: world.keys.dana });
      return undefined;
    },
    codes: ["law/protected", "policy/removed"],
  },
  {
    name: "the policy rolled back by an administrator to an older revision",
    as: "mark",
    make: brings({
      ".wingman/policy.yaml":
        "v: 1\nrevision: 1\norigin: acme/shop\nadministrators: [mark@acme.example]\n",
    }),
    codes: ["policy/revision"],
  },
  {
    name: "law on a new governed branch",
    make: async (world) => {
      await world.branch();
      await world.clone.commit("Change", { files: { "infra/main.tf": "x\n" } });
      return ["HEAD:refs/heads/release/1"];
    },
    codes: ["law/protected"],
  },
  {
    name: "law on a new governed branch in other letters",
    make: async (world) => {
      await world.branch();
      await world.clone.commit("Change", { files: { "infra/main.tf": "x\n" } });
      return ["HEAD:refs/heads/Release/1"];
    },
    codes: ["law/protected"],
  },
  {
    name: "law parked on another branch, then fast-forwarded to",
    make: async (world) => {
      await world.branch();
      await world.clone.commit("Change", { as: world.keys.dana, files: { "infra/a.tf": "x\n" } });
      const parked = await world.push("dana", "HEAD:refs/heads/parked");
      if (parked.code !== 0) throw new Error(parked.stderr);
      return undefined;
    },
    codes: ["law/protected"],
  },
  {
    name: "law through a symbolic ref that the server keeps for main",
    make: async (world) => {
      await world.server.git("symbolic-ref", "refs/heads/stable", "refs/heads/main");
      await world.branch();
      await world.clone.commit("Change", { as: world.keys.dana, files: { "infra/a.tf": "x\n" } });
      return ["HEAD:refs/heads/stable"];
    },
    codes: ["law/protected", "refs/symbolic"],
  },
  {
    name: "the governed branch deleted",
    as: "mark",
    make: async () => [":refs/heads/main"],
    codes: ["refs/deleted"],
  },
  {
    name: "the governed branch deleted through a symbolic ref",
    as: "mark",
    make: async () => [":refs/heads/stable"],
    codes: ["refs/deleted", "refs/symbolic"],
  },
  {
    name: "the governed branch forced back",
    as: "mark",
    make: async () => ["+origin/main~1:refs/heads/main"],
    codes: ["refs/forced"],
  },
  {
    name: "the governed branch forced to a history of its own",
    make: async (world) => {
      await world.branch();
      await world.clone.git("checkout", "-q", "--orphan", "orphan");
      await world.clone.commit("Anew");
      await world.clone.git("checkout", "-q", "-f", "-B", "tmp");
      await world.clone.git("branch", "-q", "-D", "orphan").catch(() => "");
      return ["+HEAD:refs/heads/main"];
    },
    codes: ["refs/forced"],
  },
  {
    name: "the governed branch in other letters",
    make: async () => ["origin/main:refs/heads/MAIN"],
    codes: ["refs/look-alike"],
  },
  {
    name: "a branch that hides the governed one from those who push to it by its full name",
    make: async () => ["origin/main:refs/heads/refs/heads/main"],
    codes: ["refs/look-alike"],
  },
  {
    name: "a tag that does so",
    make: async () => ["origin/main:refs/tags/refs/heads/release/7"],
    codes: ["refs/look-alike"],
  },
  {
    name: "the governed branch with an unseen character",
    make: async () => ["origin/main:refs/heads/ma\u200cin"],
    codes: ["refs/look-alike"],
  },
  {
    name: "a replacement for a commit",
    make: async (world) => {
      const main = await world.clone.git("rev-parse", "origin/main");
      return [`origin/main~1:refs/replace/${main}`];
    },
    codes: ["hostile/replace"],
  },
  { name: "grafts", make: async () => ["origin/main~1:refs/grafts/x"], codes: ["hostile/replace"] },
  {
    name: "the ledger deleted",
    as: "mark",
    make: async () => [":refs/heads/wingman-ledger"],
    codes: ["refs/ledger"],
  },
  {
    name: "the ledger forced back",
    as: "mark",
    make: ledgerCommit({}, "before"),
    codes: ["refs/ledger"],
  },
  {
    name: "the ledger made anew",
    as: "mark",
    make: ledgerCommit({ "log/000000.jsonl": "{}\n", checkpoint: "x\n" }, "nothing"),
    codes: ["refs/ledger"],
  },
  {
    name: "the ledger extended without a key",
    as: "mark",
    make: ledgerCommit({ "log/000001.jsonl": "{}\n" }),
    codes: ["refs/ledger"],
  },
  {
    name: "the ledger with a file beside its log",
    as: "mark",
    make: ledgerCommit({ "notes.txt": "x\n" }),
    codes: ["refs/ledger"],
  },
  {
    name: "the ledger with an empty commit on top",
    as: "mark",
    make: ledgerCommit({}),
    codes: ["refs/ledger"],
  },
  {
    name: "the ledger's records under a commit of no history",
    as: "mark",
    make: ledgerCommit({}, "nothing"),
    codes: ["refs/ledger"],
  },
  {
    name: "the ledger in other letters",
    make: async () => ["origin/main:refs/heads/Wingman-Ledger"],
    codes: ["refs/ledger"],
  },
  {
    name: "a branch below the ledger's",
    make: async () => ["origin/main:refs/heads/Wingman-ledger/x"],
    codes: ["refs/ledger"],
  },
  {
    name: "a signature made for something else",
    make: withHeader((raw, { keys }) => signature(raw, keys.mark, "wingman-order")),
    codes: ["identity/bad-signature"],
  },
  {
    name: "two signatures",
    make: withHeader((raw, { keys }) => signature(raw, keys.mark, "git"), true),
    codes: ["identity/bad-signature"],
  },
  {
    name: "a header behind the signature",
    make: withHeader(() => "gpgsig-note trailing\n", true),
    codes: ["identity/bad-signature"],
  },
  {
    name: "a signature of other words",
    make: withHeader((raw, { keys }) => signature(`${raw}x`, keys.mark, "git")),
    codes: ["identity/bad-signature"],
  },
  {
    name: "law signed with a key that was taken off the list",
    as: "stranger",
    make: async (world) => {
      await world.branch();
      await world.clone.commit("Change", { sign: former(world), files: { "infra/a.tf": "x\n" } });
      return undefined;
    },
    codes: ["law/protected"],
  },
  {
    name: "law signed with a key whose time is over",
    as: "stranger",
    make: async (world) => {
      await world.branch();
      await world.clone.commit("Change", { sign: expired(world), files: { "infra/a.tf": "x\n" } });
      return undefined;
    },
    codes: ["law/protected"],
  },
  {
    name: "law signed by an administrator's key that is a worker's too, with the worker's trailer",
    as: "stranger",
    make: async (world) => {
      await world.branch();
      const run = writeRun({ worker: WORKERS.carol, claims: [["file.created", { path: WORK }]] });
      await world.clone.commit("Change", {
        sign: shared(world),
        trailer: run.trailer,
        files: { [run.path]: run.text, "infra/a.tf": "x\n", [WORK]: "1\n" },
      });
      return undefined;
    },
    codes: ["boundaries/outside", "law/protected"],
  },
];

const former = (world: World): KeyHolder => ({ ...world.keys.mark, key: extra.former.key });
const expired = (world: World): KeyHolder => ({ ...world.keys.mark, key: extra.expired.key });
const shared = (world: World): KeyHolder => ({ ...world.keys.mark, key: extra.shared.key });
let extra: { former: KeyHolder; expired: KeyHolder; shared: KeyHolder };

describe("a push against law", () => {
  let world: World;
  beforeAll(async () => {
    const { mark, withKey } = await import("@wingman/testkit");
    extra = {
      former: withKey(mark),
      expired: withKey(mark),
      shared: withKey({ name: "Nina", email: "nina@acme.example" }),
    };
    const workers = {
      [WORKERS.alice]: { logins: ["alice-bot"], principals: ["alice-bot@acme.example"] },
      [WORKERS.carol]: { logins: ["carol-bot"], principals: ["nina@acme.example"] },
    };
    world = await workerWorld({
      policy: {
        governed: ["main", "release/*"],
        administrators: ["mark@acme.example", "nina@acme.example"],
        protect: ["infra/**", "caf\u00e9/**"],
        workers,
      },
    });
    const lines = [world.keys.mark, world.keys.dana, world.keys.alice, extra.shared]
      .map((key) => key.signersLine)
      .concat(
        extra.expired.signersLine.replace(" namespaces", ' valid-before="20200101Z",namespaces'),
      );
    await world.land("Revoke", { ".wingman/allowed_signers": `${lines.join("\n")}\n` });
  }, 60_000);

  test.each(ATTACKS)("$name is refused", async ({ as = "dana", make, codes }) => {
    const specs = (await make(world)) ?? ["HEAD:refs/heads/main"];
    const before = await world.refs();
    const records = (await world.ledger()).filter((one) => one["outcome"] !== "refused");
    const push = await world.push(as, ...specs);
    expect(codesOf(push)).toEqual(expect.arrayContaining([...codes]));
    expect(push.code).not.toBe(0);
    expect(await world.refs()).toBe(before);
    const after = (await world.ledger()).filter((one) => one["outcome"] !== "refused");
    expect(after.filter((one) => one["kind"] !== "checkpoint").length).toBe(
      records.filter((one) => one["kind"] !== "checkpoint").length,
    );
  });
});
