/**
 * A claims file's bytes into its records. Strict, because each line is evidence: one spelling only,
 * every line chained to the one before, nothing after a close. What is not sound is told, not mended.
 */
import type {
  ClaimRecord,
  ClaimsFile,
  ClaimsLine,
  ClaimsRecord,
  CloseRecord,
  OpenRecord,
  RetractRecord,
} from "./claim.ts";
import { claimsPath, isWorkerId, runOfPath } from "./claim.ts";
import { sha256Hex } from "./digest.ts";
import { fault } from "./fault.ts";
import { claimRecord as validator } from "./generated/validators.mjs";
import { canonicalJson } from "./jcs.ts";
import { oneLine } from "./located.ts";
import type { RepoPath } from "./path.ts";
import { quotePath } from "./path.ts";
import type { Parsed, Problem } from "./problem.ts";
import { checkSchema } from "./schema-check.ts";
import { textOf } from "./text.ts";
import { isTimestamp } from "./timestamp.ts";

export const MAX_CLAIMS_BYTES = 4 * 1024 * 1024;
export const MAX_CLAIMS_LINES = 10_000;
/** JSON.parse recurses: a line of brackets shall not end the process. Args are shallow. */
const MAX_LINE_BYTES = 64 * 1024;

/** A record before it has its place in the chain. */
export type ClaimsDraft =
  | Omit<OpenRecord, "v" | "prev" | "seq">
  | Omit<ClaimRecord, "v" | "prev" | "seq">
  | Omit<RetractRecord, "v" | "prev" | "seq">
  | Omit<CloseRecord, "v" | "prev" | "seq" | "count">;

/** Reads a claims file. Problems are `claims/…` with their line. Never throws. */
export function parseClaimsFile(path: RepoPath, bytes: Uint8Array): Parsed<ClaimsFile> {
  const name = runOfPath(path);
  if (name === undefined) {
    const message = `${quotePath(path)} is no claims file's path`;
    const help = ".wingman/claims/<harness>/<name>/<YYYYMMDD-HHMMSS-xxxx>.jsonl";
    return refuse({ code: "claims/path", message, line: 1, column: 1, help });
  }
  const read = textOf(bytes, { maxBytes: MAX_CLAIMS_BYTES, what: "the claims file" });
  if (!read.ok) return { ok: false, problems: read.problems.map(asClaims) };
  const shape = shapeProblem(read.value);
  if (shape !== undefined) return refuse(shape);

  const texts = read.value.slice(0, -1).split("\n");
  const chain = new Chain();
  for (const [index, text] of texts.entries()) {
    const problems = chain.add(text, index + 1);
    // What follows a broken line hangs in the air: its seq and prev would only repeat the error.
    if (problems.length > 0) return { ok: false, problems };
  }
  const { open, lines } = chain;
  if (open === undefined) return refuse(at(1, "claims/open", "the claims file has no open record"));
  const expected = claimsPath({ worker: open.worker, run: open.run });
  if (expected !== path) {
    const message = `the open record belongs in ${quotePath(expected)}, not in ${quotePath(path)}`;
    return refuse(at(1, "claims/path", message));
  }
  const claims = lines.flatMap((line) =>
    line.record.kind === "claim"
      ? [{ line, record: line.record, retracted: chain.retracted.has(line.record.seq) }]
      : [],
  );
  return { ok: true, value: { path, name, open, close: chain.close, lines, claims } };
}

/**
 * The file's bytes with one more record, canonical and chained; a close gets its count.
 * @throws Fault `claims/append` where the bytes are no sound chain or the record does not fit.
 */
export function appendClaimsRecord(bytes: Uint8Array | undefined, draft: ClaimsDraft): Buffer {
  const before = bytes === undefined ? "" : soundText(bytes);
  const texts = before === "" ? [] : before.slice(0, -1).split("\n");
  const chain = new Chain();
  for (const [index, text] of texts.entries()) stopAt(chain.add(text, index + 1));
  const last = texts.at(-1);
  const place = {
    v: 1,
    prev: last === undefined ? null : sha256Hex(last),
    seq: texts.length,
  } as const;
  const record =
    draft.kind === "close" ? { ...draft, ...place, count: texts.length } : { ...draft, ...place };
  const text = canonicalJson(record);
  stopAt(chain.add(text, texts.length + 1));
  const all = Buffer.from(`${before}${text}\n`, "utf8");
  if (all.length > MAX_CLAIMS_BYTES || texts.length >= MAX_CLAIMS_LINES) {
    stopAt([at(texts.length + 1, "claims/size", "the claims file is full")]);
  }
  return all;
}

/** The state of a chain while its lines come in. */
class Chain {
  open: OpenRecord | undefined;
  close: CloseRecord | undefined;
  readonly lines: ClaimsLine[] = [];
  readonly retracted = new Set<number>();
  #prev: string | null = null;

  /** Takes the next line, or says all that is wrong with it and takes nothing. */
  add(text: string, line: number): Problem[] {
    const value = parseLine(text, line);
    if (!value.ok) return [...value.problems];
    const schema = checkSchema(oneLine(value.value, line), validator, "the record").map(asClaims);
    if (schema.length > 0) return schema;
    const record = value.value as ClaimsRecord;
    const problems = [...this.#place(record, line), ...this.#order(record, line)];
    if (problems.length > 0) return problems;
    if (record.kind === "open") this.open = record;
    if (record.kind === "close") this.close = record;
    if (record.kind === "retract") {
      this.retracted.add(record.of);
      if (this.close?.seq === record.of) this.close = undefined;
    }
    const digest = sha256Hex(text);
    this.lines.push({ record, text, digest: `sha256:${digest}`, line });
    this.#prev = digest;
    return [];
  }

  #place(record: ClaimsRecord, line: number): Problem[] {
    const problems: Problem[] = [];
    if (record.seq !== line - 1)
      problems.push(at(line, "claims/seq", `seq is ${record.seq}, not ${line - 1}`));
    if (record.prev !== this.#prev) {
      const message =
        "prev is not the SHA-256 of the line before: a line was changed, moved or left out";
      problems.push(at(line, "claims/prev", message));
    }
    if (!isTimestamp(record.ts))
      problems.push(at(line, "claims/ts", "ts is no day or time that exists"));
    return problems;
  }

  #order(record: ClaimsRecord, line: number): Problem[] {
    const first = line === 1;
    if (first !== (record.kind === "open")) {
      return [
        at(line, "claims/open", first ? "the first record is no open" : "a second open record"),
      ];
    }
    if (record.kind === "open" && !isWorkerId(record.worker)) {
      return [at(line, "claims/worker", "worker is no worker id")];
    }
    if (this.close !== undefined && !(record.kind === "retract" && record.of === this.close.seq)) {
      const help = "retract the close first, or start a new run";
      return [{ ...at(line, "claims/closed", "nothing may follow the close"), help }];
    }
    if (record.kind === "close" && record.count !== line - 1) {
      return [
        at(
          line,
          "claims/count",
          `count is ${record.count}; ${line - 1} records stand before the close`,
        ),
      ];
    }
    return record.kind === "retract" ? this.#retract(record, line) : [];
  }

  #retract(record: RetractRecord, line: number): Problem[] {
    const target = this.lines[record.of]?.record;
    if (target === undefined || (target.kind !== "claim" && target.kind !== "close")) {
      return [
        at(line, "claims/retract", `of is ${record.of}: no earlier claim or close stands there`),
      ];
    }
    if (this.retracted.has(record.of)) {
      return [at(line, "claims/retract", `record ${record.of} is retracted already`)];
    }
    return [];
  }
}

function parseLine(text: string, line: number): Parsed<unknown> {
  if (Buffer.byteLength(text) > MAX_LINE_BYTES) {
    return refuse(at(line, "claims/size", `the line is longer than ${MAX_LINE_BYTES} bytes`));
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse(at(line, "claims/json", text === "" ? "an empty line" : "the line is no JSON"));
  }
  // One spelling per record. It also finds doubled keys, which JSON.parse hides: the last one wins
  // there, and another reader may take the first.
  let canonical: string | undefined;
  try {
    canonical = canonicalJson(value);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return refuse(at(line, "claims/not-canonical", message));
  }
  if (canonical !== text) {
    const message = "the line is not in canonical form (RFC 8785), or has a key twice";
    return refuse({
      ...at(line, "claims/not-canonical", message),
      help: "write it with wingman claim",
    });
  }
  return { ok: true, value };
}

function shapeProblem(text: string): Problem | undefined {
  if (text === "") return at(1, "claims/empty", "the claims file is empty");
  const cr = text.indexOf("\r");
  if (cr !== -1) {
    const help =
      ".wingman/.gitattributes must hold: * -text -merge -filter -ident -working-tree-encoding";
    return {
      ...at(lineOf(text, cr), "claims/cr", "a carriage return: the chain is over LF lines"),
      help,
    };
  }
  if (!text.endsWith("\n")) {
    return at(
      lineOf(text, text.length),
      "claims/torn",
      "the last line has no line feed: it was cut off",
    );
  }
  let lines = 0;
  for (let from = text.indexOf("\n"); from !== -1; from = text.indexOf("\n", from + 1)) lines += 1;
  return lines > MAX_CLAIMS_LINES
    ? at(MAX_CLAIMS_LINES + 1, "claims/size", `more than ${MAX_CLAIMS_LINES} records`)
    : undefined;
}

function soundText(bytes: Uint8Array): string {
  const read = textOf(bytes, { maxBytes: MAX_CLAIMS_BYTES, what: "the claims file" });
  if (!read.ok) return stopAt(read.problems);
  const shape = shapeProblem(read.value);
  return shape === undefined ? read.value : stopAt([shape]);
}

function stopAt(problems: readonly Problem[]): "" {
  const [problem] = problems;
  if (problem === undefined) return "";
  return fault(`cannot add to the claims file: line ${problem.line}: ${problem.message}`, {
    code: "claims/append",
    hint: problem.help ?? "restore the file from its last commit, or start a new run",
  });
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

function at(line: number, code: string, message: string): Problem {
  return { code, message, line, column: 1 };
}

function asClaims(problem: Problem): Problem {
  return { ...problem, code: problem.code.replace(/^format\//, "claims/") };
}

function refuse(problem: Problem): Parsed<never> {
  return { ok: false, problems: [problem] };
}
