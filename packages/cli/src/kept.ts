/**
 * What a clone's hooks keep between two commits, in `wingman/cache`: each a value that follows from
 * something with an id of its own, found again by that id, Wingman's version and its own digest. It
 * refuses a file that anybody but this account could have written. Whoever can write it can write the
 * hook beside it: a clone's hooks are a courtesy (TRUST.md §10), and an authority keeps nothing so.
 */
import { createHash, randomUUID } from "node:crypto";
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { ownFile } from "./process-io.ts";
import { VERSION } from "./version.ts";

/** Undefined where nothing is kept under this name, of another id or version, or not whole. */
export function readKept(folder: string, name: string, id: string): unknown {
  let file: number | undefined;
  try {
    file = openSync(join(folder, "cache", name), "r");
    if (!ownFile(fstatSync(file))) return undefined;
    const text = readFileSync(file, "utf8");
    const end = text.indexOf("\n");
    const body = text.slice(end + 1);
    if (end === -1 || text.slice(0, end) !== headOf(id, body)) return undefined;
    return JSON.parse(body, revive);
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** What cannot be kept (a full or read-only disk) stops nobody's commit. */
export function keep(folder: string, name: string, id: string, value: unknown): void {
  const path = join(folder, "cache", name);
  const part = `${path}.${randomUUID()}`;
  const body = JSON.stringify(value, replace);
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(part, `${headOf(id, body)}\n${body}`, { mode: 0o600 });
    renameSync(part, path);
  } catch {
    try {
      rmSync(part, { force: true });
    } catch {
      // There is not even a folder that it could stand in.
    }
  }
}

function headOf(id: string, body: string): string {
  return `${VERSION} ${id} ${createHash("sha256").update(body).digest("hex")}`;
}

/** JSON has no maps and sets. */
function replace(_key: string, value: unknown): unknown {
  if (value instanceof Map) return { map: [...value] };
  return value instanceof Set ? { set: [...value] } : value;
}

function revive(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if ("map" in value && Array.isArray(value.map)) return new Map(value.map);
  return "set" in value && Array.isArray(value.set) ? new Set(value.set) : value;
}
