/**
 * Histories that honest people have, onto a governed branch of a server that enforces: imports of
 * thousands of commits, other line ends, big and vendored files, sparse checkouts, submodules, signed
 * and crosswise merges, clocks that were wrong. None may be refused, none changed.
 */
import { instructionText, newRepository, repositoryAt, temporaryFolder } from "@wingman/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { codesOf, type World, workerWorld, writeRun } from "./worker-world.ts";

const MAIN = "HEAD:refs/heads/main";
const who = ["-c", "user.name=D", "-c", "user.email=dana@acme.example"];

describe("an honest history", () => {
  let world: World;
  beforeAll(async () => {
    world = await workerWorld({
      policy: { governed: ["main", "release/*"], protect: ["infra/**"] },
    });
  }, 60_000);

  const git = (...args: string[]): Promise<string> => world.clone.git(...who, ...args);

  /** Pushes and holds the server to exactly what was pushed. */
  async function lands(spec = MAIN, as: "dana" | "mark" = "dana"): Promise<void> {
    const [from = "HEAD", to = ""] = spec.replace(/^\+/, "").split(":");
    const push = await world.push(as, spec);
    expect(push.code === 0 ? "" : push.stderr).toBe("");
    // What LFS or an archive holds is said to be unread, and is no refusal.
    expect(codesOf(push, "warning").filter((code) => code !== "secrets/unread")).toEqual([]);
    expect(await world.server.git("rev-parse", to)).toBe(await git("rev-parse", from));
    await world.clone.git("fetch", "-q", "origin");
  }

  const commit = async (files: Parameters<World["land"]>[1]): Promise<string> =>
    await world.clone.commit("Work", { as: world.keys.dana, files: files ?? {} });

  /** A fast-import stream: commits in a line, every tenth a merge of a side branch, files renamed. */
  function history(count: number): string {
    const parts: string[] = [];
    const at = (mark: number, from: string, changes: string): void => {
      const time = 1_600_000_000 + mark * 60;
      parts.push(
        `commit refs/heads/imported\nmark :${mark}\ncommitter D <d@acme.example> ${time} +0100\ndata 5\nWork\n${from}${changes}\n`,
      );
    };
    const pathOf = (mark: number): string => `src/${mark % 60}/${mark}.txt`;
    const file = (path: string, text: string): string =>
      `M 100644 inline ${path}\ndata ${text.length}\n${text}\n`;
    at(1, "", file("src/0.txt", "begin\n"));
    for (let mark = 2; mark <= count; mark += 1) {
      const merge = mark % 10 === 0 ? `merge :${mark - 5}\n` : "";
      const renamed = mark % 7 === 0 ? `R ${pathOf(mark - 1)} lib/${mark - 1}.txt\n` : "";
      at(mark, `from :${mark - 1}\n${merge}`, `${renamed}${file(pathOf(mark), `${mark}\n`)}`);
    }
    return parts.join("");
  }

  test("of 5,000 commits is imported and merged", async () => {
    const ran = await world.clone.tryGit(["fast-import", "--quiet", "--force"], {
      input: history(5000),
    });
    expect(ran.stderr).toBe("");
    await world.branch();
    await git("merge", "-q", "--allow-unrelated-histories", "--no-ff", "-m", "Import", "imported");
    await lands();
  }, 240_000);

  test("with Windows line ends, byte-order marks and autocrlf", async () => {
    const folder = temporaryFolder();
    await git("clone", "-q", "-c", "core.autocrlf=true", world.server.folder, folder);
    const windows = repositoryAt(folder);
    windows.write("src/win.txt", "one\r\ntwo\r\n");
    windows.write("src/win.bat", "@echo off\r\n");
    await windows.git("-c", "core.autocrlf=false", "add", "src/win.bat");
    await windows.git("add", "src/win.txt");
    await windows.commit("Windows", { as: world.keys.dana });
    const push = await windows.push(["-q", "origin", MAIN], { pusher: "dana@acme.example" });
    expect(push.code === 0 ? "" : push.stderr).toBe("");
    await world.clone.git("fetch", "-q", "origin");
    await world.branch();
    await commit({
      "src/bom.cs": "\ufeffclass A {}\r\n",
      ".gitattributes": "* text=auto\n*.bat eol=crlf\n*.png binary\n",
    });
    await lands();
  });

  test("of an instruction with Windows line ends, which is read, and worked on", async () => {
    const id = "INS-0088";
    const text = instructionText({ worker: undefined, id }).replaceAll("\n", "\r\n");
    await world.branch();
    await commit({ [`.wingman/instructions/${id}.md`]: text });
    await lands();
    const path = "src/keys/crlf.mjs";
    const run = writeRun({ instruction: id, on: text, claims: [["file.created", { path }]] });
    await world.branch();
    await world.work(run, { files: { [run.path]: run.text, [path]: "1\r\n" } });
    const push = await world.push("alice", MAIN);
    expect(push.code === 0 ? "" : push.stderr).toBe("");
    await world.clone.git("fetch", "-q", "origin");
  });

  test("of big, vendored, executable, linked and oddly named files", async () => {
    await world.branch();
    const vendored = Object.fromEntries(
      Array.from({ length: 300 }, (_, at) => [
        `vendor/lib/${at % 20}/${at}.js`,
        `exports.n=${at};\n`,
      ]),
    );
    await commit({
      ...vendored,
      "assets/big.bin": Buffer.alloc(24 * 1024 * 1024, 7),
      "assets/min.js": `var a=${"[1],".repeat(200_000)}0;\n`,
      "bin/run": { run: "#!/bin/sh\nexit 0\n" },
      "docs/latest": { link: "rotation.md" },
      "docs/Übersicht – 概要.md": "# Übersicht\n",
      "docs/a b\t'c' \"d\".md": "# Odd\n",
      "a.lfs": `version https://git-lfs.github.com/spec/v1\noid sha256:${"4d".repeat(32)}\nsize 12345\n`,
    });
    await lands();
  });

  test("of renames: of folders, of letters' case, and of a file that becomes a folder", async () => {
    await world.branch();
    await git("mv", "vendor/lib", "third-party");
    await git("commit", "-q", "-m", "Move");
    await git("mv", "README.md", "README.tmp");
    await git("mv", "README.tmp", "Readme.md");
    await git("commit", "-q", "-m", "Letters");
    await commit({ "bin/run": undefined, "bin/run/main.sh": "exit 0\n" });
    await lands();
  });

  test("from a sparse checkout", async () => {
    const folder = temporaryFolder();
    await git("clone", "-q", "--sparse", world.server.folder, folder);
    const sparse = repositoryAt(folder);
    await sparse.git("sparse-checkout", "set", "docs");
    await sparse.commit("Sparse", {
      as: world.keys.dana,
      files: { "docs/sparse.md": "# Sparse\n" },
    });
    const push = await sparse.push(["-q", "origin", MAIN], { pusher: "dana@acme.example" });
    expect(push.code === 0 ? "" : push.stderr).toBe("");
    await world.clone.git("fetch", "-q", "origin");
  });

  test("of a submodule that is added, bumped and removed", async () => {
    const library = await newRepository({ files: { "lib.txt": "1\n" } });
    const add = async (oid: string): Promise<void> => {
      await git("update-index", "--add", "--cacheinfo", `160000,${oid},ext/lib`);
      await git("commit", "-q", "-m", "Bump");
    };
    await world.branch();
    await commit({
      ".gitmodules": '[submodule "ext/lib"]\n\tpath = ext/lib\n\turl = ../lib.git\n',
    });
    await add(await library.git("rev-parse", "HEAD"));
    await add(await library.commit("Next", { files: { "lib.txt": "2\n" } }));
    await git("rm", "-q", "--cached", "ext/lib");
    await git("commit", "-q", "-m", "Remove");
    await lands();
  });

  test("of a subtree merge, pulled again", async () => {
    const library = await newRepository({ files: { "part.txt": "1\n" } });
    await world.branch();
    await git("fetch", "-q", library.folder, "+main:refs/heads/library");
    const merge = ["merge", "-q", "-s", "ours", "--no-commit", "--allow-unrelated-histories"];
    await git(...merge, "library");
    await git("read-tree", "--prefix=subtree/", "-u", "library");
    await git("commit", "-q", "-m", "Add the library");
    await library.commit("Next", { files: { "part.txt": "2\n" } });
    await git("fetch", "-q", library.folder, "+main:refs/heads/library");
    await git("merge", "-q", "-X", "subtree=subtree", "-m", "Pull the library", "library");
    await lands();
    expect(world.clone.read("subtree/part.txt")).toBe("2\n");
  });

  test("of merges: signed, crosswise, of many, of nothing, with a conflict resolved", async () => {
    await world.branch();
    const start = await git("rev-parse", "HEAD");
    const side = async (name: string, text: string): Promise<string> => {
      await git("checkout", "-q", "-f", "--detach", start);
      return await commit({ [`sides/${name}.txt`]: text, "sides/both.txt": `${name}\n` });
    };
    const [left, right] = [await side("left", "1\n"), await side("right", "2\n")];
    const merge = async (on: string, other: string, text: string): Promise<string> => {
      await git("checkout", "-q", "-f", "--detach", on);
      await world.clone.tryGit([...who, "merge", "-q", "--no-ff", "--no-commit", other]);
      return await world.clone.commit("Merge", {
        as: world.keys.dana,
        sign: world.keys.dana,
        files: { "sides/both.txt": text },
      });
    };
    const [one, two] = [await merge(left, right, "l r\n"), await merge(right, left, "r l\n")];
    await merge(one, two, "l r l\n");
    const octopus = ["a", "b", "c"].map((name) =>
      git("commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", name),
    );
    await git("merge", "-q", "--no-ff", "-m", "All", ...(await Promise.all(octopus)));
    await git("commit", "-q", "--allow-empty", "-m", "Nothing");
    await lands();
  });

  test("of clocks that were wrong", async () => {
    await world.branch();
    for (const date of ["2001-01-01T00:00:00Z", "2099-01-01T00:00:00Z", "1970-01-02T00:00:00Z"])
      await world.clone.commit("Work", {
        as: world.keys.dana,
        files: { "clock.txt": `${date}\n` },
        env: { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
      });
    await lands();
  });

  test("of release branches: begun, fixed, picked across, reverted, merged back", async () => {
    await world.branch();
    await lands("HEAD:refs/heads/release/1");
    await commit({ "fix.txt": "1\n" });
    const fix = await git("rev-parse", "HEAD");
    await lands();
    await world.branch("origin/release/1");
    await git("cherry-pick", "-x", fix);
    await lands("HEAD:refs/heads/release/1");
    await git("revert", "--no-edit", "HEAD");
    await lands("HEAD:refs/heads/release/1");
    await git("revert", "--no-edit", "HEAD");
    await lands("HEAD:refs/heads/release/1");
    await world.branch();
    await git("merge", "-q", "--no-ff", "-m", "Merge back", "origin/release/1");
    await lands();
    await lands("origin/release/1:refs/heads/release/2");
  }, 120_000);

  test("beside it: an orphan branch, notes, tags of every kind, a forced topic", async () => {
    await git("checkout", "-q", "--orphan", "pages");
    await git("rm", "-r", "-q", "-f", ".");
    await world.clone.commit("Pages", { as: world.keys.dana, files: { "index.html": "<p>\n" } });
    await lands("HEAD:refs/heads/gh-pages");
    await world.branch();
    await git("notes", "add", "-f", "-m", "reviewed", "HEAD");
    await git("tag", "-a", "-m", "One", "v1.0");
    await git("tag", "v1.0-light");
    await git("tag", "-a", "-m", "The key", "key", await git("rev-parse", "HEAD:fix.txt"));
    const push = await world.push(
      "dana",
      ...["refs/notes/commits:refs/notes/commits", "refs/tags/v1.0:refs/tags/v1.0"],
      ...["refs/tags/v1.0-light:refs/tags/v1.0-light", "refs/tags/key:refs/tags/key"],
    );
    expect(push.code === 0 ? "" : push.stderr).toBe("");
    await commit({ "topic.txt": "1\n" });
    await lands("HEAD:refs/heads/topic");
    await git("commit", "-q", "--amend", "-m", "Better said");
    await lands("+HEAD:refs/heads/topic");
  }, 120_000);

  test("and the ledger is sound, and nobody was accused", async () => {
    expect((await world.ledger()).filter((one) => one["verdict"] === "FALSE")).toEqual([]);
    const verified = await world.server.wingman(["ledger", "verify"]);
    expect(verified.code === 0 ? "" : verified.stderr + verified.stdout).toBe("");
  });
});
