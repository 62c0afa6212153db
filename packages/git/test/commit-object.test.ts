import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { parseCommit } from "../src/commit-object.ts";
import { peel, type Repo, readCommit, readTag, writeCommit } from "../src/index.ts";
import { commit, git, newRepo, open } from "./fixture.ts";

const TREE = "a".repeat(40);
const OID = "c".repeat(40);
let dir = "";
let repo: Repo;
beforeAll(async () => {
  dir = newRepo();
  repo = await open(dir);
});

function raw(text: string): Buffer {
  return Buffer.from(text, "utf8");
}

describe("readCommit", () => {
  it("reads what git wrote", async () => {
    const first = commit(dir, { f: "1" });
    const second = commit(dir, { f: "2" }, { message: "subject\n\nWingman-Run: a/b/c" });
    const read = await readCommit(repo, second);
    expect(read).toMatchObject({
      parents: [first],
      message: "subject\n\nWingman-Run: a/b/c\n",
      signatures: [],
    });
    expect(read.tree).toBe(git(dir, ["rev-parse", `${second}^{tree}`]));
    expect(read.author).toMatch(/^Dana <dana@acme.example> \d+ /);
    expect(read.payload.equals(read.raw)).toBe(true);
    await expect(readCommit(repo, read.tree)).rejects.toMatchObject({ code: "git/not-a-commit" });
  });

  it("cuts the signature out and keeps what stands behind it covered", () => {
    const head = `tree ${TREE}\nauthor A <a> 1 +0000\ncommitter A <a> 1 +0000\n`;
    const tail = "x-late: hidden\n\nmessage\n\n gpgsig is no header here\n";
    const object = parseCommit(OID, raw(`${head}gpgsig -----BEGIN\n line\n \n -----END\n${tail}`));
    expect(object.payload.toString()).toBe(head + tail);
    expect(object.signatures).toEqual([
      { header: "gpgsig", armored: "-----BEGIN\nline\n\n-----END\n" },
    ]);
  });

  it("reports every signature, and covers headers that only look like one", () => {
    const head = `tree ${TREE}\n`;
    const object = parseCommit(
      OID,
      raw(`${head}gpgsig a\ngpgsig-sha256 b\n c\ngpgsig d\ngpgsig-x e\n\nm`),
    );
    expect(object.signatures.map(({ header }) => header)).toEqual([
      "gpgsig",
      "gpgsig-sha256",
      "gpgsig",
    ]);
    expect(object.payload.toString()).toBe(`${head}gpgsig-x e\n\nm`);
  });

  it("takes parents only from behind the tree, as git does", () => {
    const late = parseCommit(
      OID,
      raw(`tree ${TREE}\nparent ${TREE}\nauthor A\nparent ${OID}\n\nm`),
    );
    expect(late.parents).toEqual([TREE]);
    for (const bad of ["", "author A\n\nm", "tree abc\n\nm", `tree ${TREE}\nparent x\n\nm`])
      expect(() => parseCommit(OID, raw(bad))).toThrow(/hostile/);
  });

  it("decodes author and committer as the message, in the declared encoding", () => {
    const raw = `tree ${TREE}\nauthor J\u00f6rg <j@x> 1 +0000\ncommitter J\u00f6rg <j@x> 1 +0000\nencoding ISO-8859-1\n\n\u00fc`;
    const { author, committer, message } = parseCommit(OID, Buffer.from(raw, "latin1"));
    expect([author, committer, message]).toEqual([
      "J\u00f6rg <j@x> 1 +0000",
      "J\u00f6rg <j@x> 1 +0000",
      "\u00fc",
    ]);
  });

  it("decodes a declared encoding and keeps an unknown one", () => {
    const latin = (name: string) =>
      parseCommit(OID, Buffer.from(`tree ${TREE}\nencoding ${name}\n\ncaf\u00e9`, "latin1"))
        .message;
    expect(latin("ISO-8859-1")).toBe("caf\u00e9");
    expect(latin("no-such")).toBe("caf\ufffd");
  });

  it("never loses a byte between payload and signatures", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("gpgsig x", " y", "gpgsig-sha256 z", "a b", "gpgsigq", ""), {
          maxLength: 12,
        }),
        (lines) => {
          const text = `tree ${TREE}\nauthor A\n${lines.join("\n")}`;
          const { payload, signatures, raw: whole } = parseCommit(OID, raw(text));
          const cut = signatures.reduce(
            (sum, { header, armored }) =>
              sum + header.length + 1 + armored.length + armored.split("\n").length - 2,
            0,
          );
          expect(Math.abs(whole.length - payload.length - cut)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});

describe("writeCommit", () => {
  it("folds a signature into the headers, and reads back exactly what was signed", async () => {
    const tree = git(dir, ["mktree"], { input: "" });
    let signed = "";
    const armored = `${["-----BEGIN SSH", "SIGNATURE-----"].join(" ")}\nabc\ndef\n-----END-----\n`;
    const oid = await writeCommit(repo, {
      tree,
      parents: [],
      author: "A <a@b> 1 +0000",
      committer: "A <a@b> 1 +0000",
      message: "hello",
      sign: (payload) => {
        signed = payload.toString();
        return armored;
      },
    });
    const read = await readCommit(repo, oid);
    expect(read.payload.toString()).toBe(signed);
    expect(read.signatures).toEqual([{ header: "gpgsig", armored }]);
    expect(git(dir, ["log", "-1", "--format=%an %s", oid])).toBe("A hello");
  });
});

describe("peel", () => {
  it("follows tags of tags, to blobs and trees as well", async () => {
    const oid = commit(dir, { t: "x" });
    git(dir, ["tag", "-a", "-m", "one", "one", oid]);
    git(dir, ["tag", "-a", "-m", "two\n\nbody", "two", "one"]);
    const two = git(dir, ["rev-parse", "two"]);
    const peeled = await peel(repo, two);
    expect(peeled).toMatchObject({ type: "commit", oid });
    expect(peeled.chain.map(({ name }) => name)).toEqual(["two", "one"]);
    expect((await readTag(repo, two)).message).toBe("two\n\nbody\n");
    const blob = git(dir, ["rev-parse", `${oid}:t`]);
    git(dir, ["tag", "-a", "-m", "b", "blob", blob]);
    expect(await peel(repo, git(dir, ["rev-parse", "blob"]))).toMatchObject({
      type: "blob",
      oid: blob,
    });
    expect(await peel(repo, oid)).toEqual({ chain: [], type: "commit", oid });
  });

  it("refuses a tag without links, and one whose object is absent", async () => {
    const bad = git(dir, ["hash-object", "-w", "-t", "tag", "--literally", "--stdin"], {
      input: "nothing\n",
    });
    await expect(peel(repo, bad)).rejects.toMatchObject({ code: "git/hostile-tag" });
    const gone = `object ${"7".repeat(40)}\ntype commit\ntag x\ntagger A <a> 1 +0000\n\nm\n`;
    const absent = git(dir, ["hash-object", "-w", "-t", "tag", "--literally", "--stdin"], {
      input: gone,
    });
    await expect(peel(repo, absent)).rejects.toMatchObject({ code: "git/missing-object" });
  });
});
