/**
 * Which files are taken for parts of an audit: plain files that are no worker's, made of the same runs,
 * commits, policy and version. Anything else is refused with what is wrong with it.
 */
import { closeSync } from "node:fs";
import { resolve as resolvePath } from "node:path";
import { fault } from "@wingman/model";
import { AuditPart, openPartFile } from "./audit-part.ts";
import { withFileLock } from "./file-lock.ts";
import type { Io } from "./io.ts";
import { PartCursor } from "./part-cursor.ts";
import type { PartHead } from "./part-records.ts";
import type { Place } from "./place.ts";
import { OWN_FILE, refuseCommitted } from "./refuse-committed.ts";
import { BEGIN, isBlank } from "./sealed-lines.ts";

/** How long another audit into the same part is waited for: it may take hours, so hardly. */
const PATIENCE = 1_000;

/** Does `work` while no other audit writes this part. Faults where it must not be written at all. */
export async function withPartLock<T>(
  place: Place,
  io: Io,
  file: string,
  work: () => Promise<T>,
): Promise<T> {
  const path = resolvePath(io.cwd, file);
  await refuseCommitted(place, path, { file, code: "audit/part" });
  const lock = `${path}.lock`;
  const busy = (): never =>
    fault(`another audit writes ${file}`, {
      code: "audit/part",
      hint: `wait for it; if none runs, remove ${lock}`,
    });
  return await withFileLock(lock, io, { patience: PATIENCE, busy }, work);
}

function secretOf(io: Io): string {
  return io.env["WINGMAN_PART_SECRET"] ?? "";
}

/** Begins a part, or opens one that was stopped. Faults where the file is of another audit. */
export function takeUp(
  io: Io,
  { file, head }: { readonly file: string; readonly head: PartHead },
): { readonly part: AuditPart; readonly known: PartCursor | undefined } {
  const opened =
    openPartFile(resolvePath(io.cwd, file), "write") ?? fault(`${file} cannot be made`, NO_PART);
  const part = new AuditPart(opened, secretOf(io), BEGIN);
  if (isBlank(opened)) {
    part.goOnFrom(BEGIN);
    part.add({ head });
    return { part, known: undefined };
  }
  const known = new PartCursor(file, opened, secretOf(io));
  sameAudit([known], head);
  return { part, known };
}

export interface OpenedParts {
  /** By the number of their shard. */
  readonly cursors: readonly PartCursor[];
  /** True where only who knows the secret can have written them. */
  readonly sealed: boolean;
  close(): void;
}

/** Opens all parts of one audit. Faults where one is missing, or named twice. */
export async function openParts(
  place: Place,
  io: Io,
  files: readonly string[],
): Promise<OpenedParts> {
  const opened: number[] = [];
  const close = (): void => {
    for (const one of opened) closeSync(one);
  };
  try {
    const cursors: PartCursor[] = [];
    for (const file of files) {
      const path = resolvePath(io.cwd, file);
      await refuseCommitted(place, path, { file, code: "audit/part" });
      const one =
        openPartFile(path, "read") ??
        fault(`there is no file ${file}`, { ...NO_PART, hint: "name all parts of the audit" });
      opened.push(one);
      cursors.push(new PartCursor(file, one, secretOf(io)));
    }
    const numbers = new Set(cursors.map(({ head }) => head.shard[0]));
    const count = cursors[0]?.head.shard[1] ?? 0;
    const same = cursors.every(({ head }) => head.shard[1] === count);
    if (!same || numbers.size !== count || cursors.length !== count)
      fault("these are not all parts of one audit", {
        code: "audit/part",
        hint: `name each of its ${count} parts once`,
      });
    cursors.sort((a, b) => a.head.shard[0] - b.head.shard[0]);
    return { cursors, sealed: secretOf(io) !== "", close };
  } catch (error) {
    close();
    throw error;
  }
}

/** What a field of the head means to whoever reads that it differs. */
const OTHER: Readonly<Record<keyof PartHead, string>> = {
  schemaVersion: "of another format",
  checker: "of another version of Wingman",
  program: "of another version of Wingman",
  policy: "judged by another policy",
  asked: "of other runs than are asked for here",
  subject: "of other commits than stand here",
  drift: "of another HEAD, where drift was looked for, or of none",
  events: "of another event file",
  shard: "another shard of the audit",
};

/** Faults where a part is not of this audit. What is undefined here is not compared. */
export function sameAudit(parts: readonly PartCursor[], here: Partial<PartHead>): void {
  for (const { head, path } of parts)
    for (const field of Object.keys(OTHER) as (keyof PartHead)[]) {
      if (here[field] === undefined) continue;
      if (JSON.stringify(head[field]) === JSON.stringify(here[field])) continue;
      fault(`${path} is ${OTHER[field]}`, {
        code: "audit/part",
        hint: "name the same runs (--all, --range, --run) at the same commits, policy and version as for the part; or remove it, and audit again",
      });
    }
}

const NO_PART = { code: "audit/part", hint: OWN_FILE } as const;
