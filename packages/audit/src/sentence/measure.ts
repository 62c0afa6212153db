/** How much a file holds: `at least 20 lines`, `0 bytes`, `a size of 2 bytes`. */
import type { Clause } from "./clause.ts";
import type { Cursor } from "./cursor.ts";
import { each } from "./name-phrases.ts";
import type { Name } from "./names.ts";

const OPS = {
  "at least": ">=",
  "at most": "<=",
  "more than": ">",
  "less than": "<",
  "fewer than": "<",
  exactly: "==",
} as const;

/** The clause, or left over. */
export function measured(cursor: Cursor, names: readonly Name[]): Clause[] {
  return measuredIfSaid(cursor, names) ?? cursor.left();
}

/** Undefined, with nothing taken, where no measure stands here. */
export function measuredIfSaid(cursor: Cursor, names: readonly Name[]): Clause[] | undefined {
  const mark = cursor.mark;
  cursor.phrase("a size of", "a length of");
  const op =
    cursor.phrase("at least", "at most", "more than", "less than", "fewer than", "exactly") ??
    "exactly";
  const count = cursor.number();
  const unit = count === undefined ? undefined : cursor.word("line", "lines", "byte", "bytes");
  if (unit === undefined) {
    cursor.back(mark);
    return undefined;
  }
  cursor.word("long", "large");
  const args = { op: OPS[op as keyof typeof OPS] };
  return unit.startsWith("line")
    ? each(names, "file.lines", { ...args, lines: count })
    : each(names, "file.size", { ...args, bytes: count });
}
