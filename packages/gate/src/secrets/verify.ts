/**
 * From keywords to hits: each row is tried where its keywords stand, in windows no larger than its
 * pattern can reach. Loaded at the first keyword of a program's life; a text without any costs one
 * pass and no row.
 */
import { DECODERS, type Decoder } from "./decoders.ts";
import type { ClearedHit, TextHit } from "./hit.ts";
import { judgeMatch } from "./judge-match.ts";
import { AUTOMATON, findKeywords, type KeywordHits, RUN_STEP } from "./keyword-search.ts";
import { reachOf } from "./pattern-reach.ts";
import type { SecretRow } from "./row.ts";
import { NAMED_FAMILIES, ROWS } from "./rows.ts";
import { SECRETLINT_KEYWORDS } from "./secretlint-keywords.ts";

/**
 * Hits per text, row and confidence: a file of a million tokens is refused for its first thousand. Not
 * in all: a thousand hits that nobody minds would hide the one behind them.
 */
const MAX_HITS = 1000;
/** Layers of base64 that are taken off. */
const LAYERS = 2;
const LONGEST_KEYWORD = Math.max(...AUTOMATON.keywords.map((keyword) => keyword.length));

/** What one text gave. */
export interface Verified {
  readonly hits: TextHit[];
  /** Where secretlint's keywords stand; empty where its rules need not be asked. */
  readonly secretlint: readonly number[];
}

export interface TextContext {
  readonly path: string;
  /** Gets every match that was cleared, where somebody asks. */
  readonly cleared?: ClearedHit[];
}

/** Rows or a decoder that share their keywords: their places are gathered once. */
interface Group {
  readonly rows: readonly SecretRow[];
  readonly decoder: Decoder | undefined;
  /** Asked of what was wrapped in base64, too. */
  readonly shaped: boolean;
}

interface Target {
  readonly groups: readonly Group[];
  readonly secretlint: boolean;
}

const GROUPS: readonly Group[] = [...rowGroups(), ...DECODERS.map(decoderGroup)];

const TARGETS: readonly Target[] = AUTOMATON.keywords.map((keyword) => ({
  groups: GROUPS.filter(({ rows, decoder }) => (decoder ?? rows[0])?.keywords.includes(keyword)),
  secretlint: SECRETLINT_KEYWORDS.includes(keyword),
}));

function rowGroups(): Group[] {
  const byKeywords = new Map<string, SecretRow[]>();
  for (const row of ROWS) {
    const shaped = !NAMED_FAMILIES.has(row.family);
    const key = JSON.stringify([shaped, [...row.keywords].sort()]);
    const rows = byKeywords.get(key);
    if (rows === undefined) byKeywords.set(key, [row]);
    else rows.push(row);
  }
  return [...byKeywords.values()].map((rows) => ({
    rows,
    decoder: undefined,
    shaped: !NAMED_FAMILIES.has(rows[0]?.family ?? ""),
  }));
}

function decoderGroup(decoder: Decoder): Group {
  return { rows: [], decoder, shaped: true };
}

/** Tries the rows on a text whose keywords were found. `bytes` is what `text` is the Latin-1 of. */
export function verify(text: string, found: KeywordHits, context: TextContext): Verified {
  return verifyLayer(text, found, context, 0);
}

function verifyLayer(
  text: string,
  found: KeywordHits,
  context: TextContext,
  layer: number,
): Verified {
  const { places, secretlint } = placesOf(found);
  const hits: TextHit[] = [];
  for (const [{ rows, decoder, shaped }, starts] of places) {
    if (layer > 0 && !shaped) continue;
    // A longer keyword starts before a shorter one that ended before it.
    starts.sort();
    for (const row of rows) hits.push(...rowHits(row, text, starts, context));
    if (decoder !== undefined && layer < LAYERS)
      hits.push(...wrappedHits(decoder, text, starts, context, layer));
  }
  return { hits, secretlint: layer === 0 ? secretlint : [] };
}

function placesOf({ count, pairs }: KeywordHits): {
  places: Map<Group, Int32Array>;
  secretlint: number[];
} {
  const lists = new Map<Group, number[]>();
  const secretlint: number[] = [];
  for (let at = 0; at < 2 * count; at += 2) {
    const target = TARGETS[pairs[at] as number] as Target;
    const start = pairs[at + 1] as number;
    for (const group of target.groups) {
      const starts = lists.get(group);
      if (starts === undefined) lists.set(group, [start]);
      else starts.push(start);
    }
    if (target.secretlint) secretlint.push(start);
  }
  const places = new Map<Group, Int32Array>();
  for (const [group, starts] of lists) places.set(group, Int32Array.from(starts));
  return { places, secretlint };
}

function rowHits(
  row: SecretRow,
  text: string,
  starts: Int32Array,
  context: TextContext,
): TextHit[] {
  const hits: TextHit[] = [];
  const counts = { high: 0, medium: 0, low: 0 };
  for (const { index: from, match } of matchesOf(row, text, starts)) {
    const secret = match[1] ?? match[0];
    const at = from + (match[1] === undefined ? 0 : match[0].lastIndexOf(secret));
    const judged = judgeMatch(row, { secret, text, at, path: context.path });
    if (typeof judged === "string") {
      counts[judged] += 1;
      if (counts[judged] <= MAX_HITS)
        hits.push({ rule: row, confidence: judged, index: at, length: secret.length, secret });
    } else
      context.cleared?.push({ rule: row, index: at, length: secret.length, by: judged.cleared });
    if (counts.high >= MAX_HITS) break;
  }
  return hits;
}

function wrappedHits(
  decoder: Decoder,
  text: string,
  starts: Int32Array,
  context: TextContext,
  layer: number,
): TextHit[] {
  const hits: TextHit[] = [];
  for (const { index: from, match } of matchesOf({ ...decoder, whole: true }, text, starts)) {
    const value = match[1] ?? "";
    const index = from + match[0].lastIndexOf(value);
    const inner = Buffer.from(value, "base64");
    // Random bytes are no text; only what decodes to text can hold a token.
    if (!isText(inner)) continue;
    const found = findKeywords(inner);
    if (found.count === 0) continue;
    const plain = { path: context.path };
    const [first] = verifyLayer(inner.toString("latin1"), found, plain, layer + 1).hits;
    if (first === undefined) continue;
    hits.push({ ...first, index, length: value.length, through: "base64" });
    if (hits.length >= MAX_HITS) break;
  }
  return hits;
}

function isText(bytes: Buffer): boolean {
  return /^[\t\r\n\x20-\x7e]{16}/.test(bytes.toString("latin1", 0, 16));
}

interface Placed {
  readonly index: number;
  readonly match: RegExpExecArray;
}

interface Tried {
  readonly pattern: RegExp;
  readonly near?: number;
  /** True where nothing else begins within a match: decoding each part of a run costs its square. */
  readonly whole?: boolean;
}

function* matchesOf(tried: Tried, text: string, starts: Int32Array): Generator<Placed> {
  if (tried.pattern.sticky) yield* stickyMatches(tried, text, starts);
  else yield* windowMatches(tried, text, starts);
}

function* stickyMatches(
  { pattern, whole = false }: Tried,
  text: string,
  starts: Int32Array,
): Generator<Placed> {
  let end = 0;
  for (const start of starts) {
    if (start < end) continue;
    // A keyword that stands here twice (a longer one holds it) is tried once.
    end = start + 1;
    pattern.lastIndex = start;
    const match = pattern.exec(text);
    if (match === null) continue;
    // A value may be the name of the next one, as in key="Password" value="…": it is tried as well.
    const value = whole ? undefined : match[1];
    const length = value === undefined ? match[0].length : match[0].lastIndexOf(value);
    end = Math.max(end, start + length);
    yield { index: start, match };
  }
}

function* windowMatches(
  { pattern, near = 0 }: Tried,
  text: string,
  starts: Int32Array,
): Generator<Placed> {
  const reach = reachOf(pattern);
  const before = reach.match + near + reach.behind;
  const after = LONGEST_KEYWORD + RUN_STEP + near + reach.match + reach.ahead;
  for (let next = 0; next < starts.length; ) {
    const from = Math.max(0, (starts[next] ?? 0) - before);
    let to = (starts[next] ?? 0) + after;
    for (next += 1; next < starts.length && (starts[next] ?? 0) - before <= to; next += 1)
      to = (starts[next] ?? 0) + after;
    yield* matchesInWindow(pattern, text.slice(from, to), from, from === 0 ? 0 : reach.behind);
  }
}

/** `blind`: a match that begins before this index cannot see what it must look behind at. */
function* matchesInWindow(
  pattern: RegExp,
  window: string,
  from: number,
  blind: number,
): Generator<Placed> {
  pattern.lastIndex = blind;
  for (let match = pattern.exec(window); match !== null; match = pattern.exec(window)) {
    const { lastIndex } = pattern;
    yield { index: from + match.index, match };
    pattern.lastIndex = match[0] === "" ? lastIndex + 1 : lastIndex;
  }
}
