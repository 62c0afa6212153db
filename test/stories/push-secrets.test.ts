/**
 * Some forty ways to bring a secret to a server through pre-receive. None may get in, no answer may
 * repeat the secret, and the same shapes without one must pass.
 */
import { secret, type TestRepository } from "@wingman/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { type Governed, governed } from "./governed.ts";

interface Way {
  readonly name: string;
  /** Brings a text to a ref of the clone's making; gives the refspecs to push. */
  bring(clone: TestRepository, text: string): Promise<readonly string[]>;
}

let count = 0;

async function onBranch(
  clone: TestRepository,
  make: () => Promise<void>,
): Promise<readonly string[]> {
  count += 1;
  await clone.git("checkout", "-q", "-f", "-B", `way-${count}`, "origin/main");
  await make();
  return [`HEAD:refs/heads/way-${count}`];
}

const file =
  (path: string, content: (text: string) => string | Uint8Array): Way["bring"] =>
  (clone, text) =>
    onBranch(clone, async () => {
      await clone.commit("Work", { files: { [path]: content(text) } });
    });

async function object(
  clone: TestRepository,
  type: string,
  content: string | Uint8Array,
): Promise<string> {
  const ran = await clone.tryGit(["hash-object", "-t", type, "-w", "--stdin"], { input: content });
  if (ran.code !== 0) throw new Error(ran.stderr);
  return ran.stdout.trim();
}

/** A commit over main's tree with one more entry, by plumbing, on no branch. */
async function commitWith(
  clone: TestRepository,
  entry: string,
  parents: readonly string[],
  message = "Work",
): Promise<string> {
  const base = await clone.git("ls-tree", "origin/main");
  const made = await clone.tryGit(["mktree", "-z", "--missing"], {
    input: `${base.split("\n").join("\0")}\0${entry}\0`,
  });
  if (made.code !== 0) throw new Error(made.stderr);
  const args = parents.flatMap((parent) => ["-p", parent]);
  return await clone.git("commit-tree", made.stdout.trim(), ...args, "-m", message);
}

const utf16 = (text: string): Buffer => Buffer.from(`key = "${text}"\n`, "utf16le");

const WAYS: readonly Way[] = [
  { name: "in a source file", bring: file("src/a.ts", (text) => `const key = "${text}";\n`) },
  { name: "in a file without extension", bring: file("Procfile", (text) => `web: K=${text}\n`) },
  { name: "in Markdown", bring: file("docs/a.md", (text) => `Use \`${text}\` here.\n`) },
  { name: "in JSON", bring: file("a.json", (text) => JSON.stringify({ key: text })) },
  { name: "in a file under tests", bring: file("test/fixtures/a.txt", (text) => `${text}\n`) },
  { name: "in a file named as an example", bring: file("a.example", (text) => `K=${text}\n`) },
  { name: "in a lock file", bring: file("package-lock.json", (text) => `{"k":"${text}"}`) },
  { name: "in a file named .png", bring: file("logo.png", (text) => `\x89PNG ${text}\n`) },
  { name: "after a NUL byte", bring: file("a.bin", (text) => `\0\0\0${text}\n`) },
  { name: "between NUL bytes", bring: file("a.dat", (text) => `x\0${text}\0y`) },
  {
    name: "after invalid UTF-8",
    bring: file("a.txt", (text) =>
      Buffer.concat([Buffer.from([0xff, 0xfe, 0xc3, 0x28]), Buffer.from(`\n${text}\n`)]),
    ),
  },
  { name: "as Latin-1", bring: file("l.txt", (text) => Buffer.from(`clé = ${text}\n`, "latin1")) },
  {
    name: "as UTF-16 with a mark",
    bring: file("u.txt", (text) => Buffer.concat([Buffer.from([0xff, 0xfe]), utf16(text)])),
  },
  { name: "as UTF-16 without a mark", bring: file("u.txt", (text) => utf16(text)) },
  {
    name: "as big-endian UTF-16",
    bring: file("u.txt", (text) =>
      Buffer.concat([Buffer.from([0xfe, 0xff]), utf16(text).swap16()]),
    ),
  },
  { name: "with CR line ends", bring: file("a.ini", (text) => `[a]\r\nkey=${text}\r\n`) },
  {
    name: "in one line of 3 MB",
    bring: file(
      "min.js",
      (text) => `${"var a=1;".repeat(200_000)}k="${text}";${"var b=2;".repeat(200_000)}`,
    ),
  },
  {
    name: "at the end of 12 MB",
    bring: file("big.txt", (text) => `${"all is well here\n".repeat(720_000)}${text}`),
  },
  { name: "without a final newline", bring: file("n.txt", (text) => text) },
  {
    name: "beside a scanner's disable comment",
    bring: file(
      "d.ts",
      (text) =>
        `// secretlint-disable\nconst key = "${text}"; // secretlint-disable-line gitleaks:allow\n`,
    ),
  },
  {
    name: "in a .gitattributes-hidden file",
    bring: (clone, text) =>
      onBranch(clone, async () => {
        await clone.commit("Work", {
          files: {
            ".gitattributes": "h.txt -diff binary export-ignore linguist-generated\n",
            "h.txt": `${text}\n`,
          },
        });
      }),
  },
  { name: "in .gitattributes itself", bring: file(".gitattributes", (text) => `# ${text}\n`) },
  {
    name: "in .gitmodules",
    bring: file(
      ".gitmodules",
      (text) => `[submodule "a"]\n\tpath = a\n\turl = https://${text}@host.example/a\n`,
    ),
  },
  {
    name: "added and removed in one push",
    bring: (clone, text) =>
      onBranch(clone, async () => {
        await clone.commit("Add", { files: { "t.txt": `${text}\n` } });
        await clone.commit("Remove", { files: { "t.txt": "nothing\n" } });
      }),
  },
  {
    name: "in a deleted file of an earlier commit",
    bring: (clone, text) =>
      onBranch(clone, async () => {
        await clone.commit("Add", { files: { "t.txt": `${text}\n` } });
        await clone.commit("Remove", { files: { "t.txt": undefined } });
      }),
  },
  {
    name: "in a renamed and changed file",
    bring: (clone, text) =>
      onBranch(clone, async () => {
        await clone.commit("Move", {
          files: { "README.md": undefined, "LIESMICH.md": `# Shop\n${text}\n` },
        });
      }),
  },
  {
    name: "in an executable",
    bring: (clone, text) =>
      onBranch(clone, async () => {
        await clone.commit("Work", { files: { "run.sh": { run: `#!/bin/sh\nK=${text}\n` } } });
      }),
  },
  {
    name: "in a commit message",
    bring: (clone, text) =>
      onBranch(clone, async () => {
        await clone.commit(`Work with ${text}`, { files: { "a.txt": "a\n" } });
      }),
  },
  {
    name: "in an author's name",
    bring: (clone, text) =>
      onBranch(clone, async () => {
        await clone.commit("Work", {
          files: { "a.txt": "a\n" },
          as: { name: text, email: "a@acme.example" },
        });
      }),
  },
  {
    name: "in a header of the commit",
    bring: async (clone, text) => {
      const raw = (await clone.git("cat-file", "commit", "origin/main")).replace(
        /\ngpgsig[^]*?\n\n/,
        "\n\n",
      );
      const commit = await object(clone, "commit", raw.replace("\n\n", `\nx-note ${text}\n\n`));
      return [`${commit}:refs/heads/header`];
    },
  },
  {
    name: "in a symlink's target",
    bring: (clone, text) =>
      onBranch(clone, async () => {
        await clone.commit("Link", { files: { link: { link: `/tmp/${text}` } } });
      }),
  },
  {
    name: "behind a name with a newline",
    bring: async (clone, text) => {
      const blob = await object(clone, "blob", `${text}\n`);
      const commit = await commitWith(clone, `100644 blob ${blob}\ta\nb.txt`, ["origin/main"]);
      return [`${commit}:refs/heads/newline`];
    },
  },
  {
    name: "behind a name that is no UTF-8",
    bring: async (clone, text) => {
      const blob = await object(clone, "blob", `${text}\n`);
      const commit = await commitWith(clone, `100644 blob ${blob}\t\u00e9-\u00ff.txt`, [
        "origin/main",
      ]);
      return [`${commit}:refs/heads/bytes`];
    },
  },
  {
    name: "only in a merge commit",
    bring: async (clone, text) => {
      const side = await clone.git(
        "commit-tree",
        "origin/main^{tree}",
        "-p",
        "origin/main",
        "-m",
        "side",
      );
      const blob = await object(clone, "blob", `${text}\n`);
      const merge = await commitWith(clone, `100644 blob ${blob}\tevil.txt`, ["origin/main", side]);
      return [`${merge}:refs/heads/evil`];
    },
  },
  {
    name: "in an octopus merge",
    bring: async (clone, text) => {
      const sides = await Promise.all(
        ["a", "b"].map((name) =>
          clone.git("commit-tree", "origin/main^{tree}", "-p", "origin/main", "-m", name),
        ),
      );
      const blob = await object(clone, "blob", `${text}\n`);
      const merge = await commitWith(clone, `100644 blob ${blob}\toctopus.txt`, [
        "origin/main",
        ...sides,
      ]);
      return [`${merge}:refs/heads/octopus`];
    },
  },
  {
    name: "in an unrelated root commit",
    bring: async (clone, text) => {
      const blob = await object(clone, "blob", `${text}\n`);
      const root = await commitWith(clone, `100644 blob ${blob}\troot.txt`, []);
      return [`${root}:refs/heads/root`];
    },
  },
  {
    name: "in a merged unrelated history",
    bring: async (clone, text) => {
      const blob = await object(clone, "blob", `${text}\n`);
      const root = await commitWith(clone, `100644 blob ${blob}\troot.txt`, []);
      const merge = await clone.git(
        "commit-tree",
        "origin/main^{tree}",
        "-p",
        "origin/main",
        "-p",
        root,
        "-m",
        "merge ours",
      );
      return [`${merge}:refs/heads/unrelated`];
    },
  },
  {
    name: "in an annotated tag's message",
    bring: async (clone, text) => {
      await clone.git(
        "-c",
        "user.name=M",
        "-c",
        "user.email=m@acme.example",
        "tag",
        "-f",
        "-a",
        "-m",
        `Release ${text}`,
        "v1",
        "origin/main",
      );
      return ["refs/tags/v1:refs/tags/v1"];
    },
  },
  {
    name: "in a tag of a tag",
    bring: async (clone, text) => {
      const main = await clone.git("rev-parse", "origin/main");
      const tag = (target: string, type: string, name: string, message: string): string =>
        `object ${target}\ntype ${type}\ntag ${name}\ntagger M <m@acme.example> 1700000000 +0000\n\n${message}\n`;
      const inner = await object(clone, "tag", tag(main, "commit", "inner", text));
      const outer = await object(clone, "tag", tag(inner, "tag", "outer", "fine"));
      return [`${outer}:refs/tags/outer`];
    },
  },
  {
    name: "in a tag of a blob",
    bring: async (clone, text) => {
      const blob = await object(clone, "blob", `${text}\n`);
      await clone.git("tag", "-f", "blob", blob);
      return ["refs/tags/blob:refs/tags/blob"];
    },
  },
  {
    name: "in a tag of a tree",
    bring: async (clone, text) => {
      const blob = await object(clone, "blob", `${text}\n`);
      const tree = await clone.tryGit(["mktree"], { input: `100644 blob ${blob}\ta.txt\n` });
      await clone.git("tag", "-f", "tree", tree.stdout.trim());
      return ["refs/tags/tree:refs/tags/tree"];
    },
  },
  {
    name: "in a note",
    bring: async (clone, text) => {
      // A note written over another keeps the other in its history, and with it its secret.
      await clone.git("update-ref", "-d", "refs/notes/review");
      await clone.git(
        "-c",
        "user.name=M",
        "-c",
        "user.email=m@acme.example",
        "notes",
        "--ref",
        "review",
        "add",
        "-f",
        "-m",
        text,
        "origin/main",
      );
      return ["refs/notes/review:refs/notes/review"];
    },
  },
  {
    name: "on a ref in a namespace of its own",
    bring: async (clone, text) => {
      const refs = await file("a.txt", () => `${text}\n`)(clone, text);
      return [`${refs[0]?.split(":")[0] ?? ""}:refs/for/main/topic`];
    },
  },
  {
    name: "on the second ref of a push",
    bring: async (clone, text) => {
      const refs = await file("a.txt", () => `${text}\n`)(clone, text);
      return ["origin/main:refs/heads/clean", ...refs];
    },
  },
  {
    name: "straight on the governed branch",
    bring: async (clone, text) => {
      const refs = await file("a.txt", () => `${text}\n`)(clone, text);
      return [`${refs[0]?.split(":")[0] ?? ""}:refs/heads/main`];
    },
  },
  {
    name: "in an instruction",
    bring: file(
      ".wingman/instructions/INS-0001.md",
      (text) => `---\nid: INS-0001\ntitle: T\ndraft: true\n---\n${text}\n`,
    ),
  },
  {
    name: "in a folder fifty levels deep",
    bring: file(`${"d/".repeat(50)}a.txt`, (text) => `${text}\n`),
  },
  {
    name: "in the hundredth commit",
    bring: (clone, text) =>
      onBranch(clone, async () => {
        let parent = "origin/main";
        for (let at = 0; at < 99; at += 1)
          parent = await clone.git(
            "commit-tree",
            "origin/main^{tree}",
            "-p",
            parent,
            "-m",
            `c${at}`,
          );
        const blob = await object(clone, "blob", `${text}\n`);
        const last = await commitWith(clone, `100644 blob ${blob}\tz.txt`, [parent]);
        await clone.git("reset", "-q", "--hard", last);
      }),
  },
  { name: "in a ref's name", bring: async (_clone, text) => [`origin/main:refs/heads/${text}`] },
];

describe("a secret through pre-receive", () => {
  let world: Governed;
  beforeAll(async () => {
    world = await governed();
  }, 60_000);

  test.each(WAYS)("$name is refused, and not repeated", async (way) => {
    const text = secret("github");
    const refspecs = await way.bring(world.clone, text);
    const push = await world.clone.push(["origin", "-f", ...refspecs], {
      pusher: "dana@acme.example",
    });
    expect(push.stderr).toMatch(/secrets\/(found|suspected)/);
    expect(push.code).not.toBe(0);
    const answer =
      way.name === "in a ref's name"
        ? push.stderr.replace(/^ ! \[remote rejected\].*$/gm, "").replace(/^error: failed.*$/gm, "")
        : push.stderr;
    expect(answer).not.toContain(text);
    const refs = await world.server.git("for-each-ref", "--format=%(refname)");
    expect(refs.split("\n").sort()).toEqual(["refs/heads/main", "refs/heads/wingman-ledger"]);
  });

  test("in a file's name it is refused", async () => {
    const text = secret("github");
    const refspecs = await file(`${text}.txt`, () => "plain\n")(world.clone, text);
    const push = await world.clone.push(["origin", ...refspecs], { pusher: "dana@acme.example" });
    expect(push.code).not.toBe(0);
    expect(push.stderr).toMatch(/secrets\/found/);
    expect(push.stderr).not.toContain(text);
  });

  test("the same ways without a secret pass", async () => {
    // All in one push, which says of each ref what it thinks: fifty pushes would take a minute.
    const refspecs: string[] = [];
    for (const way of WAYS)
      for (const refspec of await way.bring(world.clone, "nothing-to-hide")) {
        const [from = "", to = ""] = refspec.split(":");
        refspecs.push(`${await world.clone.git("rev-parse", from)}:${to}`);
      }
    expect(new Set(refspecs.map((one) => one.split(":")[1])).size).toBe(refspecs.length);
    const push = await world.clone.push(["origin", "-f", ...refspecs], {
      pusher: "dana@acme.example",
    });
    expect(push.code === 0 ? "" : push.stderr).toBe("");
    expect(refspecs.length).toBeGreaterThan(WAYS.length);
  }, 180_000);
});
