/**
 * Reads TypeScript source just far enough for the layer rule: where its imports stand, what they
 * name, and the code with comments, strings and regular expressions blanked out, so that a word in
 * a text is never taken for code. It is no parser and refuses nothing.
 */

const REGEX_BEFORE =
  /(?:^|[=(,:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|await|throw|new|delete|void|yield|else|do))\s*$/;

/** The source with the inside of comments, strings and regexes turned to spaces, same length and lines. */
export function codeOnly(source) {
  // By UTF-16 unit, so that offsets stay those of the source.
  const out = source.split("");
  // Each open `${` of a template literal, with the depth of braces inside it.
  const templates = [];
  let at = 0;
  const blank = (from, to) => {
    for (let i = from; i < to; i++) if (out[i] !== "\n") out[i] = " ";
  };
  const inTemplate = (from) => {
    let i = from;
    while (i < source.length && source[i] !== "`") {
      if (source[i] === "\\") i += 1;
      else if (source[i] === "$" && source[i + 1] === "{") {
        blank(from, i);
        templates.push(0);
        return i + 2;
      }
      i += 1;
    }
    blank(from, i);
    return i + 1;
  };
  while (at < source.length) {
    const two = source.slice(at, at + 2);
    const one = source[at];
    if (two === "//") {
      const end = indexOr(source, "\n", at);
      blank(at, end);
      at = end;
    } else if (two === "/*") {
      const end = Math.min(indexOr(source, "*/", at + 2) + 2, source.length);
      blank(at, end);
      at = end;
    } else if (one === '"' || one === "'") {
      const end = endOfString(source, at);
      blank(at + 1, end);
      at = end + 1;
    } else if (one === "`") at = inTemplate(at + 1);
    else if (one === "/" && REGEX_BEFORE.test(out.slice(Math.max(0, at - 40), at).join(""))) {
      const end = endOfRegex(source, at);
      blank(at + 1, end);
      at = end + 1;
    } else if (one === "{" && templates.length > 0) {
      templates[templates.length - 1] += 1;
      at += 1;
    } else if (one === "}" && templates.length > 0) {
      if (templates.at(-1) === 0) {
        templates.pop();
        at = inTemplate(at + 1);
      } else {
        templates[templates.length - 1] -= 1;
        at += 1;
      }
    } else at += 1;
  }
  return out.join("");
}

function indexOr(source, wanted, from) {
  const found = source.indexOf(wanted, from);
  return found === -1 ? source.length : found;
}

function endOfString(source, start) {
  for (let i = start + 1; i < source.length; i++) {
    if (source[i] === "\\") i += 1;
    else if (source[i] === source[start] || source[i] === "\n") return i;
  }
  return source.length;
}

function endOfRegex(source, start) {
  let inClass = false;
  for (let i = start + 1; i < source.length; i++) {
    if (source[i] === "\\") i += 1;
    else if (source[i] === "\n") return i;
    else if (source[i] === "[") inClass = true;
    else if (source[i] === "]") inClass = false;
    else if (source[i] === "/" && !inClass) return i;
  }
  return source.length;
}

/**
 * Every import, re-export, dynamic import and require of a literal: what it names, its line, and
 * whether it is erased (`import type`). A dynamic import of no literal is given with `name` undefined.
 */
export function importsOf(source, code = codeOnly(source)) {
  const found = [];
  const shapes = [
    /\b(?:import|export)\b(?<clause>[^"'();=]*?)\bfrom\s*(?<quote>["'])/g,
    /\bimport\s*(?<quote>["'])/g,
    /(?<![.\w$])(?:import|require)\s*\(\s*(?<quote>["'`]?)/g,
  ];
  for (const shape of shapes) {
    for (const match of code.matchAll(shape)) {
      const { clause = "", quote } = match.groups;
      const start = match.index + match[0].length;
      const name = quote ? source.slice(start, source.indexOf(quote, start)) : undefined;
      const erased = /^\s*type\b(?!\s*,|\s+from\b)/.test(clause);
      found.push({
        name,
        line: lineAt(source, match.index),
        erased,
        dynamic: /\($|\(\s*["'`]?$/.test(match[0]),
      });
    }
  }
  return found.sort((a, b) => a.line - b.line);
}

/** The line, from 1, at which an offset stands. */
export function lineAt(source, offset) {
  let line = 1;
  for (let i = source.indexOf("\n"); i !== -1 && i < offset; i = source.indexOf("\n", i + 1))
    line += 1;
  return line;
}
