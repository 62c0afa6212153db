/**
 * Checkpoints as C2SP tlog-checkpoint texts in C2SP signed notes: what a witness remembers. Anyone
 * may have added signature lines; only the auditor's counts, and no other line can replace it.
 */
import { hash, sign, verify } from "node:crypto";
import { fault } from "@wingman/model";
import { auditorKeyOf, publicKeyOf } from "./auditor-key.ts";

/** The size and root of the ledger at one moment. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  /** Hex. */
  readonly root: string;
}

const ED25519 = 0x01;
const MAX_NOTE = 65_536;
const SIGNATURE = /^— (\S+) ([A-Za-z0-9+/]+={0,2})$/;

/** A signed note's key name may hold neither blanks nor `+`; an origin may. */
function nameOf(origin: string): string {
  return origin.replace(/[\s+%]/gu, (char) => encodeURIComponent(char));
}

/** First four bytes of SHA-256(name ‖ LF ‖ 0x01 ‖ key), by C2SP signed-note. */
export function noteKeyId(name: string, publicKey: string): Buffer {
  const key = Buffer.from(publicKey, "base64");
  const text = Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(ED25519), key]);
  return hash("sha256", text, "buffer").subarray(0, 4);
}

/** The signed text of a checkpoint. `pem` is the auditor's key. */
export function signCheckpoint(checkpoint: Checkpoint, pem: string): string {
  if (/[\r\n]/.test(checkpoint.origin) || checkpoint.origin === "")
    return fault("the origin is empty or has a line break", {
      code: "ledger/bad-origin",
      hint: "give origin in .wingman/policy.yaml as owner/name",
    });
  const { key, publicKey } = auditorKeyOf(pem);
  const root = Buffer.from(checkpoint.root, "hex").toString("base64");
  const text = `${checkpoint.origin}\n${checkpoint.size}\n${root}\n`;
  const name = nameOf(checkpoint.origin);
  const signature = Buffer.concat([noteKeyId(name, publicKey), sign(null, Buffer.from(text), key)]);
  return `${text}\n— ${name} ${signature.toString("base64")}\n`;
}

/** What a note says, before any signature is looked at. */
export function parseCheckpoint(
  note: string,
): Checkpoint | { readonly bad: string; readonly line: number } {
  if (note.length > MAX_NOTE) return { bad: "it is too long", line: 1 };
  const lines = note.split("\n");
  const [origin = "", size = "", base64 = ""] = lines;
  if (origin === "") return { bad: "it has no origin", line: 1 };
  if (!/^(0|[1-9]\d{0,15})$/.test(size) || !Number.isSafeInteger(Number(size)))
    return { bad: "its second line is no size", line: 2 };
  const root = Buffer.from(base64, "base64");
  if (root.length !== 32 || root.toString("base64") !== base64)
    return { bad: "its third line is no root", line: 3 };
  // Extension lines are legal in the format; we write none, so one there is a change.
  if (lines[3] !== "") return { bad: "a blank line belongs after the root", line: 4 };
  if (lines.length < 6 || lines.at(-1) !== "") return { bad: "it has no signature line", line: 5 };
  for (const [at, line] of lines.slice(4, -1).entries())
    if (!SIGNATURE.test(line)) return { bad: "this is no signature line", line: 5 + at };
  return { origin, size: Number(size), root: root.toString("hex") };
}

/**
 * Verifies the auditor's signature on a note. `alone` refuses further signature lines: in the
 * ledger's own files nobody else signs, and an ignored line would be a place to change unseen.
 */
export function verifyCheckpoint(
  note: string,
  auditor: string,
  options: { readonly alone?: boolean } = {},
):
  | { readonly ok: true; readonly checkpoint: Checkpoint }
  | { readonly ok: false; readonly why: string; readonly line: number } {
  const checkpoint = parseCheckpoint(note);
  if ("bad" in checkpoint) return { ok: false, why: checkpoint.bad, line: checkpoint.line };
  const key = publicKeyOf(auditor);
  if (key === undefined) return { ok: false, why: "the auditor's public key is broken", line: 1 };
  const end = note.indexOf("\n\n");
  const text = Buffer.from(note.slice(0, end + 1));
  const lines = note.slice(end + 2, -1).split("\n");
  if (options.alone === true && lines.length !== 1)
    return { ok: false, why: "somebody added a signature line", line: 6 };
  const name = nameOf(checkpoint.origin);
  const id = noteKeyId(name, auditor);
  for (const [at, line] of lines.entries()) {
    const match = SIGNATURE.exec(line);
    const blob = Buffer.from(match?.[2] ?? "", "base64");
    if (match?.[1] !== name || !blob.subarray(0, 4).equals(id)) continue;
    const exact = blob.toString("base64") === match[2] && blob.length === 68;
    if (exact && verify(null, text, key, blob.subarray(4))) return { ok: true, checkpoint };
    return { ok: false, why: "the auditor's signature does not match its text", line: 5 + at };
  }
  return { ok: false, why: "it is not signed with the auditor's key", line: 5 };
}
