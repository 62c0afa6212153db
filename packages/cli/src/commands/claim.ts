/** `wingman claim TYPE key=value…`: appends one typed claim to the open run, or refuses to. */
import {
  CLAIM_TYPES,
  claimTypeOf,
  pastedWords,
  proposeClaims,
  readArguments,
  typeInstead,
  uncoveredChanges,
  whyNeverJudgeable,
} from "@wingman/audit";
import { diffTrees, openRepo, rangeRun, resolve, runOf, stagedTree } from "@wingman/git";
import { appendClaimsRecord, claimsPath, fault, quotePath, runText, visible } from "@wingman/model";
import { EXIT, type Io } from "../io.ts";
import { changeClaims, openRunName, readWorkingClaims } from "../open-run.ts";
import { openPlaceToJudge } from "../place.ts";

export interface ClaimOptions {
  /** What the worker would say in words; kept beside the claim, judged by nobody. */
  readonly text?: string;
  /** Proposes claims for what the run changed, and writes none. */
  readonly fromDiff?: boolean;
}

/** Writes one claim. What could never be judged (unknown type, wrong arguments) is a fault. */
export async function claim(
  type: string,
  words: readonly string[],
  options: ClaimOptions,
  io: Io,
): Promise<number> {
  if (options.fromDiff) return await fromDiff(type, io);
  if (type === "")
    return fault("what is claimed is missing", {
      code: "usage/arguments",
      hint: "wingman claim file.created path=src/a.ts; or: wingman claim --from-diff",
    });
  const args = readArguments(type, words);
  if (!args.ok) return fault(args.why, { code: "claim/malformed", hint: hintFor(type, args.help) });
  const never = await whyNeverJudgeable({ type, args: args.value });
  if (never !== undefined)
    return fault(`this could never be judged: ${never}`, {
      code: "claim/malformed",
      hint: `claim something that a tree can contradict; wingman explain ${type} shows how`,
    });
  if (claimTypeOf(type)?.needs === "commands") await refuseUnknownCommand(args.value, io);
  const repo = await openRepo({ cwd: io.cwd, env: io.env });
  try {
    const { name, before } = await changeClaims(repo, io, ({ bytes, file }, run) => {
      if (file.close !== undefined)
        return fault(`${runText(run)} is closed; a closed run takes no more claims`, {
          code: "run/closed",
          hint: `not pushed yet: wingman retract ${file.close.seq} reopens it. Else: wingman start`,
        });
      return appendClaimsRecord(bytes, {
        kind: "claim",
        type,
        args: args.value,
        ts: io.now().toISOString(),
        ...(options.text === undefined ? {} : { text: options.text }),
      });
    });
    io.out(
      `claim ${runText(name)}#${before.lines.length}: ${type} ${JSON.stringify(args.value)}\n`,
    );
    return EXIT.ok;
  } finally {
    await repo.close();
  }
}

function hintFor(type: string, help: string | undefined): string {
  const instead = typeInstead(type);
  if (instead !== undefined) return `claim ${instead}: wingman explain ${instead} shows how`;
  return help ?? `claim types: ${CLAIM_TYPES.map((row) => row.type).join(", ")}`;
}

/** A command that the policy does not name runs nowhere, so the claim would stay open for ever. */
async function refuseUnknownCommand(
  args: Readonly<Record<string, unknown>>,
  io: Io,
): Promise<void> {
  const { command } = args;
  if (typeof command !== "string") return;
  const place = await openPlaceToJudge(io, { surface: "local" });
  try {
    const { commands } = place.trusted.policy;
    if (!place.trusted.established || Object.hasOwn(commands, command)) return;
    const names = Object.keys(commands);
    fault(`the policy names no command ${JSON.stringify(command)}, so nobody would run it`, {
      code: "claim/malformed",
      hint:
        names.length === 0
          ? "an administrator adds it to `commands` in .wingman/policy.yaml"
          : `the policy's commands: ${names.join(", ")}`,
    });
  } finally {
    await place.repo.close();
  }
}

/** Paths without a claim that are told one by one. */
const MOST_TOLD = 20;

/** What the run changed up to the index, as claims to paste; what is claimed already is left out. */
async function fromDiff(type: string, io: Io): Promise<number> {
  if (type !== "")
    return fault("--from-diff takes no claim", {
      code: "usage/arguments",
      hint: "wingman claim --from-diff; then paste what is so",
    });
  const place = await openPlaceToJudge(io, { surface: "local" });
  try {
    const { repo } = place;
    const name = await openRunName(repo, io);
    const { file } = await readWorkingClaims(repo, name);
    const head = await resolve(repo, "HEAD");
    if (head === undefined)
      return fault("there is no commit yet, so no run either", {
        code: "usage/arguments",
        hint: "commit the instruction first; then wingman start",
      });
    const begun =
      (await runOf(repo, place.judging, name, head)) ??
      (await rangeRun(repo, place.judging, { base: head, head }));
    const after = await stagedTree(repo);
    const changes = await diffTrees(repo, begun.start.tree, after);
    const own = changes.filter(({ path }) => path !== claimsPath(name) && !begun.foreign.has(path));
    const run = { ...begun, end: { ...begun.end, tree: after }, placed: true, diff: own };
    const { claims, without } = await proposeClaims(run, uncoveredChanges(own, file.claims));
    for (const one of claims)
      io.out(`wingman claim ${one.type}${visible(pastedWords(one.args))}\n`);
    for (const { path, why } of without.slice(0, MOST_TOLD))
      io.err(`wingman: no claim about ${quotePath(path)} would be TRUE: ${visible(why)}\n`);
    if (without.length > MOST_TOLD)
      io.err(`wingman: nor about ${without.length - MOST_TOLD} more paths\n`);
    if (claims.length > 0)
      io.err("wingman: proposals from what is staged and committed; nothing is claimed yet\n");
    else if (own.length === 0)
      io.err("wingman: nothing is staged or committed in this run yet; git add your work first\n");
    else if (without.length === 0)
      io.err("wingman: claims cover all that is staged or committed in this run\n");
    return EXIT.ok;
  } finally {
    await place.repo.close();
  }
}
