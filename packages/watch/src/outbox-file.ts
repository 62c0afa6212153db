/**
 * The outbox as a file: one JSON line a write, appended and synced. Refuses nothing it can go on
 * with: a line torn by a crash is reported and counts as never written, so its step is done again.
 */
import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { fault } from "@wingman/model";
import type { AlertDraft, Outbox, OutboxLine } from "./outbox.ts";

/** Opens (and makes) the outbox at a path; its folder is made as well. Only its owner can read it. */
export function openOutbox(path: string): Outbox {
  mkdirSync(dirname(path), { recursive: true });
  return {
    lines: () => read(path).lines,
    problems: () => read(path).problems,
    append: (...lines) => append(path, lines),
  };
}

function append(path: string, lines: readonly OutboxLine[]): void {
  const file = openSync(path, "a+", 0o600);
  try {
    const { size } = fstatSync(file);
    const last = Buffer.alloc(1);
    const torn = size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== 10;
    // A torn end gets its line feed first, or this line would be lost with it.
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
    const bytes = Buffer.from(`${torn ? "\n" : ""}${text}`, "utf8");
    // One write: O_APPEND keeps two watchers from writing into each other's lines.
    const written = writeSync(file, bytes);
    if (written !== bytes.length) {
      fault("the watcher's outbox takes no whole line", {
        code: "watch/outbox-full",
        hint: `make room on the disk of ${path}`,
      });
    }
    fdatasyncSync(file);
    if (size === 0) syncFolder(dirname(path));
  } finally {
    closeSync(file);
  }
}

/** A new file is there after a power cut only once its folder was synced too. */
function syncFolder(folder: string): void {
  let file: number;
  try {
    file = openSync(folder, "r");
  } catch (error) {
    // Windows opens no folders; its journal keeps names by itself.
    if (
      error instanceof Error &&
      "code" in error &&
      ["EISDIR", "EPERM", "EACCES"].includes(String(error.code))
    )
      return;
    throw error;
  }
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function read(path: string): { lines: OutboxLine[]; problems: string[] } {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT")
      return { lines: [], problems: [] };
    throw error;
  }
  const lines: OutboxLine[] = [];
  const problems: string[] = [];
  const pieces = text.split("\n");
  pieces.forEach((piece, index) => {
    if (piece === "") return;
    const line = index === pieces.length - 1 ? undefined : parseLine(piece);
    if (line === undefined)
      problems.push(
        `line ${index + 1} of the outbox is torn or foreign; its step counts as not done`,
      );
    else lines.push(line);
  });
  return { lines, problems };
}

function parseLine(text: string): OutboxLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined; // Reported by the caller as torn.
  }
  if (!isRecord(value) || typeof value["key"] !== "string" || typeof value["at"] !== "string")
    return undefined;
  const { what, key, at } = { what: value["what"], key: value["key"], at: value["at"] };
  if (what === "intent")
    return typeof value["owner"] === "string"
      ? { what, key, at, owner: value["owner"] }
      : undefined;
  if (what === "seen") {
    const { size, root } = { size: value["size"], root: value["root"] };
    return key === "ledger" && typeof size === "number" && typeof root === "string"
      ? { what, key, at, size, root }
      : undefined;
  }
  if (what !== "done" && what !== "failed") return undefined;
  if (!isAlert(value["alert"])) return undefined;
  const notBefore = value["notBefore"];
  return {
    what,
    key,
    at,
    alert: value["alert"],
    ...(typeof notBefore === "string" ? { notBefore } : {}),
  };
}

function isAlert(value: unknown): value is AlertDraft {
  return (
    isRecord(value) &&
    value["kind"] === "alert" &&
    typeof value["incident"] === "string" &&
    typeof value["occurrence"] === "number" &&
    typeof value["channel"] === "string" &&
    typeof value["step"] === "string"
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
