/**
 * Compose's interpolation: `$VAR`, `${VAR}`, `${VAR:-default}`, nested, `$$` for a dollar. Says what
 * of a value is written out and what comes from the environment. Expands nothing; linear.
 */

export interface Interpolated {
  /** What stands outside of variables, `$$` as a dollar. */
  readonly literal: string;
  /** True where a default (`:-`, `-`, `:+`, `+`) writes out a value after all, also a nested one. */
  readonly hasDefault: boolean;
  /** True where at least one variable is asked for. */
  readonly asks: boolean;
}

const NAME = /[A-Za-z_]\w*/y;
/** Defaults in defaults that are followed; deeper ones count as written out. */
const MAX_NESTING = 8;

/** Splits one value. An open brace runs to the end, as compose refuses it there. */
export function interpolated(value: string, depth = 0): Interpolated {
  let literal = "";
  let hasDefault = false;
  let asks = false;
  for (let at = 0; at < value.length; ) {
    if (value[at] !== "$") {
      literal += value[at];
      at += 1;
    } else if (value[at + 1] === "$") {
      literal += "$";
      at += 2;
    } else if (value[at + 1] === "{") {
      const end = closingBrace(value, at + 1);
      asks = true;
      const word = /^\w*(:?[-+])([^]*)$/.exec(value.slice(at + 2, end))?.[2];
      if (word !== undefined && word !== "") {
        const inner = depth < MAX_NESTING ? interpolated(word, depth + 1) : undefined;
        hasDefault ||= inner === undefined || inner.hasDefault || inner.literal !== "";
      }
      at = end + 1;
    } else {
      NAME.lastIndex = at + 1;
      const name = NAME.exec(value)?.[0] ?? "";
      if (name === "") literal += "$";
      else asks = true;
      at += 1 + name.length;
    }
  }
  return { literal, hasDefault, asks };
}

/** The brace that closes the one at `from`; the text's end where there is none. */
function closingBrace(value: string, from: number): number {
  let depth = 0;
  for (let at = from; at < value.length; at += 1) {
    if (value[at] === "{") depth += 1;
    else if (value[at] === "}") {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return value.length;
}

/** The parts between colons that stand outside of `${…}` and `[…]`: `"${IP:-::1}:80:80"` has three. */
export function splitColons(value: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < value.length; at += 1) {
    const char = value[at] ?? "";
    if (char === "{" || char === "[") depth += 1;
    else if (char === "}" || char === "]") depth = Math.max(0, depth - 1);
    else if (char === ":" && depth === 0) {
      parts.push(value.slice(from, at));
      from = at + 1;
    }
  }
  parts.push(value.slice(from));
  return parts;
}
