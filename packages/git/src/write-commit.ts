/** Makes commit objects, signed in process where the caller can sign. It moves no ref. */
import { fault } from "@wingman/model";
import type { Repo } from "./repo.ts";

/** A commit that is to be made. */
export interface NewCommit {
  readonly tree: string;
  readonly parents: readonly string[];
  /** Raw header value: see {@link personAt}. */
  readonly author: string;
  readonly committer: string;
  readonly message: string;
  /** Signs the commit's bytes: gives the armored signature. */
  sign?(payload: Buffer): string;
}

/** A raw author or committer: `Name <mail> seconds +0000`. Faults on characters that break the line. */
export function personAt(person: { name: string; email: string }, at: Date): string {
  if (/[<>\n\0]/.test(person.name + person.email) || !Number.isFinite(at.getTime()))
    fault("a name or mail address that cannot stand in a commit", {
      code: "git/bad-person",
      hint: "leave out <, > and line ends",
    });
  return `${person.name} <${person.email}> ${Math.floor(at.getTime() / 1000)} +0000`;
}

/** The bytes of a commit object. The signature stands behind the other headers, as git puts it. */
export function commitBytes(commit: NewCommit, format: "sha1" | "sha256"): Buffer {
  const head = [
    `tree ${commit.tree}`,
    ...commit.parents.map((oid) => `parent ${oid}`),
    `author ${commit.author}`,
    `committer ${commit.committer}`,
  ].join("\n");
  const message = commit.message.endsWith("\n") ? commit.message : `${commit.message}\n`;
  const payload = Buffer.from(`${head}\n\n${message}`, "utf8");
  if (commit.sign === undefined) return payload;
  const folded = commit.sign(payload).replace(/\n+$/, "").replaceAll("\n", "\n ");
  const header = format === "sha256" ? "gpgsig-sha256" : "gpgsig";
  return Buffer.from(`${head}\n${header} ${folded}\n\n${message}`, "utf8");
}

/** Writes a commit object and gives its id. Faults where git refuses it. */
export async function writeCommit(repo: Repo, commit: NewCommit): Promise<string> {
  const args = ["hash-object", "-t", "commit", "-w", "--stdin"];
  const { stdout } = await repo.run(args, { input: commitBytes(commit, repo.format) });
  return stdout.toString("latin1").trim();
}
