/**
 * `key=value` words of the command line to a claim's arguments. Whatever the auditor could only
 * answer with MALFORMED or UNSUPPORTED is refused here, before it stands in a file for good.
 */
import type { ArgumentKind } from "./arguments.ts";
import { checkArguments } from "./arguments.ts";
import { CLAIM_TYPES, claimTypeOf } from "./claim-types.ts";
import { didYouMean } from "./did-you-mean.ts";
import { quoted } from "./observation.ts";

/** Arguments as records write them, or why there are none, with a claim to paste. */
export type ReadWords =
  | { readonly ok: true; readonly value: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly why: string; readonly help?: string };

/**
 * Reads `path=src/a.ts op=">=" lines=20`. Lists are JSON (`paths='["a","b"]'`) or the key repeated.
 * Numbers become integers where they are, else stay decimal texts.
 */
export function readArguments(type: string, words: readonly string[]): ReadWords {
  const row = claimTypeOf(type);
  if (row === undefined) {
    const names = CLAIM_TYPES.map((one) => one.type);
    const why = `there is no claim type ${quoted(type)}${didYouMean(type, names)}`;
    return { ok: false, why, help: `claim types: ${names.join(", ")}` };
  }
  const help = `${type}${pastedWords(row.example.args)}`;
  const value: Record<string, unknown> = Object.create(null);
  for (const word of words) {
    const cut = word.indexOf("=");
    if (cut <= 0) return { ok: false, why: `${quoted(word)} is no key=value`, help };
    const key = word.slice(0, cut);
    const kind = Object.hasOwn(row.args, key) ? row.args[key]?.kind : undefined;
    const list = kind === "paths" || kind === "texts" || kind === "globs";
    if (Object.hasOwn(value, key) && !list)
      return { ok: false, why: `${quoted(key)} is given twice`, help };
    const read = readValue(word.slice(cut + 1), kind);
    const earlier = value[key];
    value[key] =
      list && Array.isArray(earlier) && Array.isArray(read) ? [...earlier, ...read] : read;
  }
  const checked = checkArguments(row.args, value);
  return "why" in checked
    ? { ok: false, why: checked.why, help }
    : { ok: true, value: { ...value } };
}

function readValue(text: string, kind: ArgumentKind | undefined): unknown {
  if (kind === "paths" || kind === "texts" || kind === "globs") return listOf(text);
  if (kind === "value" && /^(?:true|false|null)$/.test(text)) return JSON.parse(text) as unknown;
  if (kind === "path" && text.startsWith('{"b64"')) return parsed(text) ?? text;
  if (kind === "flag") return text === "true" ? true : text === "false" ? false : text;
  if (
    (kind === "number" || kind === "count" || kind === "value") &&
    /^-?(0|[1-9]\d*)$/.test(text) &&
    Number.isSafeInteger(Number(text))
  )
    return Number(text);
  return text;
}

function listOf(text: string): unknown[] {
  const list = text.startsWith("[") ? parsed(text) : undefined;
  return Array.isArray(list) ? list : [text];
}

/** JSON, or undefined: a path may begin with a bracket as well. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Arguments as words that a shell takes: ` path=src/a.ts literal='a b'`. */
export function pastedWords(args: Readonly<Record<string, unknown>>): string {
  return Object.entries(args)
    .map(([key, value]) => ` ${key}=${pasted(value)}`)
    .join("");
}

/** A value as a shell takes it. */
function pasted(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return /^[\w@%+:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
