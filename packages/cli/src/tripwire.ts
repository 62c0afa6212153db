/**
 * The reference-transaction hook of a clone: what would land on a local governed branch by a command
 * that asks no other hook (commit --no-verify, cherry-pick, rebase, a fast-forward, update-ref, a push
 * into this clone). It refuses what pre-commit would have refused, and remembers no judgement: a clone
 * has no place where a note of one could not be forged.
 */
import { exactRef, isGoverned, rangeChanges, resolve } from "@wingman/git";
import { fault, pathFromBytes, quotePath } from "@wingman/model";
import { fetchedTip } from "./followed-remote.ts";
import { keepGovernedList } from "./governed-list.ts";
import { EXIT, type Io } from "./io.ts";
import { judgeSet } from "./judge-set.ts";
import { openPlaceToJudge, type Place, refuseBroken } from "./place.ts";
import { exitOf, mergeReports, type Report } from "./report.ts";

/** Git's states: it asks at `prepared`, and tells at `committed`. Only the first can refuse. */
export async function tripwire(state: string, io: Io): Promise<number> {
  const lines = movesIn(await io.stdin());
  const place = await openPlaceToJudge(io, { surface: "local" });
  try {
    await keepGovernedList(place, place.moment);
    if (state !== "prepared") return EXIT.ok;
    const moves = lines.filter((line) => isGoverned(place.trusted, line.ref));
    if (moves.length === 0) return EXIT.ok;
    refuseBroken(place);
    const reports: Report[] = [];
    for (const move of moves) reports.push(...(await judgeMove(place, io, move)));
    return await tell(io, place, mergeReports(moves.map((one) => one.ref).join(", "), reports));
  } finally {
    await place.repo.close();
  }
}

interface Move {
  readonly ref: string;
  /** An id, or `ref:` and the full name of the ref that it shall stand for. */
  readonly after: string;
}

/** Git's `old new ref` lines that bring something to a branch. The old id may be zeros for "any". */
function movesIn(input: Buffer): Move[] {
  const moves: Move[] = [];
  for (const line of pathFromBytes(input).split("\n")) {
    const [, after = "", ref = ""] = /^\S+ (\S+) (.+)$/.exec(line) ?? [];
    if (line !== "" && ref === "")
      fault(`git handed in a line that names no ref move: ${quotePath(line.slice(0, 200))}`, {
        code: "git/push-lines",
        hint: "the hook must pass on what git writes to it, unchanged: run wingman init again",
      });
    if (ref.startsWith("refs/heads/") && !/^0+$/.test(after)) moves.push({ ref, after });
  }
  return moves;
}

/** The commits that are new to the branch, as a range: no ref is forced here, `--amend` is honest. */
async function judgeMove(place: Place, io: Io, { ref, after }: Move): Promise<readonly Report[]> {
  const { moment } = place;
  const commit = after.startsWith("ref:") ? await resolve(moment, after.slice(4)) : after;
  if (commit === undefined) return []; // Another name of a branch that is not born.
  const before =
    (await exactRef(moment, ref)) ??
    (await exactRef(moment, `refs/heads/${place.policyBranch}`)) ??
    (await fetchedTip(moment, place.policyBranch));
  const set = await rangeChanges(moment, place.judging, {
    before,
    after: commit,
    ref,
    // As at pre-commit: what only a landing must fulfil is asked where it is pushed.
    governed: false,
    proposal: true,
  });
  return [(await judgeSet(place, io, set, { audit: true })).report];
}

/** Silent where nothing is refused: the other hooks have told what is only worth telling. */
async function tell(io: Io, place: Place, report: Report): Promise<number> {
  const { policy } = place.trusted;
  const code = exitOf(report, policy);
  // In mode warn nothing is refused, and yet somebody must hear it.
  const warned = policy.mode === "warn" && report.findings.length > 0;
  if (code !== EXIT.findings && !warned) return code;
  const { formatReport } = await import("./formats/formats.ts");
  io.err(formatReport("text", report, { colour: io.colour, all: false, policy }));
  if (code === EXIT.findings)
    io.err(
      `wingman: ${report.subject} does not move; whatever a remote has accepted comes in by git pull\n`,
    );
  return code;
}
