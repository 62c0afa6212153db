/**
 * One line of the log by itself and at its place: its fields, or what is wrong with it. The link to
 * the line before it and its kind's own fields are the scan's matter.
 */
import { isCanonical } from "./canonical-line.ts";
import { MAX_LINE } from "./records.ts";

/** The bytes up to the first line feed. */
export function firstLine(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(10);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

function textOf(line: Uint8Array): string {
  return Buffer.from(line.buffer, line.byteOffset, line.length).toString("utf8");
}

/** The fields that place a line, or undefined where it is no JSON object. */
export function parseLine(line: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  return parseText(textOf(line));
}

function parseText(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The fields of the line that belongs at `seq`, or one sentence on what is wrong. */
export function readLine(
  line: Uint8Array,
  seq: number,
): Readonly<Record<string, unknown>> | string {
  const text = line.length > MAX_LINE ? "" : textOf(line);
  const fields = parseText(text);
  if (fields === undefined) return "the line is no JSON record";
  if (fields["seq"] !== seq) {
    const says = String(fields["seq"]).slice(0, 20);
    return `record ${seq} belongs here, this one says ${says}: lines were removed, moved or put in`;
  }
  const { v, kind, ts } = fields as Readonly<Record<"v" | "kind" | "ts", unknown>>;
  if (v !== 1 || typeof kind !== "string" || typeof ts !== "string")
    return "the line is no record of this format";
  if (!isCanonical(fields, text)) return "the line is not canonical JSON";
  if (seq === 0 && kind !== "genesis") return "the first record must be the genesis";
  if (seq > 0 && kind === "genesis") return "a second genesis";
  return fields;
}
