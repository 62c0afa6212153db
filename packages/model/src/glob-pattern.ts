/**
 * One gitignore pattern (gitignore(5), without negation), compiled. Written here, segment by segment
 * and without backtracking across them, because a regular expression made of `*a*a*a*a*b` takes
 * minutes on a hostile path, and pre-receive would hang.
 */

type Token =
  | { readonly kind: "char"; readonly char: string }
  | { readonly kind: "any" }
  | { readonly kind: "star" }
  | { readonly kind: "class"; readonly matches: (char: string) => boolean };
/** `**`, a text without wildcards, or tokens. */
type Segment = "**" | { readonly literal: string } | { readonly tokens: readonly Token[] };

/** Tells whether a pattern matches a path's segments. */
export type SegmentsMatcher = (names: readonly string[]) => boolean;

/**
 * A gitignore pattern as a matcher of whole paths: what matches a folder matches all below it. A
 * leading `!` or `#` is that character.
 */
export function compilePattern(glob: string): SegmentsMatcher {
  const trimmed = withoutTrailingSpaces(glob);
  const folderOnly = trimmed.endsWith("/");
  const text = folderOnly ? trimmed.slice(0, -1) : trimmed;
  const anchored = text.includes("/");
  const parts = (text.startsWith("/") ? text.slice(1) : text).split("/");
  if (parts.every((part) => part === "")) return () => false;
  const segments = parts.map(compileSegment);
  const all: readonly Segment[] = anchored ? segments : ["**", ...segments];
  return (names) => {
    const limit = folderOnly ? names.length - 1 : names.length;
    for (const end of ends(all, names)) if (end >= 1 && end <= limit) return true;
    return false;
  };
}

/** A pattern that must match the whole name, as for branches. */
export function compileWhole(glob: string): SegmentsMatcher {
  const segments = glob.split("/").map(compileSegment);
  return (names) => ends(segments, names).has(names.length);
}

/** After how many names the segments can have been used up. One pass, no backtracking. */
function ends(segments: readonly Segment[], names: readonly string[]): Set<number> {
  let reach = new Set([0]);
  for (const [index, segment] of segments.entries()) {
    const next = new Set<number>();
    if (segment === "**") {
      // At the end it stands for what is inside: at least one name. Elsewhere for any number.
      const least = index === segments.length - 1 ? 1 : 0;
      const from = Math.min(...reach) + least;
      for (let to = from; to <= names.length; to += 1) next.add(to);
    } else {
      for (const at of reach) {
        const name = names[at];
        if (name !== undefined && segmentMatches(segment, name)) next.add(at + 1);
      }
    }
    if (next.size === 0) return next;
    reach = next;
  }
  return reach;
}

function segmentMatches(segment: Exclude<Segment, "**">, name: string): boolean {
  if ("literal" in segment) return segment.literal === name;
  const { tokens } = segment;
  const chars = Array.from(name);
  let at = 0;
  let next = 0;
  let star = -1;
  let resume = 0;
  while (at < chars.length) {
    const token = tokens[next];
    if (token?.kind === "star") {
      star = next;
      resume = at;
      next += 1;
    } else if (token !== undefined && fits(token, chars[at] ?? "")) {
      next += 1;
      at += 1;
    } else if (star >= 0) {
      // Only the last star ever needs to give way: earlier ones were satisfied as early as can be.
      next = star + 1;
      resume += 1;
      at = resume;
    } else {
      return false;
    }
  }
  while (tokens[next]?.kind === "star") next += 1;
  return next === tokens.length;
}

function fits(token: Token, char: string): boolean {
  if (token.kind === "char") return token.char === char;
  return token.kind === "any" || (token.kind === "class" && token.matches(char));
}

function compileSegment(text: string): Segment {
  // wildmatch.c takes any run of stars that is a whole part for `**`.
  if (/^\*{2,}$/.test(text)) return "**";
  if (!/[*?[\\]/.test(text)) return { literal: text };
  const chars = Array.from(text);
  const tokens: Token[] = [];
  for (let at = 0; at < chars.length; at += 1) {
    const char = chars[at] ?? "";
    if (char === "*") {
      if (tokens.at(-1)?.kind !== "star") tokens.push({ kind: "star" });
    } else if (char === "?") {
      tokens.push({ kind: "any" });
    } else if (char === "\\") {
      at += 1;
      tokens.push({ kind: "char", char: chars[at] ?? "\\" });
    } else if (char === "[") {
      const found = compileClass(chars, at);
      // git's wildmatch aborts on an unclosed class: the pattern matches nothing.
      if (found === undefined) return { tokens: [{ kind: "class", matches: () => false }] };
      tokens.push({ kind: "class", matches: found.matches });
      at = found.end;
    } else {
      tokens.push({ kind: "char", char });
    }
  }
  return { tokens };
}

const POSIX: Readonly<Record<string, RegExp>> = {
  alnum: /^[A-Za-z0-9]$/,
  alpha: /^[A-Za-z]$/,
  blank: /^[ \t]$/,
  digit: /^[0-9]$/,
  lower: /^[a-z]$/,
  punct: /^[!-/:-@[-`{-~]$/,
  space: /^\s$/,
  upper: /^[A-Z]$/,
  xdigit: /^[0-9A-Fa-f]$/,
};

/** `[a-z]`, `[!x]`, `[[:digit:]]` at `start`: its matcher and the place of its `]`. */
function compileClass(
  chars: readonly string[],
  start: number,
): { matches: (char: string) => boolean; end: number } | undefined {
  let at = start + 1;
  const negated = chars[at] === "!" || chars[at] === "^";
  if (negated) at += 1;
  const ranges: (readonly [number, number])[] = [];
  const named: RegExp[] = [];
  for (let first = true; at < chars.length; first = false, at += 1) {
    let char = chars[at] ?? "";
    if (char === "]" && !first) {
      const matches = (one: string): boolean => {
        const code = one.codePointAt(0) ?? 0;
        const inside =
          ranges.some(([a, b]) => code >= a && code <= b) || named.some((set) => set.test(one));
        return inside !== negated;
      };
      return { matches, end: at };
    }
    if (char === "[" && chars[at + 1] === ":") {
      const close = chars.indexOf(":", at + 2);
      const set =
        close > 0 && chars[close + 1] === "]"
          ? POSIX[chars.slice(at + 2, close).join("")]
          : undefined;
      if (set === undefined) return undefined;
      named.push(set);
      at = close + 1;
      continue;
    }
    if (char === "\\") {
      at += 1;
      char = chars[at] ?? "";
    }
    let to = char;
    if (chars[at + 1] === "-" && chars[at + 2] !== undefined && chars[at + 2] !== "]") {
      at += 2;
      if (chars[at] === "\\") at += 1;
      to = chars[at] ?? "";
    }
    ranges.push([char.codePointAt(0) ?? 0, to.codePointAt(0) ?? 0]);
  }
  return undefined;
}

/** gitignore(5): "Trailing spaces are ignored unless they are quoted with backslash". */
function withoutTrailingSpaces(glob: string): string {
  let end = glob.length;
  while (end > 0 && glob[end - 1] === " " && glob[end - 2] !== "\\") end -= 1;
  return glob.slice(0, end);
}
