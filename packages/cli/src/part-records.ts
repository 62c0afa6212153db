/**
 * The records of an audit's part, and whether a value read from a file is one: a part passes through
 * other hands, and nothing that reads it further on shall stumble over what somebody put there.
 */
import type { Budget } from "@wingman/audit";
import { type Finding, REASONS, type Verdict } from "@wingman/model";

/** What a part was made of; parts of different audits are never joined. */
export interface PartHead {
  readonly schemaVersion: 2;
  readonly checker: string;
  readonly program: string;
  /** Digest of the trusted policy. */
  readonly policy: string;
  /** Which runs somebody asked for, and what came of it here: commits. */
  readonly asked: { readonly all?: true; readonly range?: string; readonly run?: string };
  readonly subject: string;
  /** The commit that drift was looked for at; null where it was not. */
  readonly drift: string | null;
  /** Digest of the file of forge facts. */
  readonly events: string | null;
  /** Number of the shard, from 1, and of how many. */
  readonly shard: readonly [number, number];
}

/** One batch of a run's verdicts, and what the run had left to spend after it. */
export interface PartVerdicts {
  readonly verdicts: readonly Verdict[];
  readonly index: number;
  readonly left: Budget;
}

/** A run that was judged to its end. */
export interface PartRun {
  readonly findings: readonly Finding[];
  /** Its place among all runs of the audit, from 0. */
  readonly index: number;
  readonly run: string;
}

/** The shard was judged to its end; `end`: how many runs the whole audit has. */
export interface PartEnd {
  readonly end: number;
}

export type PartRecord = { readonly head: PartHead } | PartVerdicts | PartRun | PartEnd;

/** The record that a line holds; undefined where it is none. */
export function partRecord(text: string): PartRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isRecord(value) ? (value as unknown as PartRecord) : undefined;
}

type Values = Record<string, unknown>;

function isRecord(value: unknown): boolean {
  if (!isObject(value)) return false;
  if ("head" in value) return isHead(value["head"]);
  if ("end" in value) return isCount(value["end"]);
  if (!isCount(value["index"])) return false;
  if ("verdicts" in value)
    return every(value["verdicts"], isVerdict) && isObject(value["left"]) && isLeft(value["left"]);
  return typeof value["run"] === "string" && every(value["findings"], isFinding);
}

function isHead(value: unknown): boolean {
  if (!isObject(value) || value["schemaVersion"] !== 2 || !isObject(value["asked"])) return false;
  const { checker, program, policy, subject, drift, events, shard } = value;
  const texts = [checker, program, policy, subject, drift ?? "", events ?? ""];
  return (
    texts.every((one) => typeof one === "string") &&
    Array.isArray(shard) &&
    shard.length === 2 &&
    shard.every(isCount)
  );
}

function isVerdict(value: unknown): boolean {
  if (!isObject(value) || !isObject(value["claim"])) return false;
  const { claim, verdict, reason, accuses, forgeable, attempts } = value;
  const texts = ["run", "worker", "instruction", "commit", "tree", "expected", "observed"];
  const answer = verdict === "TRUE" || verdict === "FALSE" || verdict === "UNVERIFIABLE";
  return (
    answer &&
    (reason === undefined || REASONS.some((one) => one === reason)) &&
    ["name", "digest", "type"].every((one) => typeof claim[one] === "string") &&
    [...texts, "evidence", "witness", "proof"].every((one) => typeof value[one] === "string") &&
    typeof accuses === "boolean" &&
    (!accuses || verdict === "FALSE") &&
    typeof forgeable === "boolean" &&
    every(attempts, isAttempt)
  );
}

function isAttempt(value: unknown): boolean {
  return isObject(value) && typeof value["at"] === "string" && typeof value["ms"] === "number";
}

function isFinding(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { code, severity, message, line, column } = value;
  return (
    typeof code === "string" &&
    typeof message === "string" &&
    (severity === "block" || severity === "warn") &&
    ["path", "frame", "why", "help", "commit", "ref"].every((one) =>
      ["undefined", "string"].includes(typeof value[one]),
    ) &&
    [line, column].every((one) => one === undefined || isCount(one))
  );
}

function isLeft(value: Values): boolean {
  return ["bytes", "steps", "parsed", "parsingMs"].every(
    (one) => typeof value[one] === "number" && Number.isFinite(value[one]),
  );
}

function isObject(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function every(value: unknown, test: (one: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(test);
}
