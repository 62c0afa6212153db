/**
 * Every blob that any commit of any ref brought, by id, oldest first, with the version of the same
 * path before it. Trees are compared, not texts: attributes, textconv and diff drivers of the judged
 * side have no say. It refuses a history that git cannot read whole: a partial one would look clean.
 */
import { pathFromBytes, type RepoPath } from "@wingman/model";
import { gitFailed } from "./git-failure.ts";
import { notStarted, startGit } from "./git-process.ts";
import type { Repo } from "./repo.ts";

/** One blob where it first came in. */
export interface HistoryBlob {
  readonly oid: string;
  readonly path: RepoPath;
  /** What stood at the path before, in the first parent that has it. */
  readonly previous: string | undefined;
  readonly commit: string;
}

/** Ids of all commits that any ref or HEAD reaches, parents before children. Faults as `run`. */
export async function historyCommits(repo: Repo): Promise<string[]> {
  const args = ["rev-list", "--all", "--reverse", "--topo-order"];
  const { stdout } = await repo.run(args);
  return stdout
    .toString("latin1")
    .split("\n")
    .filter((line) => line !== "");
}

/**
 * The blobs that these commits bring, each id and path once, in the order of the commits. Merges bring
 * what differs from all their parents. Faults where git ends before it told all.
 */
export async function* historyBlobs(
  repo: Repo,
  commits: readonly string[],
): AsyncGenerator<HistoryBlob> {
  const args = ["diff-tree", "--stdin", "-r", "-z", "--root", "-c", "--no-renames", "--raw"];
  const child = startGit(args, { cwd: repo.cwd, env: repo.env });
  let stderr = "";
  let broken: Error | undefined;
  child.stderr.on("data", (chunk: Buffer) => {
    stderr = `${stderr}${chunk}`.slice(-2000);
  });
  child.once("error", (error) => {
    broken = error;
  });
  child.stdin.on("error", () => {});
  const closed = new Promise<number>((done) => {
    child.once("close", (code) => done(code ?? 255));
  });
  child.stdin.end(`${commits.join("\n")}\n`);
  const reader = new RawReader();
  let told = 0;
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of child.stdout) {
      rest = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
      let at = 0;
      for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0, at)) {
        const blob = reader.take(rest.subarray(at, end));
        at = end + 1;
        if (blob !== undefined) yield blob;
      }
      rest = rest.subarray(at);
    }
    told = 1;
  } finally {
    if (told === 0) child.kill();
  }
  const code = await closed;
  if (broken !== undefined) notStarted(broken, repo.cwd);
  if (code !== 0) gitFailed(args, { stdout: Buffer.alloc(0), stderr, code });
}

/** Reads `diff-tree -z --raw`: a commit's id, then an entry and its path, again and again. */
class RawReader {
  readonly #seen = new Set<string>();
  #commit = "";
  #entry: { oid: string; previous: string | undefined } | undefined;
  #wanted = false;

  take(field: Buffer): HistoryBlob | undefined {
    if (field[0] === 58 /* : */ && !this.#wanted) {
      this.#begin(field.toString("latin1"));
      return undefined;
    }
    if (!this.#wanted) {
      // With -z, git ends the id with NUL; a commit without content of its own is not told at all.
      this.#commit = field.toString("latin1");
      return undefined;
    }
    this.#wanted = false;
    const entry = this.#entry;
    if (entry === undefined) return undefined;
    const path = pathFromBytes(field);
    const key = `${entry.oid}\0${path}`;
    if (this.#seen.has(key)) return undefined;
    this.#seen.add(key);
    return { ...entry, path, commit: this.#commit };
  }

  /** `:100644 100644 <old> <new> M`, for a merge one mode and one id more for each parent. */
  #begin(line: string): void {
    const parents = /^:+/.exec(line)?.[0].length ?? 1;
    const fields = line.slice(parents).split(" ");
    const modes = fields.slice(0, parents + 1);
    const oids = fields.slice(parents + 1, 2 * parents + 2);
    const [mode, oid] = [modes.at(-1) ?? "", oids.at(-1) ?? ""];
    this.#wanted = true;
    const before = oids
      .slice(0, -1)
      .find((one, at) => !/^0+$/.test(one) && !/^(?:160000|040000)$/.test(modes[at] ?? ""));
    // A submodule's commit is no object of this repository; a path that went brings nothing.
    const isFile = /^(?:100644|100755|120000|100664)$/.test(mode);
    this.#entry = isFile ? { oid, previous: before } : undefined;
  }
}
