/** How sure a hit is, and the small measures that decide it: entropy, placeholders, references. */

export type Confidence = "high" | "medium" | "low";

const RANK = { low: 1, medium: 2, high: 3, off: 4 } as const;

/** True where `confidence` reaches a threshold of the policy; `off` is never reached. */
export function reaches(confidence: Confidence, threshold: Confidence | "off"): boolean {
  return RANK[confidence] >= RANK[threshold];
}

/** Shannon entropy of a text in bits per character; 0 for an empty one. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) {
    const share = count / text.length;
    bits -= share * Math.log2(share);
  }
  return bits;
}

const PLACEHOLDER =
  /example|placeholder|change[-_ ]?me|replace[-_ ]?(?:me|this)|your[-_ ]|do[-_]?not[-_]?use|redacted|dummy|sample|fixture|not[-_ ]?a?[-_ ]?(?:real|secret)|xxxx|\*{3}|\.{3}|<[^>]{0,60}>|foobar|todo|insert[-_ ]|fake|lorem|123456789|abcdefgh|deadbeef|password|passwd|hunter2/i;
const REFERENCE =
  /^(?:\$|%[A-Za-z_]|#\{|\{\{|<%|@@|&|\*|process\.|os\.|env[.:([]|ENV\[|System\.|getenv|secrets?[.:/]|vault:|op:\/\/|arn:|projects\/|ref\+|file:|https?:\/\/)/;

/** True where a value is plainly no secret: a placeholder, filler, or one character over and over. */
export function isPlaceholder(value: string): boolean {
  return PLACEHOLDER.test(value) || new Set(value).size < 5;
}

/** True where a value only points at a secret: `${X}`, `process.env.X`, `vault:…`, a URL. */
export function isReference(value: string): boolean {
  return REFERENCE.test(value) || /[$#]\{|\{\{|process\.env|[\w.]\([^()]*\)?/.test(value);
}
