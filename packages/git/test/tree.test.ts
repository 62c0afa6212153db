import { pathFromBytes, treeOf } from "@wingman/model";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { diffTrees, type Repo, treeAt } from "../src/index.ts";
import { parseTree } from "../src/tree-object.ts";
import { treeBytes } from "../src/write-objects.ts";
import { commit, git, newRepo, open, rawTree, signs } from "./fixture.ts";

let dir = "";
let repo: Repo;
let blob = "";
beforeAll(async () => {
  dir = newRepo();
  repo = await open(dir);
  blob = git(dir, ["hash-object", "-w", "--stdin"], { input: "hello" });
});

describe("treeAt", () => {
  it("lists in git's byte order and reads bytes", async () => {
    const oid = commit(dir, { "a/x": "1", "a-b": "2", "a.b": "3", "z/é": "4", "b/c/d": "5" });
    const tree = await treeAt(repo, oid);
    const listed = git(dir, ["ls-tree", "-r", "-z", "--name-only", oid]).split("\0").slice(0, -1);
    expect((await tree.entries()).map(({ path }) => path)).toEqual(listed);
    expect((await tree.entries("b")).map(({ path }) => path)).toEqual(["b/c/d"]);
    expect([await tree.hasFolder("b/c"), await tree.hasFolder("b/c/d")]).toEqual([true, false]);
    expect(await tree.entry("b/c")).toBeUndefined();
    expect(await tree.entry("a-b/x")).toBeUndefined();
    const entry = await tree.entry("b/c/d");
    expect(entry && Buffer.from(await tree.read(entry)).toString()).toBe("5");
    expect(entry && (await tree.size(entry))).toBe(1);
  });

  it("lists wanted folders by name, and nothing of one that is not there", async () => {
    const files = { "a/x": "1", "a/b/c": "2", "a.b": "3", "z/y": "4" };
    const wanted = new Set(["", "a", "a/b", "none", "a.b"]);
    const fresh = newRepo();
    const listed = await (await treeAt(await open(fresh), commit(fresh, files))).names(wanted);
    const expected = [
      ["", "a.b a/ z/"],
      ["a", "b/ x"],
      ["a/b", "c"],
    ];
    for (const names of [listed, await treeOf(files).names(wanted)]) {
      const told = [...names].filter(([, all]) => all.length > 0);
      expect(
        told.map(([folder, all]) => [
          folder,
          all
            .map(({ name, folder: isFolder }) => (isFolder ? `${name}/` : name))
            .sort()
            .join(" "),
        ]),
      ).toEqual(expected);
    }
  });

  it("keeps names with line ends and with bytes that are no UTF-8", async () => {
    const odd = Buffer.from([0x66, 0xff, 0x0a, 0x67]);
    const tree = await treeAt(repo, rawTree(dir, [{ mode: "100644", name: odd, oid: blob }]));
    const [entry] = await tree.entries();
    expect(entry?.path).toBe(pathFromBytes(odd));
    expect(await tree.entry(pathFromBytes(odd))).toEqual(entry);
  });

  it("shows symlinks and submodules as what they are", async () => {
    const sub = "1".repeat(40);
    const oid = rawTree(dir, [
      { mode: "120000", name: "link", oid: blob },
      { mode: "160000", name: "sub", oid: sub },
    ]);
    const tree = await treeAt(repo, oid);
    const [link, module] = await tree.entries();
    expect([link?.mode, module?.mode]).toEqual(["120000", "160000"]);
    expect(link && Buffer.from(await tree.read(link)).toString()).toBe("hello");
    await expect(module && tree.read(module)).rejects.toMatchObject({ code: "git/missing-object" });
    await expect(module && tree.size(module)).rejects.toMatchObject({ code: "git/missing-object" });
  });

  it.each([
    [
      "duplicate",
      [
        ["100644", "a"],
        ["100644", "a"],
      ],
    ],
    [
      "file and folder of one name",
      [
        ["100644", "a"],
        ["100644", "a-"],
        ["40000", "a"],
      ],
    ],
    [
      "unsorted",
      [
        ["100644", "b"],
        ["100644", "a"],
      ],
    ],
    ["dot", [["100644", "."]]],
    ["dots", [["100644", ".."]]],
    ["git", [["100644", ".git"]]],
    ["folded git", [["40000", ".GiT"]]],
    ["git for NTFS", [["40000", "git~1"]]],
    ["git with a dot for NTFS", [["40000", ".git. ."]]],
    ["git stream for NTFS", [["100644", ".git::$INDEX_ALLOCATION"]]],
    ["git behind a backslash", [["100644", "a\\.git\\config"]]],
    ["git for HFS+", [["100644", ".g\u200cit"]]],
    ["empty name", [["100644", ""]]],
    ["slash", [["100644", "a/b"]]],
    ["mode", [["100600", "a"]]],
    ["odd mode", [["0", "a"]]],
  ] as const)("refuses a hostile tree: %s", async (_what, items) => {
    const empty = git(dir, ["mktree"], { input: "" });
    const oid = rawTree(
      dir,
      items.map(([mode, name]) => ({ mode, name, oid: mode === "40000" ? empty : blob })),
    );
    const tree = await treeAt(repo, oid);
    await expect(tree.entries()).rejects.toMatchObject({ code: "git/hostile-tree" });
    await expect(tree.entry("a")).rejects.toMatchObject({ code: "git/hostile-tree" });
  });

  it("takes git's old group-writable mode for an ordinary file", async () => {
    const tree = await treeAt(repo, rawTree(dir, [{ mode: "100664", name: "a", oid: blob }]));
    expect((await tree.entry("a"))?.mode).toBe("100644");
  });

  it("stops at a tree that unfolds without end, quickly", async () => {
    let oid = rawTree(
      dir,
      Array.from({ length: 10 }, (_, at) => ({ mode: "100644", name: `f${at}`, oid: blob })),
    );
    for (let depth = 0; depth < 10; depth += 1) {
      const below = oid;
      oid = rawTree(
        dir,
        Array.from({ length: 10 }, (_, at) => ({ mode: "40000", name: `d${at}`, oid: below })),
      );
    }
    const tree = await treeAt(repo, oid);
    await expect(diffTrees(repo, undefined, oid)).rejects.toMatchObject({
      code: "git/hostile-tree",
    });
    await expect(tree.entries()).rejects.toMatchObject({ code: "git/hostile-tree" });
  }, 20_000);

  it("faults where a folder's or a file's object is absent", async () => {
    const absent = "2".repeat(40);
    const tree = await treeAt(repo, rawTree(dir, [{ mode: "40000", name: "a", oid: absent }]));
    await expect(tree.entries()).rejects.toMatchObject({ code: "git/missing-object" });
    const file = await treeAt(repo, rawTree(dir, [{ mode: "100644", name: "a", oid: absent }]));
    const [entry] = await file.entries();
    await expect(entry && file.read(entry)).rejects.toMatchObject({ code: "git/missing-object" });
    await expect(treeAt(repo, blob)).rejects.toMatchObject({ code: "git/no-tree" });
  });

  it("peels an annotated tag", async () => {
    const oid = commit(dir, { t: "1" });
    git(dir, ["tag", "-a", "-m", "x", "v1", oid]);
    expect((await treeAt(repo, git(dir, ["rev-parse", "v1"]))).id).toBe(
      (await treeAt(repo, oid)).id,
    );
  });
});

describe("parseTree", () => {
  it("reads back what treeBytes writes, and never loops on noise", () => {
    const name = fc
      .uint8Array({ minLength: 1, maxLength: 12 })
      .map((bytes) => Buffer.from(bytes.map((byte) => (byte === 0 || byte === 47 ? 97 : byte))));
    fc.assert(
      fc.property(fc.uniqueArray(name, { selector: (bytes) => bytes.toString("hex") }), (names) => {
        const items = names
          .filter((bytes) => !/^\.\.?$|git/i.test(bytes.toString("latin1")))
          .map((bytes, at) => ({
            name: pathFromBytes(bytes),
            mode: at % 3 === 0 ? ("040000" as const) : ("100644" as const),
            oid: `${at + 1}`.padStart(40, "0"),
            key: `${bytes.toString("latin1")}${at % 3 === 0 ? "/" : ""}`,
          }));
        const parsed = parseTree("t", treeBytes(items), 40);
        expect(new Set(parsed.values())).toEqual(new Set(items));
        expect([...parsed.values()].map(({ key }) => key)).toEqual(
          items.map(({ key }) => key).sort((a, b) => (a < b ? -1 : 1)),
        );
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          const parsed = parseTree("t", Buffer.from(bytes), 40);
          expect(treeBytes([...parsed.values()]).length).toBeLessThanOrEqual(bytes.length);
        } catch (error) {
          expect(error).toMatchObject({ code: "git/hostile-tree" });
        }
      }),
    );
  });
});

describe("parseTree of a folder's next version", () => {
  const entry = (name: string, mode: string, digit: number): Buffer =>
    Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.alloc(20, digit)]);
  const outcome = (bytes: Buffer): unknown => {
    try {
      return [...parseTree("t", bytes, 40).values()];
    } catch (error) {
      return (error as Error).message;
    }
  };
  /** Pushes everything that was remembered out of memory. */
  const forget = (): void => {
    for (let at = 0; at < 8; at += 1)
      outcome(
        Buffer.concat(Array.from({ length: 30 }, (_, n) => entry(`${at}${n + 10}`, "100644", 1))),
      );
  };

  it("says the same with the version before in mind as without: edits, doubles, disorder, noise", () => {
    const names = Array.from({ length: 26 }, (_, at) => `n${String.fromCharCode(97 + at)}`);
    const edit = fc.record({
      at: fc.nat(25),
      how: fc.constantFrom("id", "drop", "folder", "double", "swap", "flip", "insert", "zero"),
      by: fc.nat(900),
    });
    let hostile = 0;
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 3 }), (edits) => {
        const rows = names.map((name) => entry(name, "100644", 7));
        const before = Buffer.concat(rows);
        for (const { at, how, by } of edits) {
          const name = names[at] ?? "";
          if (how === "id") rows[at] = entry(name, "100755", 1 + (by % 250));
          else if (how === "drop") rows[at] = Buffer.alloc(0);
          else if (how === "folder") rows[at] = entry(name, "40000", 9);
          else if (how === "double")
            rows[at] = Buffer.concat([rows[at] ?? rows[0], entry(name, "40000", 3)] as Buffer[]);
          else if (how === "swap")
            [rows[at], rows[25 - at]] = [rows[25 - at], rows[at]] as [Buffer, Buffer];
          else if (how === "insert")
            rows[at] = Buffer.concat([rows[at], entry(`${name}.x`, "120000", 5)] as Buffer[]);
          else if (how === "zero") rows[at] = entry(name, "100644", 0);
        }
        const after = Buffer.concat(rows);
        const flip = edits.find(({ how }) => how === "flip");
        if (flip !== undefined && after.length > 0)
          after[flip.by % after.length] = ((after[flip.by % after.length] ?? 0) ^ 1) & 0xff;
        forget();
        const alone = outcome(after);
        forget();
        outcome(before);
        expect(outcome(after)).toEqual(alone);
        if (typeof alone === "string") hostile += 1;
      }),
      { numRuns: 600 },
    );
    expect(hostile).toBeGreaterThan(50);
  });
});

describe("diffTrees", () => {
  it("agrees with git on additions, changes, modes, and a file that became a folder", async () => {
    const before = commit(
      dir,
      { "a/x": "1", f: "1", g: "1", same: "1", "deep/er/x": "1" },
      { parents: [], ref: "refs/heads/d1" },
    );
    const after = commit(
      dir,
      { "a/x": null, a: "2", f: null, "f/in": "2", g: "2", "f.a": "1", "deep/er/y": "1" },
      { parents: [before], ref: "refs/heads/d2" },
    );
    const changes = await diffTrees(repo, before, after);
    const raw = git(dir, [
      "diff-tree",
      "-r",
      "-z",
      "--no-renames",
      "--name-status",
      before,
      after,
    ]).split("\0");
    const theirs: string[] = [];
    for (let at = 0; at + 1 < raw.length; at += 2)
      theirs.push(`${raw[at] === "A" ? "+" : raw[at] === "D" ? "-" : "*"}${raw[at + 1]}`);
    expect(signs(changes)).toEqual(theirs);
    expect(signs(changes)).toContain("+f/in");
    expect(signs(await diffTrees(repo, undefined, before))).toEqual([
      "+a/x",
      "+deep/er/x",
      "+f",
      "+g",
      "+same",
    ]);
    expect(signs(await diffTrees(repo, before, undefined))).toEqual([
      "-a/x",
      "-deep/er/x",
      "-f",
      "-g",
      "-same",
    ]);
    expect(await diffTrees(repo, before, await treeAt(repo, before))).toEqual([]);
  });

  it("compares with a tree in memory", async () => {
    const oid = commit(dir, { a: "1", b: "1" }, { parents: [], ref: "refs/heads/d3" });
    expect(signs(await diffTrees(repo, treeOf({ a: "1", c: "1" }), oid))).toEqual(["+b", "-c"]);
  });

  it("opens no equal folder: a missing one is never asked for", async () => {
    const absent = "3".repeat(40);
    const one = rawTree(dir, [
      { mode: "100644", name: "a", oid: blob },
      { mode: "40000", name: "gone", oid: absent },
    ]);
    const two = rawTree(dir, [
      { mode: "100755", name: "a", oid: blob },
      { mode: "40000", name: "gone", oid: absent },
    ]);
    expect(signs(await diffTrees(repo, one, two))).toEqual(["*a"]);
  });
});
