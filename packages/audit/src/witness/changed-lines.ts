/** Which lines of a changed file are of one side alone, and which files are prose: shown, not run. */

export const PROSE =
  /\.(?:md|mdx|markdown|rst|adoc|txt|svg|csv|lock)$|(?:^|\/)(?:LICENSE|CHANGELOG)[^/]*$/i;

/** The lines of `of` that `without` has not, with their place; a line moved within a file is no change. */
export function placesLeft(of: readonly string[], without: readonly string[]): readonly number[] {
  const tallied = new Map<string, number>();
  for (const line of without) tallied.set(line.trim(), (tallied.get(line.trim()) ?? 0) + 1);
  const left: number[] = [];
  for (const [at, line] of of.entries()) {
    const known = tallied.get(line.trim()) ?? 0;
    if (known > 0) tallied.set(line.trim(), known - 1);
    else left.push(at);
  }
  return left;
}

/** As {@link placesLeft}, the lines themselves. */
export function linesLeft(of: readonly string[], without: readonly string[]): readonly string[] {
  return placesLeft(of, without).map((at) => of[at] ?? "");
}
