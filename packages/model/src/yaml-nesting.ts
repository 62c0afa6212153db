/**
 * The first look at YAML, before the library has it: runs of indicators over which its lexer would
 * recurse. Nesting itself is counted while the library's parser, which does not recurse, works.
 */

/** Nesting that is read. The yaml library aborts Node 20 and 22, uncatchably, near 790 levels. */
export const MAX_YAML_DEPTH = 64;

/**
 * The offset at which more than 64 indicators follow each other (`- - - -`, `? ? ?`, `!<a>!<b>`), or
 * undefined. The library's lexer recurses over such a run before its parser sees any structure.
 */
export function indicatorRun(text: string): number | undefined {
  const word = /[^ \t\r\n]+|\n/g;
  let run = 0;
  for (let match = word.exec(text); match !== null; match = word.exec(text)) {
    const first = match[0].replace(/^[[{,]+/, "");
    if (/^[-?:]$/.test(first)) run += 1;
    else if (/^[!&]/.test(first)) run += countOf(first, /[!&]/g);
    else run = 0;
    if (run > MAX_YAML_DEPTH || countOf(match[0], /!</g) > MAX_YAML_DEPTH) return match.index;
  }
  return undefined;
}

function countOf(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
