/**
 * `wingman secrets scan|rules|test`: the gate's scanner by itself, over the index, a range, the whole
 * history or what stands on disk; what it knows; and why it says what it says. The same engine, the
 * same findings.
 */
import { readFile } from "node:fs/promises";
import { resolve as resolvePath } from "node:path";
import { explainText, type Judged, judgeChange, secretRows, secretsRule } from "@wingman/gate";
import { isGoverned, rangeChanges, stagedChange } from "@wingman/git";
import {
  builtInPolicy,
  type Change,
  emptyTree,
  type Finding,
  fault,
  type Identity,
  isFault,
  type Trusted,
  visible,
} from "@wingman/model";
import { EXIT, type Io } from "../io.ts";
import { openPlace, type Place, refuseBroken } from "../place.ts";
import { progressOf } from "../progress.ts";
import { scanDisk } from "../secrets-disk.ts";
import { scanHistory } from "../secrets-history.ts";
import { type TellOptions, tell } from "../tell.ts";
import { findingsWithoutSecrets } from "../withheld.ts";
import { resolveRange } from "./check.ts";

export interface SecretsOptions extends TellOptions {
  readonly staged?: boolean;
  readonly range?: string;
  readonly history?: boolean;
}

/** One of scan, rules, test. `scan` exits as `check` does. */
export async function secrets(
  action: string,
  words: readonly string[],
  options: SecretsOptions,
  io: Io,
): Promise<number> {
  if (action === "scan") return await scan(words, options, io);
  if (action === "rules") return await rules(options, io);
  if (action === "test") return await test(words, options, io);
  return fault(`secrets has no action ${JSON.stringify(action)}`, {
    code: "usage/action",
    hint: "wingman secrets scan, rules, test FILE",
  });
}

async function scan(paths: readonly string[], options: SecretsOptions, io: Io): Promise<number> {
  const wanted = [options.staged, options.range !== undefined, options.history, paths.length > 0];
  if (wanted.filter(Boolean).length > 1)
    return fault("scan looks at one thing at a time", {
      code: "usage/scan",
      hint: "wingman secrets scan --staged, or --range A..B, or --history, or PATH…",
    });
  const onDisk = options.staged !== true && options.range === undefined && !options.history;
  const place = await placeOf(io, onDisk);
  try {
    if (place !== undefined) refuseBroken(place);
    const trusted = place?.trusted ?? nowhere;
    const judged: Judged = { ...UNKNOWN, trusted };
    const [subject, found] =
      place === undefined || onDisk
        ? await disk(paths, judged, place, io)
        : await inRepository(place, judged, options, io);
    const findings = await findingsWithoutSecrets(found);
    const report = { subject, findings, verdicts: [], notKnown: [] };
    return await tell(io, report, options, trusted.policy);
  } finally {
    await place?.repo.close();
  }
}

/** A folder that is no repository can be scanned too, by the built-in policy. */
async function placeOf(io: Io, onDisk: boolean): Promise<Place | undefined> {
  try {
    return await openPlace(io, { surface: "local" });
  } catch (error) {
    if (onDisk && isFault(error) && error.code === "git/no-repository") return undefined;
    throw error;
  }
}

const nobody: Identity = {
  kind: "unattributed",
  name: "",
  proven: false,
  proof: "none",
  anyProof: false,
};

/** Who brings what stands on disk or in history is not asked here: a new allowance stays open. */
const UNKNOWN = { identity: nobody, local: true, known: new Set<never>(), commit: undefined };

const nowhere: Trusted = {
  commit: undefined,
  tree: emptyTree,
  policy: builtInPolicy,
  policyDigest: "",
  established: false,
  signers: [],
  policyBranch: undefined,
};

type Scanned = readonly [subject: string, findings: readonly Finding[]];

async function disk(
  paths: readonly string[],
  judged: Judged,
  place: Place | undefined,
  io: Io,
): Promise<Scanned> {
  const given = paths.length === 0 ? ["."] : paths;
  const absolute = given.map((path) => resolvePath(io.cwd, path));
  const findings = await scanDisk(absolute, place?.repo.workTree ?? io.cwd, judged);
  return [given.map(visible).join(" "), findings];
}

async function inRepository(
  place: Place,
  judged: Judged,
  options: SecretsOptions,
  io: Io,
): Promise<Scanned> {
  if (options.history === true) return ["the whole history", await history(place, judged, io)];
  if (options.range === undefined) {
    const changes = await stagedChange(place.moment, place.judging, {});
    return ["staged commit", await judgeAll(changes)];
  }
  const { before, after } = await resolveRange(place, options.range);
  const governed = isGoverned(place.trusted, undefined);
  const set = await rangeChanges(place.repo, place.judging, { before, after, governed });
  const findings: Finding[] = [];
  for await (const change of set.commits()) findings.push(...(await judgeAll([change])));
  return ["range", findings];
}

async function judgeAll(changes: readonly Change[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const change of changes)
    if (secretsRule.scopes.includes(change.scope))
      findings.push(...(await judgeChange(change, [secretsRule])).findings);
  return findings;
}

async function history(place: Place, judged: Judged, io: Io): Promise<Finding[]> {
  if (await place.repo.shallow())
    return fault("this clone is shallow: most of its history is elsewhere", {
      code: "git/shallow",
      hint: "git fetch --unshallow, then scan again",
    });
  const progress = progressOf(io);
  const findings = await scanHistory({
    repo: place.repo,
    judged,
    folder: place.folder,
    clock: () => io.clock(),
    progress: (done, all, what) => progress.say(`${what}: ${done} of ${all}`),
  });
  progress.clear();
  return findings;
}

async function rules(options: SecretsOptions, io: Io): Promise<number> {
  const rows = (await secretRows()).map(
    ({ id, kind, family, vendor, harm, confidence, source }) => ({
      id,
      kind,
      family,
      vendor,
      harm,
      confidence: confidence ?? "high",
      source,
    }),
  );
  if (options.format === "json") {
    io.out(`${JSON.stringify({ schemaVersion: 1, rules: rows }, undefined, 2)}\n`);
    return EXIT.ok;
  }
  const width = Math.max(...rows.map((row) => row.id.length));
  let family = "";
  for (const row of rows) {
    if (row.family !== family) io.out(`${family === "" ? "" : "\n"}${row.family}\n`);
    family = row.family;
    io.out(`  ${row.id.padEnd(width)}  ${row.harm.padEnd(8)}  ${row.kind}  ${row.source}\n`);
  }
  return EXIT.ok;
}

/** Which rules fired on a file, and what cleared a match. Exit 1 where something would block. */
async function test(words: readonly string[], options: SecretsOptions, io: Io): Promise<number> {
  const [file] = words;
  if (file === undefined || words.length > 1)
    return fault("secrets test takes one file", {
      code: "usage/path",
      hint: "wingman secrets test src/settings.py",
    });
  const bytes = await readFile(resolvePath(io.cwd, file));
  const matches = await explainText(bytes, file);
  if (options.format === "json") {
    io.out(`${JSON.stringify({ schemaVersion: 1, matches }, undefined, 2)}\n`);
  } else {
    for (const { line, column, rule, outcome, kind, length } of matches)
      io.out(
        `${visible(file)}:${line}:${column}  ${rule}  ${outcome}  (${kind}, ${length} characters)\n`,
      );
    if (matches.length === 0) io.out("no rule matched anything in this file\n");
  }
  return matches.some((one) => one.outcome === "high") ? EXIT.findings : EXIT.ok;
}
