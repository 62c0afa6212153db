/**
 * Rows in their former, shorter shape, until each has its vendor's document and cases beside it.
 */
import type { Confidence } from "./confidence.ts";
import { entropy } from "./confidence.ts";
import { isFiller } from "./filler.ts";
import type { SecretRow } from "./row.ts";

export interface FormerRow {
  readonly kind: string;
  readonly keywords: readonly string[];
  /** Global, or sticky where a keyword begins; group 1, where there is one, is the secret itself. */
  readonly pattern: RegExp;
  /** How far from the match the keyword may stand. */
  readonly near?: number;
  weigh(secret: string, text: string, at: number): Confidence | undefined;
}

/** A row for a token whose prefix is its proof: sure, unless it is filler. */
export function token(kind: string, keywords: readonly string[], pattern: RegExp): FormerRow {
  return { kind, keywords, pattern, weigh: (secret) => (isFiller(secret) ? undefined : "high") };
}

/** The same for a short prefix, which base64 and names hold by chance: it must look random, too. */
export function randomToken(
  kind: string,
  keywords: readonly string[],
  pattern: RegExp,
  bits = 3.5,
): FormerRow {
  return {
    kind,
    keywords,
    pattern,
    weigh: (secret) =>
      isFiller(secret) || entropy(secret) < bits || !/\d/.test(secret) ? undefined : "high",
  };
}

/** The rows of one family in their new shape. Two rows of one kind get numbers. */
export function rowsOf(family: string, former: readonly FormerRow[]): SecretRow[] {
  const seen = new Map<string, number>();
  return former.map((row) => {
    const slug = row.kind
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "");
    const count = (seen.get(slug) ?? 0) + 1;
    seen.set(slug, count);
    return {
      id: count === 1 ? slug : `${slug}-${count}`,
      kind: row.kind,
      family,
      vendor: family === "generic" ? "any" : (row.kind.split(" ")[0] ?? ""),
      harm: "high",
      source: "",
      keywords: row.keywords,
      pattern: row.pattern,
      ...(row.near === undefined ? {} : { near: row.near }),
      clears: [],
      weigh: ({ secret, text, at }) => row.weigh(secret, text, at),
    };
  });
}
