/**
 * Runs a compiled pattern over a text with all threads side by side (Pike's machine): time is text ×
 * program, whatever the pattern. Every step is paid from a budget; counting may search a stretch
 * again, and the budget is what bounds that.
 */
import type { Edge, Program } from "./program.ts";
import { holdsPoint } from "./program.ts";

/** Steps left; a search that would take it below 0 answers `over`. */
export interface Steps {
  left: number;
}

/** A match by UTF-16 offsets, or none, or the budget is spent. */
export type Found = { readonly start: number; readonly end: number } | "none" | "over";

/** Threads in the order of their preference. */
interface Threads {
  readonly at: Uint32Array;
  readonly start: Uint32Array;
  /** Generation in which a step was last put here: a set emptied in one operation. */
  readonly mark: Uint32Array;
  count: number;
}

/**
 * The leftmost match at or behind `from`, the preferred one among those (as the usual engines).
 * With `any`, the end of the first match found: quicker where only the yes matters.
 */
export function search(
  program: Program,
  text: string,
  from: number,
  steps: Steps,
  any = false,
): Found {
  const { length } = program.steps;
  let now = threads(length);
  let next = threads(length);
  const stack: number[] = [];
  let best: { start: number; end: number } | undefined;
  let generation = 0;
  const add = (list: Threads, at: number, start: number, pos: number): void => {
    stack.push(at);
    for (let index = stack.pop(); index !== undefined; index = stack.pop()) {
      steps.left -= 1;
      if (list.mark[index] === generation) continue;
      list.mark[index] = generation;
      const step = program.steps[index];
      if (step === undefined) continue;
      if (step.op === "jump") stack.push(step.to);
      else if (step.op === "split") stack.push(step.b, step.a);
      else if (step.op === "edge") {
        if (edgeAt(step.edge, text, pos)) stack.push(index + 1);
      } else {
        list.at[list.count] = index;
        list.start[list.count] = start;
        list.count += 1;
      }
    }
  };
  generation += 1;
  for (let pos = from; ; ) {
    if (steps.left < 0) return "over";
    if (best === undefined) {
      if (now.count === 0 && program.first !== undefined) {
        const skipped = skip(program.first, text, pos);
        steps.left -= (skipped - pos) >> 3;
        pos = skipped;
        generation += 1;
      }
      add(now, 0, pos, pos);
    }
    if (now.count === 0 && (best !== undefined || pos >= text.length)) break;
    const code = pos < text.length ? (text.codePointAt(pos) ?? -1) : -1;
    const after = pos + (code > 0xffff ? 2 : 1);
    generation += 1;
    next.count = 0;
    for (let index = 0; index < now.count; index += 1) {
      const at = now.at[index] ?? 0;
      const step = program.steps[at];
      steps.left -= 1;
      if (step?.op === "match") {
        best = { start: now.start[index] ?? 0, end: pos };
        if (any) return best;
        break; // Threads behind this one are less preferred.
      }
      if (step?.op !== "set" || code < 0) continue;
      const fits = code < 128 ? step.ascii[code] === 1 : holdsPoint(step.ranges, code);
      if (fits) add(next, at + 1, now.start[index] ?? 0, after);
    }
    [now, next] = [next, now];
    if (code < 0) break;
    pos = after;
  }
  return steps.left < 0 ? "over" : (best ?? "none");
}

/** How many matches there are, none overlapping another. */
export function countMatches(
  program: Program,
  text: string,
  steps: Steps,
): { readonly count: number; readonly first: number } | "over" {
  let count = 0;
  let first = -1;
  for (let from = 0; from <= text.length; ) {
    const found = search(program, text, from, steps);
    if (found === "over") return "over";
    if (found === "none") break;
    if (count === 0) first = found.start;
    count += 1;
    from = found.end > found.start ? found.end : found.end + 1;
  }
  return { count, first };
}

function threads(length: number): Threads {
  return {
    at: new Uint32Array(length),
    start: new Uint32Array(length),
    mark: new Uint32Array(length),
    count: 0,
  };
}

/** The next place where a match can begin. */
function skip(first: Uint8Array, text: string, from: number): number {
  let pos = from;
  for (; pos < text.length; pos += 1) {
    const code = text.charCodeAt(pos);
    if (code > 127 || first[code] === 1) break;
  }
  return pos;
}

function edgeAt(edge: Edge, text: string, pos: number): boolean {
  if (edge === "line-start") return pos === 0 || text.charCodeAt(pos - 1) === 10;
  if (edge === "line-end") {
    // Before CRLF too: `foo$` is true of a line `foo` whatever ends it.
    const code = text.charCodeAt(pos);
    return pos === text.length || code === 10 || (code === 13 && text.charCodeAt(pos + 1) === 10);
  }
  const here = isWord(text.charCodeAt(pos)) !== isWord(text.charCodeAt(pos - 1));
  return edge === "word" ? here : !here;
}

function isWord(code: number): boolean {
  return (
    (code >= 48 && code <= 57) ||
    (code >= 65 && code <= 90) ||
    code === 95 ||
    (code >= 97 && code <= 122)
  );
}
