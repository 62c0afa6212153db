/**
 * What a reader sees of a piece of Markdown: no comments, no emphasis, no invisible characters. For
 * rules about substance and names, never for showing.
 */

/** Characters that show nothing. Text made of them alone is empty. */
// A function: classes of characters need tables of ICU, whose loading a hook without such text is spared.
const invisible = (): RegExp =>
  /[\p{Cf}\p{Variation_Selector}\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0]/gu;

/** The text with every HTML comment blanked; lines stay where they are. An open comment runs to the end. */
export function withoutComments(text: string): string {
  let kept = "";
  let from = 0;
  for (let at = text.indexOf("<!--"); at !== -1; at = text.indexOf("<!--", from)) {
    const end = text.indexOf("-->", at + 4);
    const stop = end === -1 ? text.length : end + 3;
    kept += text.slice(from, at) + text.slice(at, stop).replace(/[^\n]/g, " ");
    from = stop;
  }
  return kept + text.slice(from);
}

/** One line's words: NFKC, visible characters only, comments, emphasis, ticks, list and task marks gone. */
export function plainText(text: string): string {
  return (
    withoutComments(visibleText(text))
      .replace(/^\s*(?:[-*+]\s+)?\[[ xX]\]\s+/, "")
      .replace(/!?\[([^[\]]*)\]\(([^()\s]*)(?:\s[^()]*)?\)/g, "$1 $2")
      // The line under a table's head.
      .replace(/^[ \t|:-]{3,}$/gm, (line) => (line.includes("---") ? "" : line))
      .replace(/[*`~|]+/g, " ")
      .replace(/(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])/gu, "")
      .replace(/\s+/g, " ")
      .trim()
  );
}

/** NFKC without characters that show nothing: full-width and ligature tricks read as plain letters. */
export function visibleText(text: string): string {
  return text.normalize("NFKC").replace(invisible(), "");
}
