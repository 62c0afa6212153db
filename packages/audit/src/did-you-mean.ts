/** The did-you-mean of claim types and argument names: the nearest known word, or none. */

/** The known word within a third of the length in edits; undefined where none is that near. */
function nearest(word: string, known: readonly string[]): string | undefined {
  const short = word.slice(0, 60).toLowerCase();
  let best: string | undefined;
  let least = Math.max(1, Math.floor(short.length / 3)) + 1;
  for (const one of known) {
    const edits = distance(short, one.toLowerCase());
    if (edits < least) {
      least = edits;
      best = one;
    }
  }
  return best;
}

/** ` (did you mean \`x\`?)`, or nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return near === undefined ? "" : ` (did you mean \`${near}\`?)`;
}

/** Levenshtein distance; both texts are short. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
