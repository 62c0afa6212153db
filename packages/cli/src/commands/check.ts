/** `wingman check`: the gate, over paths, the index, a range, pushed lines, or everything at HEAD. */
import { readFile, stat } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";
import {
  isGoverned,
  listRefs,
  namedRefs,
  parsePushedLines,
  pushedChanges,
  rangeChanges,
  resolve,
  standingLines,
  treeAt,
  wholeChanges,
} from "@wingman/git";
import {
  BASELINE_PATH,
  type FileLiteral,
  type Finding,
  fault,
  quotePath,
  type Tree,
  treeOf,
  trustedBaseline,
  visible,
} from "@wingman/model";
import { entryKey } from "../adopted-findings.ts";
import { type FileToFix, fixFiles } from "../fix-files.ts";
import { statesOfFiles } from "../instruction-states.ts";
import type { Io } from "../io.ts";
import { judgeOne, judgeSet, purseFor } from "../judge-set.ts";
import { judgeStaged } from "../local-hooks.ts";
import { openPlace, type Place, type PlaceOptions, refuseBroken } from "../place.ts";
import { mergeReports, type Report } from "../report.ts";
import { someLines } from "../server-hooks.ts";
import { type TellOptions, tell } from "../tell.ts";

export interface CheckOptions extends TellOptions {
  readonly staged?: boolean;
  readonly range?: string;
  readonly onto?: string;
  readonly pusher?: string;
  readonly lander?: string;
  readonly pushed?: boolean;
  readonly message?: string;
  readonly all?: boolean;
  readonly fix?: boolean;
}

/** A file larger than this is no instruction and no source: named, not read. 64 MiB. */
const FILE_BOUND = 64 * 1024 * 1024;

/** Judges what the options name. Exit 1 on a finding that blocks, 2 on a fault. */
export async function check(
  paths: readonly string[],
  options: CheckOptions,
  io: Io,
): Promise<number> {
  const place = await openPlace(io, viewOf(options));
  try {
    if (options.fix)
      await fixFiles(
        paths.map((path) => inRepository(place, path, io)),
        io,
      );
    refuseBroken(place);
    return await tell(io, await judge(place, paths, options, io), options, place.trusted.policy);
  } finally {
    await place.repo.close();
  }
}

/** Whose view it is: a clone's, a server's, or (with a login from the event) a forge's check. */
function viewOf(options: CheckOptions): PlaceOptions {
  if (options.pusher !== undefined)
    return {
      surface: "push",
      event: { pusher: options.pusher, lander: options.lander ?? options.pusher },
    };
  if (options.pushed) return { surface: "server" };
  return { surface: options.range === undefined ? "local" : "push" };
}

async function judge(
  place: Place,
  paths: readonly string[],
  options: CheckOptions,
  io: Io,
): Promise<Report> {
  if (options.range !== undefined) return await judgeRange(place, options.range, options.onto, io);
  if (options.pushed) return await judgePushed(place, io);
  if (options.all) return await judgeAll(place);
  if (paths.length > 0) return await judgePaths(place, paths, io);
  const message =
    options.message === undefined ? undefined : await readFile(options.message, "utf8");
  return await judgeStaged(place, io, message);
}

async function judgeRange(
  place: Place,
  range: string,
  onto: string | undefined,
  io: Io,
): Promise<Report> {
  const { before, after } = await resolveRange(place, range);
  const ref = onto === undefined ? undefined : `refs/heads/${onto}`;
  const set = await rangeChanges(place.repo, place.judging, {
    before,
    after,
    governed: isGoverned(place.trusted, ref),
    proposal: true,
    ...(ref === undefined ? {} : { ref }),
  });
  return (await judgeSet(place, io, set, { audit: true })).report;
}

/** `A..B` to ids. A shallow clone that lacks A is told to fetch more. */
export async function resolveRange(
  place: Place,
  range: string,
): Promise<{ before: string; after: string }> {
  const match = /^(.+?)\.\.([^.].*)?$/.exec(range);
  for (const side of match?.slice(1) ?? []) await refuseTwoRefs(place, side ?? "HEAD");
  const before = match?.[1] === undefined ? undefined : await resolve(place.repo, match[1]);
  const after = await resolve(place.repo, match?.[2] ?? "HEAD");
  if (match === null || before === undefined || after === undefined) {
    const shallow = await place.repo.shallow();
    return fault(`${JSON.stringify(range)} names no range of commits here`, {
      code: "usage/range",
      hint: shallow
        ? "this clone is shallow: git fetch --unshallow (in CI: fetch-depth: 0)"
        : "--range A..B takes two commits that are here: --range origin/main..HEAD",
    });
  }
  return { before, after };
}

/** Whoever can push a tag must not choose where a range begins. */
async function refuseTwoRefs(place: Place, side: string): Promise<void> {
  const [first, ...others] = await namedRefs(place.repo, side);
  const other = others.find(({ oid }) => oid !== first?.oid);
  if (first === undefined || other === undefined) return;
  fault(
    `${JSON.stringify(side)} could be ${visible(first.name)} or ${visible(other.name)}, which differ`,
    { code: "usage/range", hint: `name it in full: ${visible(other.name)}` },
  );
}

async function judgePushed(place: Place, io: Io): Promise<Report> {
  const told = someLines(parsePushedLines(await io.stdin()));
  const lines = await standingLines(place.moment, told);
  const reports: Report[] = [];
  const sets = await pushedChanges(place.repo, place.judging, lines);
  const purse = await purseFor(sets, { audit: true });
  for (const set of sets)
    reports.push((await judgeSet(place, io, set, { audit: true, purse })).report);
  return mergeReports("push", reports);
}

async function judgeAll(place: Place): Promise<Report> {
  const head = await resolve(place.repo, "HEAD");
  if (head === undefined) {
    const refs = await listRefs(place.repo, "refs/heads/");
    return fault("there is no commit at HEAD to check", {
      code: "git/unborn",
      hint:
        refs.length === 0
          ? "commit something first; wingman check --staged judges the index"
          : `check one out: ${refs[0]?.name.slice(11) ?? ""}`,
    });
  }
  const report = await judgeWhole(place, await treeAt(place.repo, head), "everything at HEAD");
  const unused = await unusedEntries(place, report.findings);
  return mergeReports(report.subject, [report, { ...report, findings: unused }]);
}

/** Entries of the baseline whose finding stands nowhere any more: they would let it pass once more. */
async function unusedEntries(place: Place, found: readonly Finding[]): Promise<Finding[]> {
  const { findings } = await trustedBaseline(place.trusted);
  const standing = new Set(found.map(entryKey));
  return findings
    .filter((entry) => !standing.has(entryKey(entry)))
    .map((entry) => ({
      code: "baseline/unused",
      severity: "warn",
      message: `the baseline lists ${visible(entry.code)} at ${quotePath(entry.path)}, which passes now`,
      path: BASELINE_PATH,
      why: "an entry that nothing needs lets the same mistake pass again",
      help: "wingman baseline prune",
    }));
}

/** Where a path that somebody gave stands on disk and in the repository. */
function inRepository(place: Place, given: string, io: Io): FileToFix {
  const absolute = isAbsolute(given) ? given : join(io.cwd, given);
  const root = place.repo.workTree ?? io.cwd;
  const path = relative(root, absolute).split(sep).join("/");
  if (path === "" || path.startsWith("../") || isAbsolute(path))
    return fault(`${JSON.stringify(given)} is not inside this repository`, {
      code: "usage/path",
      hint: `name a file below ${root}`,
    });
  return { absolute, path };
}

/** Files as they stand on disk, each as if it were brought by a commit. */
async function judgePaths(place: Place, paths: readonly string[], io: Io): Promise<Report> {
  const files: Record<string, FileLiteral> = {};
  for (const given of paths) {
    const { absolute, path } = inRepository(place, given, io);
    const found = await stat(absolute).catch(() => undefined);
    if (found === undefined || !found.isFile())
      return fault(`${JSON.stringify(given)} is no file`, {
        code: "usage/path",
        hint: "name files, or leave the paths out to check the index",
      });
    if (found.size > FILE_BOUND)
      return fault(
        `${JSON.stringify(given)} has ${found.size} bytes; more than ${FILE_BOUND} are not read`,
        {
          code: "usage/too-large",
          hint: "an instruction has at most 1 MiB",
        },
      );
    files[path] = await readFile(absolute);
  }
  return await judgeWhole(
    place,
    treeOf(files),
    `${paths.length} file${paths.length === 1 ? "" : "s"}`,
  );
}

async function judgeWhole(place: Place, tree: Tree, subject: string): Promise<Report> {
  const reports: Report[] = [];
  for (const change of await wholeChanges(place.judging, tree))
    reports.push(await judgeOne(change, subject));
  const instructions = await statesOfFiles(place, tree);
  return {
    ...mergeReports(subject, reports),
    ...(instructions.length > 0 ? { instructions } : {}),
  };
}
