/**
 * Claims files: what a worker says of its run, one JSON record a line, one writer, append-only.
 * `prev` is the SHA-256 of the previous line's bytes without its LF; the chain is over blob bytes.
 */
import type { RepoPath } from "./path.ts";

interface RecordHead {
  readonly v: 1;
  /** SHA-256 (hex) of the previous line, null in the first. */
  readonly prev: string | null;
  readonly seq: number;
  readonly ts: string;
}

export interface OpenRecord extends RecordHead {
  readonly kind: "open";
  readonly instruction: string;
  /** Of the instruction on the trusted side, `sha256:…`. */
  readonly digest: string;
  readonly origin: string;
  readonly run: string;
  readonly worker: string;
}

export interface ClaimRecord extends RecordHead {
  readonly kind: "claim";
  readonly type: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly text?: string;
}

export interface RetractRecord extends RecordHead {
  readonly kind: "retract";
  readonly of: number;
  readonly why?: string;
}

export interface CloseRecord extends RecordHead {
  readonly kind: "close";
  /** Records before this one. */
  readonly count: number;
  readonly outcome: "done" | "partial" | "abandoned";
}

export type ClaimsRecord = OpenRecord | ClaimRecord | RetractRecord | CloseRecord;

/** A run's name: its worker and its run id. */
export interface RunName {
  /** `claude-code/alice` */
  readonly worker: string;
  /** `20261122-090001-k3f9` */
  readonly run: string;
}

/** One line of a claims file as it stands in the blob. */
export interface ClaimsLine {
  readonly record: ClaimsRecord;
  /** The line's text without its LF. */
  readonly text: string;
  /** `sha256:…` of the line without its LF. */
  readonly digest: string;
  /** From 1. */
  readonly line: number;
}

/** A claims file with a sound chain. */
export interface ClaimsFile {
  readonly path: RepoPath;
  readonly name: RunName;
  readonly open: OpenRecord;
  /** The close that no later retract takes back. */
  readonly close: CloseRecord | undefined;
  readonly lines: readonly ClaimsLine[];
  /** Claims in order, retracted ones marked: reported, not judged. */
  readonly claims: readonly {
    readonly line: ClaimsLine;
    readonly record: ClaimRecord;
    readonly retracted: boolean;
  }[];
}

export const CLAIMS_DIR = ".wingman/claims";
const WORKER = /^[a-z0-9-]+\/[a-z0-9._-]+$/;
const RUN = /^\d{8}-\d{6}-[a-z0-9]{4}$/;
// Names that Windows opens as devices, whatever the extension: a clone there could not hold the file.
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i;

/** True where the text is a worker's id: `harness/name`, no Windows device name, no `.`-only part. */
export function isWorkerId(text: string): boolean {
  return (
    text.length <= 100 &&
    WORKER.test(text) &&
    text
      .split("/")
      .every((part) => !DEVICE.test(part) && !/^\.+$/.test(part) && !part.endsWith("."))
  );
}

/** Where a run's claims stand. */
export function claimsPath(name: RunName): RepoPath {
  return `${CLAIMS_DIR}/${name.worker}/${name.run}.jsonl`;
}

/** The run whose claims file this path is, or undefined where it is none. */
export function runOfPath(path: RepoPath): RunName | undefined {
  const match = /^\.wingman\/claims\/([^/]+\/[^/]+)\/([^/]+)\.jsonl$/.exec(path);
  return match?.[1] && match[2] ? parseRunName(`${match[1]}/${match[2]}`) : undefined;
}

/** `claude-code/alice/20261122-090001-k3f9` → its parts, or undefined where it is no run's name. */
export function parseRunName(text: string): RunName | undefined {
  const cut = text.lastIndexOf("/");
  const worker = text.slice(0, Math.max(cut, 0));
  const run = text.slice(cut + 1);
  return isWorkerId(worker) && RUN.test(run) ? { worker, run } : undefined;
}

/** A run as trailers and messages write it. */
export function runText(name: RunName): string {
  return `${name.worker}/${name.run}`;
}

/** A claim's name: `<run>#<seq>`, with the worker in front so that it is one name everywhere. */
export function claimName(name: RunName, seq: number): string {
  return `${runText(name)}#${seq}`;
}
