/**
 * Git's objects and refs in memory, with git's own ids: a blob, tree or commit written over HTTP gets
 * the name that real git would give it, so a test can hold both side by side.
 */
import { createHash } from "node:crypto";

export interface TreeEntry {
  readonly name: string;
  readonly mode: string;
  readonly sha: string;
}
export interface CommitPerson {
  readonly name: string;
  readonly email: string;
  /** RFC 3339; written as seconds in UTC. */
  readonly date: string;
}
export interface CommitObject {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: CommitPerson;
  readonly committer: CommitPerson;
  readonly message: string;
}

export class GitStore {
  readonly blobs = new Map<string, Buffer>();
  readonly trees = new Map<string, readonly TreeEntry[]>();
  readonly commits = new Map<string, CommitObject>();
  /** Full name to commit. */
  readonly refs = new Map<string, string>();

  writeBlob(bytes: Buffer): string {
    const sha = idOf("blob", bytes);
    this.blobs.set(sha, bytes);
    return sha;
  }

  writeTree(entries: readonly TreeEntry[]): string {
    // git sorts a folder as if its name ended in a slash.
    const key = (entry: TreeEntry) =>
      Buffer.from(entry.mode === "040000" ? `${entry.name}/` : entry.name);
    const sorted = [...entries].sort((a, b) => Buffer.compare(key(a), key(b)));
    const bytes = Buffer.concat(
      sorted.map((entry) =>
        Buffer.concat([
          Buffer.from(`${entry.mode.replace(/^0/, "")} ${entry.name}\0`),
          Buffer.from(entry.sha, "hex"),
        ]),
      ),
    );
    const sha = idOf("tree", bytes);
    this.trees.set(sha, sorted);
    return sha;
  }

  writeCommit(commit: CommitObject): string {
    const person = ({ name, email, date }: CommitPerson) =>
      `${name} <${email}> ${Math.floor(Date.parse(date) / 1000)} +0000`;
    const lines = [
      `tree ${commit.tree}`,
      ...commit.parents.map((parent) => `parent ${parent}`),
      `author ${person(commit.author)}`,
      `committer ${person(commit.committer)}`,
      "",
      commit.message,
    ];
    const sha = idOf("commit", Buffer.from(lines.join("\n")));
    this.commits.set(sha, commit);
    return sha;
  }

  /** A tree's files and folders below it, by path; only its own entries unless `deep`. */
  walk(tree: string, deep: boolean, folder = ""): readonly (TreeEntry & { path: string })[] {
    return (this.trees.get(tree) ?? []).flatMap((entry) => {
      const path = folder + entry.name;
      const below = deep && entry.mode === "040000" ? this.walk(entry.sha, true, `${path}/`) : [];
      return [{ ...entry, path }, ...below];
    });
  }

  /** What stands at a path of a tree. The empty path is the tree itself. */
  at(tree: string, path: string): { readonly mode: string; readonly sha: string } | undefined {
    let here = { mode: "040000", sha: tree };
    for (const step of path.split("/").filter((part) => part !== "")) {
      const next = this.trees.get(here.sha)?.find((entry) => entry.name === step);
      if (next === undefined) return undefined;
      here = next;
    }
    return here;
  }

  /** The tree with one path set, or taken away; folders come and go with what is in them. */
  withPath(tree: string, path: string, entry: { mode: string; sha: string } | null): string {
    const [name = "", ...rest] = path.split("/");
    const entries = this.trees.get(tree) ?? [];
    const others = entries.filter((one) => one.name !== name);
    if (rest.length === 0) {
      return this.writeTree(entry === null ? others : [...others, { name, ...entry }]);
    }
    const old = entries.find((one) => one.name === name && one.mode === "040000");
    const sha = this.withPath(old?.sha ?? this.writeTree([]), rest.join("/"), entry);
    const empty = (this.trees.get(sha) ?? []).length === 0;
    return this.writeTree(empty ? others : [...others, { name, mode: "040000", sha }]);
  }

  /** Whether a commit is another or one of its forebears. */
  reaches(from: string, to: string): boolean {
    const open = [from];
    const seen = new Set<string>();
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (at === to) return true;
      if (seen.has(at)) continue;
      seen.add(at);
      open.push(...(this.commits.get(at)?.parents ?? []));
    }
    return false;
  }

  /** A commit by id, branch, tag or full ref. */
  resolve(name: string): string | undefined {
    if (this.commits.has(name)) return name;
    const names = [name, `refs/${name}`, `refs/heads/${name}`, `refs/tags/${name}`];
    return names.map((one) => this.refs.get(one)).find((sha) => sha !== undefined);
  }
}

function idOf(kind: string, bytes: Buffer): string {
  return createHash("sha1").update(`${kind} ${bytes.length}\0`).update(bytes).digest("hex");
}
