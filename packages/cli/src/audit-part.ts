/**
 * The part file of an audit: one JSON line a run, written as it is judged. An audit that was stopped goes
 * on from it; the parts of a CI matrix are joined to the bytes that one machine would have given.
 */
import { createReadStream } from "node:fs";
import { appendFile, truncate } from "node:fs/promises";
import { createInterface } from "node:readline";
import { type Finding, fault, type Verdict } from "@wingman/model";

/** What a part was made of; parts of different audits are never joined. */
export interface PartHead {
  readonly schemaVersion: 1;
  readonly checker: string;
  readonly policy: string;
  /** What was audited: a range's or HEAD's commits. */
  readonly subject: string;
  /** Number of the shard, from 1, and of how many. */
  readonly shard: readonly [number, number];
}

/** One run's result. `index`: its place among all runs of the audit. */
export interface PartRun {
  readonly index: number;
  readonly run: string;
  readonly verdicts: readonly Verdict[];
  readonly findings: readonly Finding[];
}

export interface Part {
  readonly head: PartHead;
  readonly runs: readonly PartRun[];
  /** True where the shard was judged to its end. */
  readonly whole: boolean;
}

/** Reads a part; undefined where there is no such file. A last line that was cut off is left out. */
export async function readPart(file: string): Promise<Part | undefined> {
  const runs: PartRun[] = [];
  let head: PartHead | undefined;
  let whole = false;
  try {
    const lines = createInterface({
      input: createReadStream(file),
      crlfDelay: Number.POSITIVE_INFINITY,
    });
    for await (const line of lines) {
      const value = parsed(line);
      if (value === undefined) break;
      if (head === undefined) head = value as unknown as PartHead;
      else if ("end" in value) whole = true;
      else runs.push(value as unknown as PartRun);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  if (head?.schemaVersion !== 1 || !Array.isArray(head.shard))
    return fault(`${file} is no part of an audit`, {
      code: "audit/part",
      hint: "name files that wingman audit --part wrote",
    });
  return { head, runs, whole };
}

function parsed(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Begins a part, or takes up one that was stopped: gives the runs that it holds already. */
export async function openPart(file: string, head: PartHead): Promise<readonly PartRun[]> {
  const known = await readPart(file);
  if (known === undefined) {
    await appendFile(file, `${JSON.stringify(head)}\n`);
    return [];
  }
  if (JSON.stringify(known.head) !== JSON.stringify(head))
    return fault(`${file} is a part of another audit`, {
      code: "audit/part",
      hint: "name another file, or remove this one",
    });
  // What a crash left half written goes; everything before it stands.
  const text = [known.head, ...known.runs].map((one) => `${JSON.stringify(one)}\n`).join("");
  await truncate(file, Buffer.byteLength(text));
  return known.runs;
}

export async function appendPart(
  file: string,
  run: PartRun | { readonly end: true },
): Promise<void> {
  await appendFile(file, `${JSON.stringify(run)}\n`);
}

/** What parts were joined to: what was audited, by what, and each run's result in its order. */
export interface Joined {
  readonly head: Omit<PartHead, "shard">;
  readonly runs: readonly PartRun[];
}

/** Joins the parts of one audit, in the order of its runs. Faults where one is missing or cut. */
export async function joinParts(files: readonly string[]): Promise<Joined> {
  const parts: Part[] = [];
  for (const file of files) {
    const part = await readPart(file);
    if (part === undefined)
      return fault(`there is no file ${file}`, {
        code: "audit/part",
        hint: "name all parts of the audit",
      });
    if (!part.whole)
      return fault(`${file} was not judged to its end`, {
        code: "audit/part",
        hint: `take it up again: wingman audit --shard ${part.head.shard.join("/")} --part ${file}`,
      });
    parts.push(part);
  }
  const [first] = parts;
  const count = first?.head.shard[1] ?? 0;
  const same = (one: Part): string => JSON.stringify({ ...one.head, shard: one.head.shard[1] });
  const numbers = new Set(parts.map((one) => one.head.shard[0]));
  const whole = numbers.size === count && parts.length === count;
  if (first === undefined || new Set(parts.map(same)).size !== 1 || !whole)
    return fault("these are not all parts of one audit", {
      code: "audit/part",
      hint: `name each of its ${count} parts once`,
    });
  const runs = parts.flatMap((one) => one.runs).sort((a, b) => a.index - b.index);
  return { head: first.head, runs };
}

/** `2/8` → [2, 8]. */
export function readShard(text: string): readonly [number, number] {
  const match = /^(\d{1,4})\/(\d{1,4})$/.exec(text);
  const [at, of] = [Number(match?.[1]), Number(match?.[2])];
  if (match === null || at < 1 || at > of)
    return fault(`${JSON.stringify(text)} is no shard`, {
      code: "usage/option",
      hint: "--shard 2/8 is the second of eight",
    });
  return [at, of];
}
