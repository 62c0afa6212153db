/** How sure a hit is, and the measure that decides most often: entropy. */

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
