/**
 * Objects that git's own commands would not write, pushed to a server whose git checks nothing
 * (`receive.fsckObjects` off, as some forges have it): what means two things to two readers is refused
 * by the gate itself. And odd objects that are honest: each of those must land, in SHA-1 and SHA-256.
 */
import { secret } from "@wingman/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { codesOf, type World, workerWorld } from "./worker-world.ts";

const PERSON = "Dana <dana@acme.example> 1700000000 +0100";

describe.each(["sha1", "sha256"] as const)("objects made by hand (%s)", (format) => {
  let world: World;
  let main: string;
  let blob: string;
  beforeAll(async () => {
    world = await workerWorld({ format, policy: { protect: ["infra/**", "deploy/prod/*.tf"] } });
    await world.server.git("config", "receive.fsckObjects", "false");
    main = await world.clone.git("rev-parse", "origin/main");
    blob = await object("blob", "plain\n");
  }, 60_000);

  async function object(type: string, content: string | Uint8Array): Promise<string> {
    const args = ["hash-object", "-t", type, "-w", "--literally", "--stdin"];
    const ran = await world.clone.tryGit(args, { input: content });
    if (ran.code !== 0) throw new Error(ran.stderr);
    return ran.stdout.trim();
  }

  const tree = async (...entries: readonly (readonly [string, string])[]): Promise<string> =>
    await object(
      "tree",
      Buffer.concat(
        entries.flatMap(([name, id]) => [
          Buffer.from(`${name}\0`, "latin1"),
          Buffer.from(id, "hex"),
        ]),
      ),
    );

  const commit = async (
    root: string,
    { headers = "", message = "Work\n", person = PERSON, parents = [main] } = {},
  ): Promise<string> => {
    const named = parents.map((parent) => `parent ${parent}\n`).join("");
    const text = `tree ${root}\n${named}author ${person}\ncommitter ${person}\n${headers}\n${message}`;
    return await object("commit", text);
  };

  const mainTree = async (): Promise<string> =>
    await world.clone.git("rev-parse", "origin/main^{tree}");

  /** Main's tree and one more entry, sorted by git. */
  async function withEntry(entry: string): Promise<string> {
    const base = (await world.clone.git("ls-tree", "origin/main")).split("\n").join("\0");
    const ran = await world.clone.tryGit(["mktree", "-z", "--missing"], {
      input: `${base}\0${entry}\0`,
    });
    if (ran.code !== 0) throw new Error(ran.stderr);
    return ran.stdout.trim();
  }

  const tag = async (id: string, type: string, message: string, tagger = `tagger ${PERSON}\n`) =>
    await object("tag", `object ${id}\ntype ${type}\ntag one\n${tagger}\n${message}\n`);

  type Make = (text: string) => Promise<string>;
  /** Ids of another length change little: a few of each kind show it. */
  const some = <T>(rows: readonly T[]): readonly T[] =>
    format === "sha1" ? rows : rows.filter((_, at) => at % 6 === 0);

  const HOSTILE: readonly (readonly [string, Make])[] = [
    [
      "two entries of one name",
      async () => commit(await tree(["100644 a", blob], ["100644 a", blob])),
    ],
    [
      "entries out of order",
      async () => commit(await tree(["100644 b", blob], ["100644 a", blob])),
    ],
    [
      "a file and a folder of one name",
      async () =>
        commit(await tree(["100644 a", blob], ["40000 a", await tree(["100644 x", blob])])),
    ],
    [
      "an entry named .git",
      async () => commit(await tree(["40000 .git", await tree(["100644 x", blob])])),
    ],
    ["an entry named git~1", async () => commit(await tree(["100644 GIT~1", blob]))],
    [
      "an entry named ..",
      async () => commit(await tree(["40000 ..", await tree(["100644 x", blob])])),
    ],
    ["an entry with a slash", async () => commit(await tree(["100644 a/b", blob]))],
    ["an entry without a name", async () => commit(await tree(["100644 ", blob]))],
    ["a mode that is none", async () => commit(await tree(["100600 a", blob]))],
    ["an id of zeros", async () => commit(await tree(["160000 a", "0".repeat(main.length)]))],
    ["a folder that is a file", async () => commit(await tree(["40000 a", blob]))],
    [
      "a tag a hundred deep",
      async () => {
        let id = await tag(main, "commit", "0");
        for (let depth = 1; depth < 102; depth += 1) id = await tag(id, "tag", String(depth));
        return id;
      },
    ],
  ];

  test.each(some(HOSTILE))("%s is refused", async (_, make) => {
    const oid = await make("");
    const before = await world.refs();
    const push = await world.push("dana", `${oid}:refs/heads/hostile`, `${oid}:refs/tags/hostile`);
    expect(push.code).not.toBe(0);
    expect(push.stderr).toMatch(/\[hostile\/object\]|index-pack|unpack|missing|funny|tree|bad/);
    expect(await world.refs()).toBe(before);
  });

  /** What carries a text: refused with a secret, taken without one. */
  const CARRIERS: Readonly<Record<string, readonly [string, Make]>> = {
    "a header of its own": [
      "heads",
      async (text) => commit(await mainTree(), { headers: `HG:extra ${text}\n` }),
    ],
    "a tag merged as a header": [
      "heads",
      async (text) =>
        commit(await mainTree(), {
          headers: `mergetag object ${main}\n type commit\n tag one\n tagger ${PERSON}\n \n ${text}\n`,
        }),
    ],
    "an encoding and its message": [
      "heads",
      async (text) =>
        commit(await mainTree(), { headers: "encoding ISO-8859-1\n", message: `clé ${text}\n` }),
    ],
    "a message behind a NUL byte": [
      "heads",
      async (text) => commit(await mainTree(), { message: `a\0${text}\n` }),
    ],
    "the end of a gigantic message": [
      "heads",
      async (text) =>
        commit(await mainTree(), { message: `${"all is well here\n".repeat(100_000)}${text}\n` }),
    ],
    "nobody's name": [
      "heads",
      async (text) => commit(await mainTree(), { person: " <> 0 +0000", message: `${text}\n` }),
    ],
    "a commit of 1970": [
      "heads",
      async (text) =>
        commit(await mainTree(), { person: "D <d@acme.example> 0 +0000", message: `${text}\n` }),
    ],
    "a commit of the year 2200": [
      "heads",
      async (text) =>
        commit(await mainTree(), {
          person: "D <d@acme.example> 7258118400 +0000",
          message: `${text}\n`,
        }),
    ],
    "a tag without a tagger": ["tags", async (text) => tag(main, "commit", text, "")],
    "a tag of a tag of a tree": [
      "tags",
      async (text) =>
        tag(
          await tag(
            await withEntry(`100644 blob ${await object("blob", `${text}\n`)}\tt.txt`),
            "tree",
            "in",
          ),
          "tag",
          "out",
        ),
    ],
    "a tag of a tag of a blob": [
      "tags",
      async (text) => tag(await tag(await object("blob", `${text}\n`), "blob", "in"), "tag", "out"),
    ],
    "a pointer of LFS": [
      "heads",
      async (text) =>
        commit(
          await withEntry(
            `100644 blob ${await object(
              "blob",
              `version https://git-lfs.github.com/spec/v1\noid sha256:${"4d".repeat(32)}\nsize 12345\n# ${text}\n`,
            )}\tbig.bin`,
          ),
        ),
    ],
    "a file with a name in quotes, tabs and bytes": [
      "heads",
      async (text) =>
        commit(
          await withEntry(`100644 blob ${await object("blob", `${text}\n`)}\t"a"\t\u00ff'b\\c`),
        ),
    ],
    "the name of a submodule": [
      "heads",
      async (text) => commit(await withEntry(`160000 commit ${main}\tsub-${text}`)),
    ],
    "the name of an empty folder": [
      "heads",
      async (text) => commit(await withEntry(`040000 tree ${await tree()}\tempty-${text}`)),
    ],
    "the target of a link that goes nowhere": [
      "heads",
      async (text) =>
        commit(await withEntry(`120000 blob ${await object("blob", `gone/${text}`)}\tlink`)),
    ],
    "a merge of twenty": [
      "heads",
      async (text) => {
        const sides: string[] = [];
        for (let at = 0; at < 20; at += 1)
          sides.push(await commit(await mainTree(), { message: `${at}\n` }));
        const root = await withEntry(
          `100644 blob ${await object("blob", `${text}\n`)}\toctopus.txt`,
        );
        return await commit(root, { parents: sides });
      },
    ],
    "a merge of one commit with itself": [
      "heads",
      async (text) =>
        commit(await withEntry(`100644 blob ${await object("blob", `${text}\n`)}\ttwice.txt`), {
          parents: [main, main],
        }),
    ],
    "a crosswise merge": [
      "heads",
      async (text) => {
        const [a, b] = [
          await commit(await mainTree(), { message: "a\n" }),
          await commit(await mainTree(), { message: "b\n" }),
        ];
        const left = await commit(await mainTree(), { parents: [a, b] });
        const right = await commit(await mainTree(), { parents: [b, a] });
        const root = await withEntry(`100644 blob ${await object("blob", `${text}\n`)}\tcross.txt`);
        return await commit(root, { parents: [left, right] });
      },
    ],
  };

  const carriers = Object.entries(CARRIERS).map(
    ([name, [kind, make]]) => [name, kind, make] as const,
  );

  test.each(some(carriers))("a secret in %s is refused", async (name, kind, make) => {
    const text = secret("github");
    const oid = await make(text);
    const before = await world.refs();
    const push = await world.push("dana", `+${oid}:refs/${kind}/odd`);
    expect(codesOf(push), name).toContain("secrets/found");
    expect(push.stderr).not.toContain(text);
    expect(await world.refs()).toBe(before);
  });

  test("the same objects without one land", async () => {
    const specs: string[] = [];
    for (const [, kind, make] of carriers)
      specs.push(`${await make("plain")}:refs/${kind}/odd-${specs.length}`);
    const push = await world.push("dana", ...specs);
    expect(push.code === 0 ? "" : push.stderr).toBe("");
  });

  test.each([
    ["a link", "120000", "infra"],
    ["a submodule", "160000", "infra"],
    ["a link above it", "120000", "deploy"],
    ["a link in other letters", "120000", "Infra"],
  ])("%s in the place of a protected folder is law", async (_, mode, path) => {
    const id = mode === "160000" ? main : await object("blob", "docs");
    const type = mode === "160000" ? "commit" : "blob";
    const oid = await commit(await withEntry(`${mode} ${type} ${id}\t${path}`));
    const before = await world.refs();
    expect(codesOf(await world.push("dana", `+${oid}:refs/heads/main`))).toContain("law/protected");
    expect(await world.refs()).toBe(before);
  });

  test("a link beside it is not", async () => {
    const id = await object("blob", "docs");
    const oid = await commit(await withEntry(`120000 blob ${id}\tinfrastructure`));
    expect(codesOf(await world.push("dana", `+${oid}:refs/heads/main`))).toEqual([]);
  });
});
