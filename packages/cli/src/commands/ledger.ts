/** `wingman ledger verify|show|export|query|gaps`: the record and its integrity, offline over any clone. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { commitsBetween, openRepo, type Repo, readCommit, treeAt } from "@wingman/git";
import { claimsAudit, type HistoryStep, type LedgerReport, verifyLedger } from "@wingman/ledger";
import { fault, quotePath, visible } from "@wingman/model";
import { EXIT, type Io } from "../io.ts";
import { LEDGER_BRANCH, type OpenedLedger, openLedger } from "../ledger-branch.ts";
import { writeWhole } from "../whole-file.ts";

export interface LedgerOptions {
  readonly kind?: string;
  readonly last?: string;
  readonly witness?: string;
  readonly claimsAudit?: boolean;
  readonly format?: string;
  readonly output?: string;
}

/** One of verify, show, export. `verify` exits 1 on anything but OK. */
export async function ledger(
  action: string,
  words: readonly string[],
  options: LedgerOptions,
  io: Io,
): Promise<number> {
  if (action === "query") return await query(words, io);
  if (action === "gaps") return await (await import("../ledger-gaps.ts")).tellGaps(options, io);
  const repo = await openRepo({ cwd: io.cwd, env: io.env });
  try {
    if (action === "verify") return await verify(repo, options, io);
    const opened = await opensLedger(repo);
    if (action === "show") return show(opened, words[0], options, io);
    if (action === "export") return await exportRows(opened, options, io);
    return fault(`ledger has no action ${JSON.stringify(action)}`, {
      code: "usage/action",
      hint: "wingman ledger verify, show, export --claims-audit, query FILE key=value, gaps",
    });
  } finally {
    await repo.close();
  }
}

async function opensLedger(repo: Repo): Promise<OpenedLedger> {
  const folder = join(repo.commonDir, "wingman");
  const opened = await openLedger(repo, { folder, authority: false, remotes: !repo.bare });
  if (opened.commit === undefined) return noLedger();
  return opened;
}

function noLedger(): never {
  return fault("there is no ledger here", {
    code: "ledger/none",
    hint: `fetch it: git fetch origin ${LEDGER_BRANCH}:refs/remotes/origin/${LEDGER_BRANCH}; a server makes it when the first policy lands`,
  });
}

async function verify(repo: Repo, options: LedgerOptions, io: Io): Promise<number> {
  const witnesses: string[] = [];
  if (options.witness !== undefined) witnesses.push(await readFile(options.witness, "utf8"));
  const own = await readFile(join(repo.commonDir, "wingman", "checkpoint"), "utf8").catch(
    () => undefined,
  );
  if (own !== undefined) witnesses.push(own);
  // After the witnesses: an append that ends between the two looks must not seem a missing end.
  const tip = await ledgerTip(repo);
  const report = await verifyLedger({
    tree: await treeAt(repo, tip),
    history: branchHistory(repo, tip),
    witnesses,
  });
  io.out(
    options.format === "json"
      ? `${JSON.stringify({ schemaVersion: 1, ...report })}\n`
      : reportText(report),
  );
  return report.sound ? EXIT.ok : EXIT.findings;
}

async function ledgerTip(repo: Repo): Promise<string> {
  const { newestLedger } = await import("../ledger-branch.ts");
  return (await newestLedger(repo, !repo.bare))?.oid ?? noLedger();
}

/** The branch's own commits, oldest first: every one of them must only have added. */
async function* branchHistory(repo: Repo, tip: string): AsyncGenerator<HistoryStep> {
  let first = true;
  for (const oid of await commitsBetween(repo, { include: [tip], exclude: [] })) {
    const { parents } = await readCommit(repo, oid);
    // Cut off, the first commit here has a parent elsewhere: that is no fork, and no answer either.
    if (first && parents.length > 0 && (await repo.shallow()))
      fault("this clone holds only the end of the ledger's history", {
        code: "git/shallow",
        hint: "fetch the whole of it: git fetch --unshallow",
      });
    first = false;
    yield { commit: oid, parents, tree: () => treeAt(repo, oid) };
  }
}

function reportText(report: LedgerReport): string {
  const root = report.root === "" ? "" : `, root ${report.root.slice(0, 12)}`;
  const lines = [`ledger: ${report.outcome}, ${report.size} records${root}`];
  for (const one of report.problems) {
    const at = one.commit === undefined ? "" : ` in commit ${one.commit.slice(0, 12)}`;
    lines.push(
      `  ${one.outcome} at ${quotePath(one.file)}:${one.line}${at}: ${visible(one.message)}`,
    );
  }
  lines.push(`  ${visible(report.meaning)}`);
  lines.push(`  witnessed: ${report.witnessed} of ${report.size} records`);
  for (const one of report.clockSuspect.slice(0, 5))
    lines.push(`  CLOCK_SUSPECT record ${one.seq}: ${one.ts} is well before an earlier record`);
  return `${lines.join("\n")}\n`;
}

function show(
  opened: OpenedLedger,
  seq: string | undefined,
  options: LedgerOptions,
  io: Io,
): number {
  const { size } = opened.ledger.state;
  if (seq !== undefined && !(/^\d{1,15}$/.test(seq) && Number(seq) < size))
    return fault(`the ledger has no record ${JSON.stringify(seq)}`, {
      code: "usage/arguments",
      hint: `records are numbered from 0 to ${size - 1}: wingman ledger show ${size - 1}`,
    });
  const kept = opened.ledger.records.filter(
    (record) =>
      (options.kind === undefined || record.kind === options.kind) &&
      (seq === undefined || record.seq === Number(seq)),
  );
  const last = options.last === undefined ? kept : kept.slice(-countOf(options.last));
  for (const record of last) {
    if (options.format === "json") io.out(`${JSON.stringify(record)}\n`);
    else {
      const { v: _v, seq, prev: _prev, ts, kind, ...fields } = record;
      io.out(`${seq} ${ts} ${kind} ${visible(JSON.stringify(fields))}\n`);
    }
  }
  return EXIT.ok;
}

function countOf(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  return fault(`--last ${JSON.stringify(text)} is no number of records`, {
    code: "usage/option",
    hint: "wingman ledger show --last 20",
  });
}

/** Queries an exported file; needs no repository. */
async function query(words: readonly string[], io: Io): Promise<number> {
  const [file, ...conditions] = words;
  if (file === undefined)
    return fault("which file is to be queried?", {
      code: "usage/arguments",
      hint: "wingman ledger query claims_audit.jsonl status=FALSE",
    });
  const { queryExport } = await import("../query-export.ts");
  for (const row of await queryExport(file, conditions)) io.out(`${JSON.stringify(row)}\n`);
  return EXIT.ok;
}

async function exportRows(opened: OpenedLedger, options: LedgerOptions, io: Io): Promise<number> {
  const { records } = opened.ledger;
  const rows = options.claimsAudit ? claimsAudit(records) : records;
  const text = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  if (options.output === undefined) io.out(text);
  else await writeWhole(options.output, text);
  return EXIT.ok;
}
