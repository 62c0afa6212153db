/**
 * What `wingman ledger gaps` looks at: push records beside the branches as they stand, on a server or in
 * a clone of it. It calls nothing a gap that could be a push under way or a fetch of yesterday: then it
 * looks again, asks the remote, or says that it cannot know.
 */
import { isGoverned, listRefs, type Repo, remoteHeads, resolve, treeAt } from "@wingman/git";
import { findGaps, type Gap, type Ledger, type PolicyMode } from "@wingman/ledger";
import {
  fault,
  foldPath,
  isFault,
  POLICY_PATH,
  type Policy,
  parsePolicy,
  type Trusted,
  visible,
} from "@wingman/model";
import { followedRemote } from "./followed-remote.ts";
import { EXIT, type Io } from "./io.ts";
import { LEDGER_BRANCH, LEDGER_REF } from "./ledger-branch.ts";
import { openPlace } from "./place.ts";

interface GapsReport {
  readonly gaps: readonly Gap[];
  /** Why an answer is not whole; empty where it is. */
  readonly unknown: readonly string[];
  /** How many push records of governed branches were looked at. */
  readonly pushes: number;
}

/** How long a push may take from its refs to its records, before a look finds none for good. */
const APART_MS = 1500;

/** Looks at the repository that `io` stands in. Faults where there is no sound ledger. */
async function ledgerGaps(io: Io): Promise<GapsReport> {
  const report = await look(io);
  if (!hasTail(report)) return report;
  // A push moves its refs first, and writes its records then.
  await new Promise((done) => setTimeout(done, APART_MS));
  return await look(io);
}

/** A branch stands elsewhere than its last record says. */
function hasTail(report: GapsReport): boolean {
  return report.gaps.some((one) => one.kind === "unrecorded" && one.to === undefined);
}

async function look(io: Io): Promise<GapsReport> {
  const place = await openPlace(io, { surface: "local" });
  try {
    const { repo, moment, ledger, trusted } = place;
    if (ledger.state.size === 0)
      fault("there is no ledger here, so nothing can be told of movements", {
        code: "ledger/none",
        hint: `fetch it: git fetch origin ${LEDGER_BRANCH}:refs/remotes/origin/${LEDGER_BRANCH}; a server makes it when the first policy lands`,
      });
    const remote = repo.bare ? undefined : await followedRemote(moment);
    const tips = await standing(moment, remote);
    const policies = await policiesOf(repo, trusted);
    const looked = (at: ReadonlyMap<string, string>): GapsReport =>
      reportOf(ledger, trusted, policies, at);
    const first = looked(tips);
    if (first.pushes === 0) return { ...first, gaps: [], unknown: [NO_RECORDS] };
    if (remote === undefined || !hasTail(first)) return first;
    const now = await askRemote(moment, remote);
    if ("why" in now) return { ...first, gaps: withoutTail(first.gaps), unknown: [now.why] };
    return looked(now.tips);
  } finally {
    await place.repo.close();
  }
}

const NO_RECORDS =
  "no push record stands in this ledger: no server's gate writes any here (a forge's workflows do not), so nothing can be told of movements";

function withoutTail(gaps: readonly Gap[]): Gap[] {
  return gaps.filter((one) => one.kind !== "unrecorded" || one.to !== undefined);
}

function reportOf(
  ledger: Ledger,
  trusted: Trusted,
  policies: ReadonlyMap<string, Policy>,
  tips: ReadonlyMap<string, string>,
): GapsReport {
  const ever = [trusted, ...[...policies.values()].map((policy) => ({ ...trusted, policy }))];
  const governed = (ref: string): boolean =>
    foldPath(ref) !== LEDGER_REF && ever.some((side) => isGoverned(side, ref));
  const modeOf = (digest: string): PolicyMode | undefined => policies.get(digest)?.mode;
  const gaps = findGaps({ records: ledger.records, tips, governed, modeOf });
  const pushes = ledger.records.filter((one) => one.kind === "push" && governed(one.ref)).length;
  return { gaps, unknown: [], pushes };
}

/** Branches by name: a server's own, a clone's as it fetched them. */
async function standing(repo: Repo, remote: string | undefined): Promise<Map<string, string>> {
  const prefix = remote === undefined ? "refs/heads/" : `refs/remotes/${remote}/`;
  const tips = new Map<string, string>();
  for (const { name, oid } of await listRefs(repo, prefix)) {
    const branch = name.slice(prefix.length);
    if (remote !== undefined && branch === "HEAD") continue;
    tips.set(visible(`refs/heads/${branch}`), oid);
  }
  return tips;
}

/**
 * Where the remote's branches stand now, if the ledger that was read here is the one that it has now:
 * an older ledger would make gaps of pushes that it has not heard of.
 */
async function askRemote(
  moment: Repo,
  remote: string,
): Promise<{ tips: ReadonlyMap<string, string> } | { why: string }> {
  const fetchIt = `git fetch ${remote}, then ask again`;
  let heads: Map<string, string>;
  try {
    heads = await remoteHeads(moment, remote);
  } catch (error) {
    if (!isFault(error)) throw error;
    return {
      why: `branches stand here elsewhere than their last record says, and ${visible(remote)} cannot be asked whether it is only this clone that is behind (${visible(error.message)})`,
    };
  }
  if (heads.get(LEDGER_REF) !== (await resolve(moment, `refs/remotes/${remote}/${LEDGER_BRANCH}`)))
    return {
      why: `this clone's ledger is not the one that ${visible(remote)} has now: ${fetchIt}`,
    };
  return { tips: new Map([...heads].map(([name, oid]) => [visible(name), oid])) };
}

/** Every policy that the policy branch ever had, by the digest that records name it by. */
async function policiesOf(repo: Repo, trusted: Trusted): Promise<Map<string, Policy>> {
  const policies = new Map<string, Policy>();
  if (trusted.commit === undefined) return policies;
  const seen = new Set<string>();
  const args = ["rev-list", "--full-history", trusted.commit, "--", POLICY_PATH];
  const { stdout } = await repo.run(args);
  for (const commit of stdout.toString("latin1").split("\n").filter(Boolean)) {
    const tree = await treeAt(repo, commit);
    const entry = await tree.entry(POLICY_PATH);
    if (entry === undefined || seen.has(entry.oid)) continue;
    seen.add(entry.oid);
    const parsed = parsePolicy(await tree.read(entry));
    if (parsed.ok) policies.set(parsed.value.digest, parsed.value.policy);
  }
  return policies;
}

/** Says what was found. Exit 1 for a gap, 3 where something is only late or cannot be known, else 0. */
export async function tellGaps(options: { readonly format?: string }, io: Io): Promise<number> {
  const report = await ledgerGaps(io);
  io.out(
    options.format === "json"
      ? `${JSON.stringify({ schemaVersion: 1, ...report })}\n`
      : gapsText(report),
  );
  const kinds = new Set(report.gaps.map((one) => one.kind));
  if (kinds.has("unrecorded") || kinds.has("weakened")) return EXIT.findings;
  return kinds.size > 0 || report.unknown.length > 0 ? EXIT.unverifiable : EXIT.ok;
}

function gapsText({ gaps, unknown, pushes }: GapsReport): string {
  const lines = gaps.map((one) => `  ${one.kind.padEnd(10)} ${one.ref}: ${wordsOf(one)}`);
  const found = gaps.length === 0 ? "no gap" : `${gaps.length} gap${gaps.length === 1 ? "" : "s"}`;
  lines.unshift(`ledger gaps: ${found} in ${pushes} push records of governed branches`);
  for (const why of unknown) lines.push(`  not known: ${why}`);
  const [first] = gaps.filter((one) => one.kind === "unrecorded" && one.after !== undefined);
  if (first?.after !== undefined)
    lines.push(
      `  help: ${first.before === undefined ? "wingman check --all judges what stands" : `wingman check --range ${first.before}..${first.after} judges what came in`}; on the server, wingman audit --all --record writes late records of what stands`,
    );
  return `${lines.join("\n")}\n`;
}

function wordsOf(gap: Gap): string {
  const id = (oid: string | undefined): string =>
    oid === undefined ? "nothing" : oid.slice(0, 12);
  const move = `${id(gap.before)} -> ${id(gap.after)}`;
  const records = gap.from === gap.to ? `record ${gap.from}` : `records ${gap.from} to ${gap.to}`;
  switch (gap.kind) {
    case "unrecorded": {
      const since = gap.from === undefined ? "before any record" : `after record ${gap.from}`;
      const until = gap.to === undefined ? "" : ` and before record ${gap.to}`;
      return `${move} has no push record (${since}${until}): it came in past the gate${gap.to === undefined ? ", or its push has not ended yet" : ""}`;
    }
    case "weakened":
      return `${move}, ${gap.moves} pushes (${records}), judged by a policy that only warned, after one that enforced`;
    case "late":
      return `${move} was written down afterwards (${records}): whether the gate judged it is not known`;
    case "unknown":
      return `${move} (${records}), judged by a policy that the policy branch does not have any more`;
  }
}
