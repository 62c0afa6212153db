/**
 * `wingman baseline create` records what stood before adoption, so that only new findings refuse;
 * `wingman baseline prune` takes out what is mended. Neither lands anything: an administrator does.
 */
import { join } from "node:path";
import { configGet } from "@wingman/git";
import type { Baseline, BaselineFinding, Finding } from "@wingman/model";
import {
  BASELINE_PATH,
  fault,
  parseBaseline,
  parseDuration,
  quotePath,
  serializeBaseline,
  visible,
} from "@wingman/model";
import { entryKey, type Standing, standingFindings } from "../adopted-findings.ts";
import { EXIT, type Io } from "../io.ts";
import { workTreeOf } from "../open-run.ts";
import { openPlace, type Place, refuseBroken } from "../place.ts";
import { readIfThere, writeWhole } from "../whole-file.ts";

export interface BaselineOptions {
  readonly reason?: string;
  readonly owner?: string;
  readonly expires?: string;
  readonly add?: boolean;
  readonly dryRun?: boolean;
}

const SHOWN = 20;

/** Runs one of the two actions. Exit 1 where `prune --dry-run` finds something to take out. */
export async function baseline(action: string, options: BaselineOptions, io: Io): Promise<number> {
  if (action !== "create" && action !== "prune")
    return fault(`baseline does not know ${JSON.stringify(action)}`, {
      code: "usage/action",
      hint: "wingman baseline create --reason TEXT, or wingman baseline prune",
    });
  const place = await openPlace(io, { surface: "local" });
  try {
    refuseBroken(place);
    return action === "create" ? await create(place, options, io) : await prune(place, options, io);
  } finally {
    await place.repo.close();
  }
}

async function create(place: Place, options: BaselineOptions, io: Io): Promise<number> {
  const reason = options.reason?.trim() ?? "";
  if (reason === "")
    return fault("an entry of the baseline says why it stays", {
      code: "usage/reason",
      hint: 'wingman baseline create --reason "found at adoption; to be mended by March"',
    });
  const path = join(workTreeOf(place.repo), BASELINE_PATH);
  const old = await written(path);
  if (old !== undefined && options.add !== true)
    return fault(`${BASELINE_PATH} exists already`, {
      code: "usage/exists",
      hint: "wingman baseline prune takes out what is mended; --add adds what is new",
    });
  const owner = options.owner ?? (await configGet(place.repo, "user.email")) ?? "";
  if (owner === "")
    return fault("an entry of the baseline has an owner", {
      code: "usage/option",
      hint: "--owner mark@acme.example, or git config user.email",
    });
  const expires = expiryOf(options.expires ?? "90d", io.now());
  const standing = await standingFindings(place);
  const known = new Set((old?.findings ?? []).map(entryKey));
  const added = standing.findings
    .filter((one) => !known.has(entryKey(one)))
    .map(
      (one): BaselineFinding => ({
        fingerprint: one.fingerprint ?? "",
        code: one.code,
        path: one.path ?? "",
        owner,
        reason,
        expires,
      }),
    );
  const tips = [...new Set([...(old?.tips ?? []), ...standing.tips])];
  const made: Baseline = { v: 1, tips, findings: [...(old?.findings ?? []), ...added] };
  if (options.dryRun !== true) await writeWhole(path, serializeBaseline(made));
  io.out(
    createdText(added, standing, { tips: tips.length, expires, dryRun: options.dryRun === true }),
  );
  return EXIT.ok;
}

function createdText(
  added: readonly BaselineFinding[],
  standing: Standing,
  { tips, expires, dryRun }: { tips: number; expires: string; dryRun: boolean },
): string {
  const lines = [
    `${dryRun ? "would list" : BASELINE_PATH}: ${count(added.length, "old finding")} until ${expires.slice(0, 10)}, ${count(tips, "tip")} at adoption`,
    ...listed(added),
  ];
  if (standing.others.length > 0)
    lines.push(
      `not listed, since no baseline lets it pass: ${count(standing.others.length, "finding")}`,
      ...listed(standing.others),
    );
  lines.push(
    dryRun
      ? "next: wingman baseline create, without --dry-run"
      : `next: read it; an administrator lands it: git add ${BASELINE_PATH} && git commit -S`,
  );
  return `${lines.join("\n")}\n`;
}

async function prune(place: Place, options: BaselineOptions, io: Io): Promise<number> {
  const path = join(workTreeOf(place.repo), BASELINE_PATH);
  const old = await written(path);
  if (old === undefined)
    return fault(`there is no ${BASELINE_PATH} here`, {
      code: "usage/path",
      hint: "wingman baseline create --reason TEXT makes one",
    });
  const standing = await standingFindings(place);
  const needed = new Set(standing.findings.map(entryKey));
  const now = io.now().getTime();
  const kept: BaselineFinding[] = [];
  const gone: string[] = [];
  for (const one of old.findings) {
    const mended = !needed.has(entryKey(one));
    const over = Date.parse(one.expires) <= now;
    if (!mended && !over) kept.push(one);
    else
      gone.push(
        `  ${one.code} ${quotePath(one.path)}: ${mended ? "passes now" : `expired ${one.expires.slice(0, 10)}`}`,
      );
  }
  if (gone.length > 0 && options.dryRun !== true)
    await writeWhole(path, serializeBaseline({ ...old, findings: kept }));
  const did = options.dryRun === true ? "to take out" : "taken out";
  const next =
    gone.length === 0
      ? "nothing to do"
      : options.dryRun === true
        ? "next: wingman baseline prune, without --dry-run"
        : `next: git add ${BASELINE_PATH} && git commit; a shorter baseline needs no administrator`;
  io.out(
    `${count(gone.length, "entry", "entries")} ${did}, ${kept.length} left\n${gone.map((line) => `${line}\n`).join("")}${next}\n`,
  );
  return gone.length > 0 && options.dryRun === true ? EXIT.findings : EXIT.ok;
}

async function written(path: string): Promise<Baseline | undefined> {
  const text = readIfThere(path);
  if (text === undefined) return undefined;
  const parsed = parseBaseline(Buffer.from(text, "utf8"));
  if (parsed.ok) return parsed.value;
  const [first] = parsed.problems;
  return fault(`${BASELINE_PATH}:${first?.line ?? 1}: ${first?.message ?? "cannot be read"}`, {
    code: "baseline/unreadable",
    hint: "git checkout -- .wingman/baseline.json brings back the one that was committed",
  });
}

/** A duration from now, or a day: both as the end that an entry has. */
function expiryOf(text: string, now: Date): string {
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00.000Z`) : Number.NaN;
  const length = parseDuration(text);
  const end = Number.isNaN(day)
    ? length === undefined
      ? Number.NaN
      : now.getTime() + length
    : day;
  if (Number.isNaN(end) || end <= now.getTime())
    return fault(`${JSON.stringify(text)} is no day to come and no duration`, {
      code: "usage/option",
      hint: "--expires 90d, or --expires 2027-03-31",
    });
  return new Date(end).toISOString();
}

function listed(findings: readonly (Finding | BaselineFinding)[]): string[] {
  const lines = findings.slice(0, SHOWN).map((one) => {
    const line = "line" in one && one.line !== undefined ? `:${one.line}` : "";
    const what = "message" in one ? ` ${visible(one.message)}` : "";
    return `  ${one.code} ${quotePath(one.path ?? "")}${line}${what}`;
  });
  const more = findings.length - lines.length;
  return more > 0 ? [...lines, `  … and ${more} more; they stand in the file`] : lines;
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
