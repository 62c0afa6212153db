/**
 * Whether a branch holds a commit's work under another id: a cherry-pick, a rebase or a squash. Asked of
 * `git patch-id`, within bounds; what cannot be compared (binary files, too many commits) is `unknown`.
 */
import { CLAIMS_DIR, isUtf8Path } from "@wingman/model";
import { startGit } from "./git-process.ts";
import { treeAt } from "./git-tree.ts";
import type { Repo } from "./repo.ts";
import { diffTrees } from "./tree-diff.ts";

/** Commits on either side, paths, and bytes of patches that are looked at. */
const MOST_COMMITS = 500;
const MOST_PATHS = 500;
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * `equal`: the commit's own patch is in `into`; `squash`: the patch of its whole line is. Claims files are
 * left out: on the branch that a run lands on they hold more lines than after any of its commits.
 */
export async function samePatch(
  repo: Repo,
  commit: string,
  into: string,
): Promise<"equal" | "squash" | "none" | "unknown"> {
  const base = await mergeBase(repo, commit, into);
  if (base === undefined) return "unknown";
  const changes = await diffTrees(repo, await treeAt(repo, base), await treeAt(repo, commit));
  const paths = changes
    .map(({ path }) => path)
    .filter((path) => !path.startsWith(`${CLAIMS_DIR}/`));
  if (paths.length === 0 || paths.length > MOST_PATHS || !paths.every(isUtf8Path)) return "unknown";
  const theirs = await commitsOn(repo, base, into, paths);
  if (theirs === undefined) return "unknown";
  const own = await patchIds(repo, [`${commit}^!`]);
  const whole = await patchIds(repo, [base, commit]);
  if (own === undefined || whole === undefined) return "unknown";
  const there = new Set<string>();
  for (const one of theirs) {
    const ids = await patchIds(repo, [`${one}^!`]);
    if (ids === undefined) return "unknown";
    for (const id of ids) there.add(id);
  }
  if (own.length > 0 && own.every((id) => there.has(id))) return "equal";
  return whole.length > 0 && whole.every((id) => there.has(id)) ? "squash" : "none";
}

async function mergeBase(repo: Repo, a: string, b: string): Promise<string | undefined> {
  const { stdout, code } = await repo.run(["merge-base", a, b], { okCodes: [0, 1] });
  const oid = stdout.toString("latin1").trim();
  return code === 0 && oid !== "" ? oid : undefined;
}

/** Commits that are on the branch alone and touch one of the paths; undefined where there are too many. */
async function commitsOn(
  repo: Repo,
  base: string,
  tip: string,
  paths: readonly string[],
): Promise<string[] | undefined> {
  const args = [
    "--literal-pathspecs",
    "rev-list",
    "--no-merges",
    `--max-count=${MOST_COMMITS + 1}`,
  ];
  const { stdout } = await repo.run([...args, tip, `^${base}`, "--", ...paths]);
  const oids = stdout.toString("latin1").split("\n").filter(Boolean);
  return oids.length > MOST_COMMITS ? undefined : oids;
}

/**
 * The patch id of one difference: none where it is empty, undefined where it is too large or holds
 * what no patch shows. `diff-tree` runs no external program unless told to; it is told not to.
 */
async function patchIds(repo: Repo, revs: readonly string[]): Promise<string[] | undefined> {
  const args = ["diff-tree", "-p", "-r", "--root", "--no-commit-id", "--full-index"];
  args.push("--no-ext-diff", "--no-textconv", "--no-renames", "--no-color", "--end-of-options");
  // `:(top)`: git may have been started below the top.
  args.push(...revs, "--", ":(top)", `:(top,exclude,literal)${CLAIMS_DIR}`);
  const patch = await bounded(repo, args);
  if (patch === undefined || /^Binary files /m.test(patch.toString("latin1"))) return undefined;
  if (patch.length === 0) return [];
  const { stdout } = await repo.run(["patch-id", "--stable"], { input: patch });
  return stdout
    .toString("latin1")
    .split("\n")
    .filter(Boolean)
    .map((line) => line.split(" ")[0] ?? "");
}

/** Git's output, or undefined where it grows beyond the bound or git fails. */
function bounded(repo: Repo, args: readonly string[]): Promise<Buffer | undefined> {
  return new Promise((done) => {
    const child = startGit(args, { cwd: repo.cwd, env: repo.env });
    const chunks: Buffer[] = [];
    let bytes = 0;
    child.stdin.on("error", () => {});
    child.stdin.end();
    child.stderr.resume();
    child.stdout.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) child.kill();
      else chunks.push(chunk);
    });
    child.once("error", () => done(undefined));
    child.once("close", (code) =>
      done(code === 0 && bytes <= MOST_BYTES ? Buffer.concat(chunks) : undefined),
    );
  });
}
