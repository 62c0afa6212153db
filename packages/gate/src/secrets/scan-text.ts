/**
 * Scans one text by the rows, by secretlint's rules, and once through base64. The hits say where and
 * of what kind; the secret itself never leaves this file.
 */
import type { TextHit } from "./hit.ts";
import { KEY_ROWS } from "./key-rows.ts";
import type { SecretRow } from "./row.ts";
import { worthOf } from "./rows.ts";
import { secretlintHits } from "./secretlint.ts";
import { TOKEN_ROWS } from "./token-rows.ts";
import { VENDOR_ROWS } from "./vendor-rows.ts";

/** Hits per text and row: a file of a million tokens is refused for its first thousand. */
const MAX_HITS = 1000;

/** Takes any text. Gives hits by position; one per place, the surest first. */
export async function scanText(text: string): Promise<TextHit[]> {
  const worth = worthOf(text);
  const hits: TextHit[] = base64Hits(text);
  if (worth !== undefined) {
    const places = new Map<RegExp, number[]>();
    for (const row of worth.rows) hits.push(...rowHits(row, text, places));
    if (worth.secretlint) hits.push(...(await secretlintHits(text)));
  }
  return withoutOverlaps(hits);
}

function rowHits(row: SecretRow, text: string, places: Map<RegExp, number[]>): TextHit[] {
  const hits: TextHit[] = [];
  for (const match of matchesOf(row, text, places)) {
    const whole = match[0];
    const secret = match[1] ?? whole;
    const index = match.index + (match[1] === undefined ? 0 : whole.lastIndexOf(secret));
    const confidence = row.weigh(secret, text, index);
    if (confidence !== undefined) {
      hits.push({ kind: row.kind, confidence, index, length: secret.length });
    }
    if (hits.length >= MAX_HITS) break;
  }
  return hits;
}

function* matchesOf(
  { pattern, starts }: SecretRow,
  text: string,
  places: Map<RegExp, number[]>,
): Generator<RegExpExecArray> {
  if (starts === undefined) {
    pattern.lastIndex = 0;
    for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
      yield match;
      if (match[0] === "") pattern.lastIndex += 1;
    }
    return;
  }
  let known = places.get(starts);
  if (known === undefined) {
    known = [...text.matchAll(starts)].map((match) => match.index);
    places.set(starts, known);
  }
  let end = 0;
  for (const place of known) {
    if (place < end) continue;
    pattern.lastIndex = place;
    const match = pattern.exec(text);
    if (match === null) continue;
    end = place + match[0].length;
    yield match;
  }
}

// A keyword, then within a few characters a run of base64: Kubernetes secrets, headers, env files.
const WRAPPED =
  /(?:authorization|secret|token|password|credential|key|data|base64)[^\r\n]{0,60}?[\s"'`:=,(]([A-Za-z0-9+/_-]{24,8192}={0,2})/gi;

/** Rows that need no name beside the secret. */
const SHAPED: ReadonlySet<SecretRow> = new Set([...TOKEN_ROWS, ...VENDOR_ROWS, ...KEY_ROWS]);

/** Values that are a known token or key once their base64 is taken off. */
function base64Hits(text: string): TextHit[] {
  const hits: TextHit[] = [];
  WRAPPED.lastIndex = 0;
  for (let match = WRAPPED.exec(text); match !== null; match = WRAPPED.exec(text)) {
    const value = match[1] ?? "";
    const index = match.index + match[0].length - value.length;
    const inner = Buffer.from(value, "base64").toString("latin1");
    // Random bytes are no text; only what decodes to text can hold a token.
    if (!/^[\t\r\n\x20-\x7e]{16}/.test(inner)) continue;
    const worth = worthOf(inner);
    if (worth === undefined) continue;
    for (const row of worth.rows) {
      if (!SHAPED.has(row)) continue;
      const found = rowHits(row, inner, new Map())[0];
      if (found === undefined) continue;
      hits.push({ ...found, kind: `${found.kind} in base64`, index, length: value.length });
    }
    if (hits.length >= MAX_HITS) break;
  }
  return hits;
}

const RANK = { high: 0, medium: 1, low: 2 } as const;

/** One hit per place: two rows that see one token are one finding, by the surer of them. */
function withoutOverlaps(hits: TextHit[]): TextHit[] {
  const sorted = hits.sort(
    (a, b) => a.index - b.index || RANK[a.confidence] - RANK[b.confidence] || b.length - a.length,
  );
  const kept: TextHit[] = [];
  for (const hit of sorted) {
    const last = kept.at(-1);
    if (last === undefined || hit.index >= last.index + last.length) kept.push(hit);
    else if (RANK[hit.confidence] < RANK[last.confidence]) kept[kept.length - 1] = hit;
  }
  return kept;
}
