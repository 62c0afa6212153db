/**
 * Scans one text: keywords in one pass, rows where keywords stand, secretlint's rules around theirs.
 * The hits say where and of what kind; the secret itself never leaves this folder.
 */
import type { TextHit } from "./hit.ts";
import { findKeywords } from "./keyword-search.ts";
import type { TextContext } from "./verify.ts";

let loading: Promise<typeof import("./verify.ts")> | undefined;

/**
 * Takes the bytes of a text in which every character is one byte. Gives hits by position; one per
 * place, the surest first.
 */
export async function scanText(bytes: Buffer, context: TextContext): Promise<TextHit[]> {
  const found = findKeywords(bytes);
  if (found.count === 0) return [];
  loading ??= import("./verify.ts");
  const { verify } = await loading;
  const text = bytes.toString("latin1");
  const { hits, secretlint } = verify(text, found, context);
  if (secretlint.length > 0) {
    const { secretlintHits } = await import("./secretlint.ts");
    hits.push(...(await secretlintHits(text, secretlint)));
  }
  return withoutOverlaps(hits);
}

const RANK = { high: 0, medium: 2, low: 4 } as const;

/** The surest first; a rule that knows the vendor before one that only knows a name. */
function rankOf(hit: TextHit): number {
  return RANK[hit.confidence] + (hit.rule.family === "generic" ? 1 : 0);
}

/** One hit per place: two rows that see one token are one finding, by the surer of them. */
export function withoutOverlaps<T extends TextHit>(hits: readonly T[]): T[] {
  const sorted = [...hits].sort(
    (a, b) => a.index - b.index || rankOf(a) - rankOf(b) || b.length - a.length,
  );
  const kept: T[] = [];
  for (const hit of sorted) {
    const last = kept.at(-1);
    if (last === undefined || hit.index >= last.index + last.length) kept.push(hit);
    else if (rankOf(hit) < rankOf(last)) kept[kept.length - 1] = hit;
  }
  return kept;
}
