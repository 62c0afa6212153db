/** `wingman start INS-0007`: opens a run on an accepted instruction and its claims file. */
import { randomInt } from "node:crypto";
import { rm } from "node:fs/promises";
import { pastedWords } from "@wingman/audit";
import { approvalAsked, approvalStanding } from "@wingman/gate";
import { benchOf, configGet, fileAuthors } from "@wingman/git";
import {
  appendClaimsRecord,
  claimsPath,
  fault,
  type Instruction,
  isFault,
  isWorkerId,
  type Policy,
  type RunName,
  runText,
  visible,
} from "@wingman/model";
import { completeInstruction } from "../accepted-instruction.ts";
import { EXIT, type Io } from "../io.ts";
import {
  openRunNameOrNone,
  readWorkingClaims,
  rememberRun,
  workTreeOf,
  writeWorkingClaims,
} from "../open-run.ts";
import { openPlace, type Place, refuseBroken } from "../place.ts";

export interface StartOptions {
  readonly worker?: string;
}

/** Opens a run. Faults where the instruction is not accepted or the worker is locked or unknown. */
export async function start(id: string, options: StartOptions, io: Io): Promise<number> {
  const place = await openPlace(io, { surface: "local" });
  try {
    refuseBroken(place);
    const tree = workTreeOf(place.repo);
    const instruction = await completeInstruction(place, id);
    refuseWithdrawn(place, instruction);
    await refuseUnapproved(place, instruction);
    const worker = await workerOf(place, instruction, options.worker, io);
    refuseLocked(place, worker);
    const now = io.now();
    const name: RunName = { worker, run: newRunId(now) };
    const bytes = appendClaimsRecord(undefined, {
      kind: "open",
      instruction: instruction.id,
      digest: instruction.digest,
      origin: place.trusted.policy.origin,
      run: name.run,
      worker,
      ts: now.toISOString(),
    });
    const path = claimsPath(name);
    await tellLeftOpen(place, io);
    await writeWorkingClaims(place.repo, `${tree}/${path}`, bytes);
    try {
      await rememberRun(place.repo, name);
    } catch (error) {
      // A run that this worktree does not know would only be swept up by the next `git add -A`.
      await rm(`${tree}/${path}`, { force: true });
      throw error;
    }
    io.out(
      `run ${runText(name)} is open on ${instruction.id}: ${instruction.title}\n` +
        `  its claims: ${path} (commit it with your work)\n` +
        `  may touch:  ${(instruction.boundaries?.allow ?? ["what the text says; not enforced"]).join(", ")}\n` +
        asksFor(instruction) +
        "next: git add your work and the claims file, wingman claim file.created path=…, wingman done\n",
    );
    return EXIT.ok;
  } finally {
    await place.repo.close();
  }
}

/** Its claims as lines to paste: it is complete when each deliverable was claimed in the same words. */
function asksFor({ claims }: Instruction): string {
  if (claims.length === 0) return "";
  const lines = claims.map(
    ({ type, args }) => `    wingman claim ${type}${visible(pastedWords(args))}\n`,
  );
  return `  asks for, when it is so:\n${lines.join("")}`;
}

/** A run that is left open lands nowhere: whoever opens a second one by mistake hears of the first. */
async function tellLeftOpen(place: Place, io: Io): Promise<void> {
  const open = await openRunNameOrNone(place.repo, { ...io, env: {} });
  if (open === undefined) return;
  const claims = await readWorkingClaims(place.repo, open).catch((error: unknown) => {
    if (isFault(error)) return undefined;
    throw error;
  });
  if (claims === undefined || claims.file.close !== undefined) return;
  io.err(
    `wingman: run ${runText(open)} was open here and is left so; no open run lands\n` +
      `  help: WINGMAN_RUN=${runText(open)} wingman done --abandon, or remove its file if it was never committed\n`,
  );
}

function refuseWithdrawn(place: Place, { id }: Instruction): void {
  const order = place.judging.ledger.withdrawn.get(id);
  if (order === undefined) return;
  fault(`${id} is withdrawn since ledger record ${order.since}: ${order.reason}`, {
    code: "run/instruction",
    hint: "wingman status lists the instructions that are accepted",
  });
}

/** No commit of such a run would get in, so it is not opened either. */
async function refuseUnapproved(place: Place, instruction: Instruction): Promise<void> {
  const asked = approvalAsked(place.trusted.policy, instruction);
  if (asked === undefined) return;
  const bench = benchOf(place.repo, place.judging, []);
  const { trusted, judging } = place;
  const authorsOf = (path: string) => fileAuthors(bench, path);
  const found = await approvalStanding({ trusted, now: judging.now, authorsOf }, instruction);
  if (!("why" in found)) return;
  fault(`${instruction.id} needs an administrator's approval (${asked}): ${found.why}`, {
    code: "run/approval",
    hint: `an administrator runs: wingman approve ${instruction.id} --reason "…", and lands the file; then git fetch`,
  });
}

/** Who works: told, or the one worker under whom this clone's e-mail stands, or the instruction's. */
async function workerOf(
  place: Place,
  instruction: Instruction,
  told: string | undefined,
  _io: Io,
): Promise<string> {
  const { policy } = place.trusted;
  const worker = told ?? (await ownWorker(place, policy)) ?? instruction.worker;
  if (worker === undefined || !isWorkerId(worker))
    return fault("it is not known which worker carries out this run", {
      code: "run/worker",
      hint: `say it: wingman start ${instruction.id} --worker ${Object.keys(policy.workers)[0] ?? "harness/name"}`,
    });
  if (!Object.hasOwn(policy.workers, worker))
    return fault(`the policy knows no worker ${worker}`, {
      code: "run/worker",
      hint: `workers: ${Object.keys(policy.workers).join(", ") || "none"}; an administrator adds one to .wingman/policy.yaml`,
    });
  if (instruction.worker !== undefined && instruction.worker !== worker)
    return fault(`${instruction.id} is for ${instruction.worker}, not for ${worker}`, {
      code: "run/worker",
      hint: "take another instruction, or ask its author",
    });
  return worker;
}

async function ownWorker(place: Place, policy: Policy): Promise<string | undefined> {
  const email = await configGet(place.repo, "user.email");
  if (email === undefined) return undefined;
  const own = Object.entries(policy.workers).filter(([, row]) => row.principals.includes(email));
  return own.length === 1 ? own[0]?.[0] : undefined;
}

function refuseLocked(place: Place, worker: string): void {
  const lock = place.judging.ledger.locks.get(worker);
  if (lock === undefined) return;
  fault(`${worker} is locked since ledger record ${lock.since}: ${lock.reason}`, {
    code: "worker/locked",
    hint: `an administrator unlocks it: wingman unlock ${worker} --reason "…"`,
  });
}

/** `YYYYMMDD-HHMMSS-xxxx` in UTC; the tail keeps two runs of one second apart. */
function newRunId(now: Date): string {
  const digits = now.toISOString().replace(/[-:]/g, "");
  const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
  const tail = Array.from({ length: 4 }, () => alphabet[randomInt(alphabet.length)]).join("");
  return `${digits.slice(0, 8)}-${digits.slice(9, 15)}-${tail}`;
}
