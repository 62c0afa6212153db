/**
 * A client that speaks the push protocol itself. Git's own client tells the old ids that the server
 * advertised; a hostile one tells what it likes, and receive-pack hands that to pre-receive before it
 * looks. What the push says of the past must never shorten what is judged.
 */
import { newRepository, repositoryAt, runProgram, secret, temporaryFolder } from "@wingman/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { codesOf, type World, workerWorld } from "./worker-world.ts";

const ZEROS = "0".repeat(40);
/** A pack of no objects: what is pushed stands in the server's store already, unreachable. */
const EMPTY_PACK = Buffer.from(
  "5041434b0000000200000000029d08823bd8a8eab510ad6ac75c823cfd3ed31e",
  "hex",
);

type Command = readonly [before: string, after: string, ref: string];

interface Attack {
  readonly name: string;
  /** `evil` is a commit with a secret on top of main, in the server's store, on no ref. */
  make(evil: string, world: World): Promise<readonly Command[]> | readonly Command[];
  readonly codes: readonly string[];
}

const secrets = ["secrets/found"];

const ATTACKS: readonly Attack[] = [
  {
    name: "an object that the server already has, on no ref",
    make: (evil) => [[ZEROS, evil, "refs/heads/parked"]],
    codes: secrets,
  },
  {
    name: "a governed branch said to stand on it, beside the branch that brings it",
    make: (evil) => [
      [evil, evil, "refs/heads/main"],
      [ZEROS, evil, "refs/heads/parked"],
    ],
    codes: secrets,
  },
  {
    name: "a governed branch that does not exist said to be deleted from it",
    make: (evil) => [
      [evil, ZEROS, "refs/heads/release/9"],
      [ZEROS, evil, "refs/heads/parked"],
    ],
    codes: secrets,
  },
  {
    name: "the branch itself said to stand on it, then moved on",
    make: async (evil, world) => {
      const next = await onTop(world, evil);
      return [[evil, next, "refs/heads/parked"]];
    },
    codes: secrets,
  },
  {
    name: "one ref moved twice in one push, the second time from the evil commit",
    make: async (evil, world) => {
      const next = await onTop(world, evil);
      return [
        [await main(world), evil, "refs/heads/main"],
        [evil, next, "refs/heads/main"],
      ];
    },
    codes: secrets,
  },
  {
    name: "the governed branch deleted by somebody who does not know where it stands",
    make: () => [[ZEROS, ZEROS, "refs/heads/main"]],
    codes: ["refs/deleted"],
  },
  {
    name: "the governed branch deleted from an object that is not there",
    make: () => [["1".repeat(40), ZEROS, "refs/heads/main"]],
    codes: ["refs/deleted"],
  },
  {
    name: "the ledger deleted by somebody who does not know where it stands",
    make: () => [[ZEROS, ZEROS, "refs/heads/wingman-ledger"]],
    codes: ["refs/ledger"],
  },
  {
    name: "the governed branch forced, and said to be new",
    make: async (_, world) => [[ZEROS, await world.clone.git("rev-parse", "origin/main~1"), MAIN]],
    // Git's own lock refuses it: the ref exists.
    codes: [],
  },
];

const MAIN = "refs/heads/main";
const main = async (world: World): Promise<string> => await world.server.git("rev-parse", MAIN);

/** A clean commit on top of another, in the server's store. */
async function onTop(world: World, parent: string): Promise<string> {
  const tree = await world.server.git("rev-parse", `${MAIN}^{tree}`);
  const who = ["-c", "user.name=D", "-c", "user.email=dana@acme.example"];
  return await world.server.git(...who, "commit-tree", tree, "-p", parent, "-m", "Next");
}

async function send(world: World, commands: readonly Command[], as?: string) {
  const lines = commands.map(([before, after, ref], at) => {
    const text = `${before} ${after} ${ref}${at === 0 ? "\0report-status delete-refs" : ""}`;
    return `${(text.length + 4).toString(16).padStart(4, "0")}${text}`;
  });
  const pack = commands.some(([, after]) => after !== ZEROS) ? EMPTY_PACK : Buffer.alloc(0);
  return await runProgram("git", ["receive-pack", "."], {
    cwd: world.server.folder,
    input: Buffer.concat([Buffer.from(`${lines.join("")}0000`), pack]),
    ...(as === undefined ? {} : { env: { WINGMAN_PUSHER: as } }),
  });
}

describe("a push that lies about what stood", () => {
  let world: World;
  beforeAll(async () => {
    world = await workerWorld({ policy: { governed: ["main", "release/*"] } });
  }, 60_000);

  async function unreachable(text: string): Promise<string> {
    const branch = await world.branch();
    const oid = await world.clone.commit("Work", { files: { "a.txt": `${text}\n` } });
    await world.server.git("fetch", "-q", "--no-write-fetch-head", world.clone.folder, branch);
    return oid;
  }

  test.each(ATTACKS)("$name is refused", async ({ make, codes }) => {
    const evil = await unreachable(secret("github"));
    const commands = await make(evil, world);
    const before = await world.refs();
    const ran = await send(world, commands, "dana@acme.example");
    expect(codesOf(ran)).toEqual(expect.arrayContaining([...codes]));
    expect(await world.refs()).toBe(before);
  });

  test("the same way with an honest commit lands, and what lost a race alone does not", async () => {
    const good = await unreachable("nothing to hide");
    const ran = await send(world, [
      [good, good, MAIN],
      [ZEROS, good, "refs/heads/honest"],
    ]);
    expect(codesOf(ran)).toEqual([]);
    expect(await world.server.git("rev-parse", "refs/heads/honest")).toBe(good);
    expect(await main(world)).not.toBe(good);
  });

  test("pushes side by side do not help each other", async () => {
    const made: string[] = [];
    for (let at = 0; at < 6; at += 1)
      made.push(await unreachable(at % 2 === 0 ? secret("github") : `fine ${at}`));
    const pushes = made.map((oid, at) =>
      send(world, [
        [ZEROS, oid, `refs/heads/race-${at}`],
        [ZEROS, oid, `refs/tags/race-${at}`],
      ]),
    );
    await Promise.all(pushes);
    const refs = await world.server.git("for-each-ref", "--format=%(refname)", "refs/heads/race-*");
    expect(refs.split("\n")).toEqual([1, 3, 5].map((at) => `refs/heads/race-${at}`));
  });

  test("a root of history that a shallow push would cut off is not taken unseen", async () => {
    await world.server.git("config", "receive.shallowUpdate", "true");
    const other = await newRepository({ files: { "leak.txt": `${secret("github")}\n` } });
    await other.commit("Clean", { files: { "leak.txt": undefined, "b.txt": "b\n" } });
    const folder = temporaryFolder();
    await other.git("clone", "-q", "--depth=1", `file://${other.folder}`, folder);
    const before = await world.refs();
    const push = await repositoryAt(folder).push([world.server.folder, "HEAD:refs/heads/cut"]);
    expect(push.code).not.toBe(0);
    expect(push.stderr).toContain("git/missing-object");
    expect(await world.refs()).toBe(before);
  });
});
