/**
 * Text of the judged side in Markdown: inside a fence that it cannot close, where a forge makes no
 * link, mention, reference, closing keyword, task or HTML of it.
 */
import { visible } from "@wingman/model";

/** A fenced block of these lines. A line break, or any character that shows nothing, is written out. */
export function codeBlock(lines: readonly string[]): string {
  const text = lines.map(visible).join("\n");
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(Math.max(3, longest + 1));
  return `${fence}text\n${text}\n${fence}`;
}
