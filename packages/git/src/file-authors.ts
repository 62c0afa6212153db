/**
 * Who wrote a file as it stands on the trusted side, for the one question of who may approve it. An
 * author's e-mail is text that anyone can write: it is only ever held against somebody.
 */
import type { RepoPath } from "@wingman/model";
import type { Bench } from "./changes-judging.ts";

/**
 * Names in lower case: the principals that the signature of the commit proves which brought the file's
 * bytes, else its author's e-mail. Undefined where there is no such commit, or a shallow clone would
 * give everything to the commit at its edge.
 */
export async function fileAuthors(
  bench: Bench,
  path: RepoPath,
): Promise<ReadonlySet<string> | undefined> {
  const { commit: tip } = bench.judging.trusted;
  if (tip === undefined || (await bench.shallow())) return undefined;
  const args = ["--literal-pathspecs", "rev-list", "--max-count=1", tip, "--", path];
  const { stdout } = await bench.repo.run(args);
  const oid = stdout.toString("latin1").trim();
  if (oid === "") return undefined;
  const commit = await bench.commit(oid);
  const signature = bench.signature(commit);
  const email = /<([^<>]*)>/.exec(commit.author)?.[1] ?? "";
  const names = signature.state === "good" ? signature.principals : [email];
  return new Set(names.map((name) => name.toLowerCase()));
}
