/**
 * Claims about a run or a tree as a whole: `secret.absent`, `instr.complete`, and `diff.claimed`, which
 * Wingman itself makes.
 */
import type { ClaimText, Entry, Instruction, Observation, Reason } from "@wingman/model";
import { claimsOfPoint, globMatcher, quotePath } from "@wingman/model";
import { spend } from "../budget.ts";
import type { ClaimType } from "../claim-type.ts";
import { tooMuch } from "../content.ts";
import { instructionIn } from "../instruction-in.ts";
import { contradicts, holds, quoted, treeAlone, unverifiable } from "../observation.ts";
import { judgeOrdered } from "../ordered-claim.ts";
import type { Scene, Stage } from "../scene.ts";
import { uncovered } from "../unclaimed.ts";

const MOST_FILES = 20_000;

const secretAbsent: ClaimType = {
  type: "secret.absent",
  title: "the scanner finds no secret in these files, or in all that the run changed",
  example: { type: "secret.absent", args: { scope: ["src/**"] } },
  args: { scope: { kind: "globs" } },
  needs: "secrets",
  witness: "git",
  forgeable: false,
  judge: async (args, scene) => {
    const scope = args.texts("scope");
    const where =
      scope === undefined ? "what the run changed" : scope.slice(0, 5).map(quoted).join(", ");
    const expected = `no secret in ${where}`;
    const files = await filesOf(scope, scene, expected);
    if ("answer" in files) return files;
    if (files.length === 0) return unverifiable("VACUOUS", expected, "no file is there");
    if (files.length > MOST_FILES)
      return unverifiable("BUDGET", expected, `${files.length} files are too many`);
    const seen = await scanAll(files, scene, expected);
    if (seen.answer !== "TRUE" || scope !== undefined) return seen;
    return (await scanPassing(scene, expected)) ?? seen;
  },
};

/** Commits between S and P whose own content is looked at. */
const MOST_COMMITS = 500;

/**
 * What a commit of the run brought and a later one took away: no longer in its diff, and in history for
 * good. Whoever took it away did not lie, and it is not absent. Undefined where nothing is there.
 */
async function scanPassing(scene: Scene, expected: string): Promise<Observation | undefined> {
  const { run } = scene;
  if (run === undefined) return undefined;
  const { history, start, end } = run;
  const known = new Set(run.diff.map(({ after }) => `${after?.path} ${after?.oid}`));
  const passing: Entry[] = [];
  const todo = [end.commit];
  const seen = new Set(todo);
  for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
    if (at === start.commit) continue;
    if (seen.size > MOST_COMMITS)
      return unverifiable("BUDGET", expected, "the run has too many commits");
    const commit = await history.find(at, end.commit);
    if (typeof commit === "string") continue;
    const changes = await history.touched(commit);
    for (const { after } of changes === "unknown" ? [] : changes)
      if (
        after !== undefined &&
        after.mode !== "160000" &&
        !known.has(`${after.path} ${after.oid}`)
      )
        passing.push(after);
    const [parent] = commit.parents;
    if (parent !== undefined && !seen.has(parent)) {
      seen.add(parent);
      todo.push(parent);
    }
  }
  if (passing.length === 0) return undefined;
  const found = await scanAll(passing, scene, expected);
  if (found.answer === "TRUE") return undefined;
  const why = `a commit of the run brought it, and its end no longer has it: ${found.observed}`;
  return unverifiable("AMBIGUOUS", expected, why);
}

async function filesOf(
  scope: readonly string[] | undefined,
  scene: Scene,
  expected: string,
): Promise<readonly Entry[] | Observation> {
  const isFile = (entry: Entry): boolean => entry.mode !== "160000";
  if (scope !== undefined) {
    const within = globMatcher(scope);
    return (await scene.stage.end.tree.entries()).filter((one) => isFile(one) && within(one.path));
  }
  const { run } = scene;
  if (run === undefined) return treeAlone(expected, "run");
  if (run.incomplete)
    return unverifiable("NO_WITNESS", expected, "the history of the run is not all here");
  return run.diff.flatMap(({ after }) => (after !== undefined && isFile(after) ? [after] : []));
}

async function scanAll(
  files: readonly Entry[],
  scene: Scene,
  expected: string,
): Promise<Observation> {
  const { secrets } = scene.stage.reach;
  const { tree } = scene.stage.end;
  if (secrets === undefined) return unverifiable("TOOL_MISSING", expected, "no scanner is here");
  scene.note("scanner", secrets.version);
  let unsure: string | undefined;
  for (const entry of files) {
    scene.note("scanned", entry.path, entry.oid);
    const size = await tree.size(entry);
    if (!spend(scene.stage.budget, "bytes", size)) return tooMuch(expected);
    const { hits, unread } = await secrets.scan(entry.path, {
      size,
      read: () => tree.read(entry),
      ...(tree.stream === undefined ? {} : { stream: () => tree.stream?.(entry) ?? noPieces() }),
    });
    for (const hit of hits) {
      const place = `${hit.rule} at ${quotePath(entry.path)}:${hit.line}`;
      // A guess, or what somebody declared to be none, is a person's to judge.
      if (hit.confidence === "high" && hit.allowance === undefined)
        return contradicts(expected, place);
      unsure ??= `perhaps ${place}`;
    }
    const [hidden] = unread;
    if (hidden !== undefined) unsure ??= `${quotePath(entry.path)}: ${hidden.why}`;
  }
  return unsure === undefined
    ? holds(expected, `${files.length} files scanned, nothing found`)
    : unverifiable("AMBIGUOUS", expected, unsure);
}

async function* noPieces(): AsyncGenerator<Uint8Array> {}

const instrComplete: ClaimType = {
  type: "instr.complete",
  title: "every deliverable of the instruction that is a claim is so",
  example: { type: "instr.complete", args: { instruction: "INS-0007" } },
  args: { instruction: { kind: "text" } },
  needs: "trusted",
  witness: "git",
  forgeable: false,
  judge: async (args, scene) => {
    const open = scene.run?.file.open;
    const id = args.text("instruction") ?? open?.instruction ?? "";
    const expected = `every deliverable of ${quoted(id)} is there`;
    const instruction = await orderOf(scene.stage, id);
    if (instruction === undefined)
      return unverifiable("NO_WITNESS", expected, "no such instruction stands on the trusted side");
    scene.note("instruction", id, instruction.digest);
    if (open?.instruction === id && open.digest !== instruction.digest)
      return unverifiable(
        "STALE",
        expected,
        "the instruction is another than the run was opened on",
      );
    if (instruction.draft)
      return unverifiable("NO_WITNESS", expected, "it is a draft, which orders nothing yet");
    const { claims, inWords } = claimsOfPoint(instruction, "deliverables");
    if (claims.length === 0)
      return unverifiable("NO_WITNESS", expected, "its deliverables are said in words only");
    const unsure: Observation[] = [];
    const ask = async (claim: ClaimText): Promise<Observation> => await scene.ask(claim);
    for (const claim of claims) {
      const seen = await judgeOrdered(scene.stage, claim, { instruction: id, ask });
      const told = `${claim.type}: expected ${seen.expected}, observed ${seen.observed}`;
      if (seen.answer === "FALSE") return contradicts(expected, told);
      if (seen.reason === undefined) continue;
      const why = `${claim.type}: ${seen.reason}, ${seen.observed}`;
      unsure.push(unverifiable(reasonOf(seen.reason), expected, why));
    }
    if (inWords > 0)
      unsure.unshift(
        unverifiable("NO_WITNESS", expected, `${inWords} deliverables are said in words only`),
      );
    // What another surface can tell is said to be that only where nothing else is open.
    const first = unsure.find(({ reason }) => reason !== "NOT_KNOWN_HERE") ?? unsure[0];
    return first ?? holds(expected, `${claims.length} deliverables, all there`);
  },
};

/** Reasons that are the deliverable's own: of the claim that asks, they would say something untrue. */
const ITS_OWN: ReadonlySet<Reason> = new Set(["MALFORMED", "VACUOUS", "UNSUPPORTED", "STALE"]);

function reasonOf(reason: Reason): Reason {
  return ITS_OWN.has(reason) ? "NO_WITNESS" : reason;
}

/** The instruction as the trusted side has it: many claims may ask for one. */
async function orderOf({ orders, reach }: Stage, id: string): Promise<Instruction | undefined> {
  if (reach.trusted === undefined) return undefined;
  const known = orders.get(id) ?? instructionIn(reach.trusted, id);
  if (orders.size < MOST_ORDERS) orders.set(id, known);
  return await known;
}

const MOST_ORDERS = 1000;

const diffClaimed: ClaimType = {
  type: "diff.claimed",
  title: "the run's claims cover all that the run changed",
  example: { type: "diff.claimed", args: {} },
  args: {},
  witness: "git",
  forgeable: false,
  judge: async (_args, scene) => {
    const expected = "claims cover all that the run changed";
    const { run } = scene;
    if (run === undefined) return treeAlone(expected, "run");
    if (run.incomplete)
      return unverifiable("NO_WITNESS", expected, "the history of the run is not all here");
    const covers = await scene.covered();
    const open = uncovered(run, scene.stage.policy, covers);
    const [first] = open;
    return first === undefined
      ? holds(expected, `${run.diff.length} paths changed`)
      : // An omission is a finding of its own, and no lie.
        unverifiable(
          "AMBIGUOUS",
          expected,
          open.length === 1
            ? `no claim covers ${quotePath(first.path)}`
            : `${open.length} paths in no claim, ${quotePath(first.path)} among them`,
        );
  },
};

export const wholeTypes: readonly ClaimType[] = [secretAbsent, instrComplete, diffClaimed];
