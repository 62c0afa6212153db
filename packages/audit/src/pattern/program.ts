/** A pattern compiled for the matcher: flat instructions of a bounded number (Thompson's construction). */
import type { Node, Ranges } from "./syntax.ts";
import { PatternRefused, parsePattern } from "./syntax.ts";

export type Edge = "line-start" | "line-end" | "word" | "no-word";

export type Step =
  | { op: "set"; ranges: Ranges; ascii: Uint8Array }
  | { op: "edge"; edge: Edge }
  /** Goes on at `a`, and where that fails at `b`. */
  | { op: "split"; a: number; b: number }
  | { op: "jump"; to: number }
  | { op: "match" };

export interface Program {
  readonly steps: readonly Step[];
  /** ASCII characters that a match can begin with; undefined where it can begin with an edge or nothing. */
  readonly first: Uint8Array | undefined;
}

/** Nodes visited while compiling: bounds `((a{1000}){1000}){1000}` before it is written out. */
export const LARGEST_PROGRAM = 5_000;

const tables = new WeakMap<Ranges, Uint8Array>();

/** Compiles a pattern; throws PatternRefused (MALFORMED, UNSUPPORTED, BUDGET). */
export function compilePattern(pattern: string): Program {
  const steps: Step[] = [];
  let visits = 0;
  const emit = (node: Node): void => {
    visits += 1;
    if (visits > LARGEST_PROGRAM || steps.length > LARGEST_PROGRAM)
      throw new PatternRefused("BUDGET", "the pattern is too large written out");
    switch (node.is) {
      case "set":
        steps.push({ op: "set", ranges: node.ranges, ascii: asciiOf(node.ranges) });
        return;
      case "edge":
        steps.push({ op: "edge", edge: node.edge });
        return;
      case "chain":
        for (const part of node.parts) emit(part);
        return;
      case "choice":
        return emitChoice(node.parts);
      case "repeat":
        return emitRepeat(node);
    }
  };
  const emitChoice = (parts: readonly Node[]): void => {
    const jumps: { op: "jump"; to: number }[] = [];
    for (const [index, part] of parts.entries()) {
      if (index === parts.length - 1) {
        emit(part);
        break;
      }
      const split = { op: "split" as const, a: steps.length + 1, b: 0 };
      steps.push(split);
      emit(part);
      const jump = { op: "jump" as const, to: 0 };
      jumps.push(jump);
      steps.push(jump);
      split.b = steps.length;
    }
    for (const jump of jumps) jump.to = steps.length;
  };
  const emitRepeat = (node: Extract<Node, { is: "repeat" }>): void => {
    for (let count = 0; count < node.min; count += 1) emit(node.part);
    const optional = (): { op: "split"; a: number; b: number } => {
      const split = { op: "split" as const, a: 0, b: 0 };
      steps.push(split);
      return split;
    };
    const aim = (split: { a: number; b: number }, inside: number, outside: number): void => {
      split.a = node.lazy ? outside : inside;
      split.b = node.lazy ? inside : outside;
    };
    if (!Number.isFinite(node.max)) {
      const start = steps.length;
      const split = optional();
      emit(node.part);
      steps.push({ op: "jump", to: start });
      aim(split, start + 1, steps.length);
      return;
    }
    const splits: { split: { a: number; b: number }; inside: number }[] = [];
    for (let count = node.min; count < node.max; count += 1) {
      const split = optional();
      splits.push({ split, inside: steps.length });
      emit(node.part);
    }
    for (const { split, inside } of splits) aim(split, inside, steps.length);
  };
  emit(parsePattern(pattern));
  steps.push({ op: "match" });
  return { steps, first: firstOf(steps) };
}

/** True where a set holds the code point. */
export function holdsPoint(ranges: Ranges, code: number): boolean {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = ranges[middle];
    if (range === undefined) return false;
    if (code < range[0]) high = middle - 1;
    else if (code > range[1]) low = middle + 1;
    else return true;
  }
  return false;
}

/** Made once for all repeats of a set. */
function asciiOf(ranges: Ranges): Uint8Array {
  const known = tables.get(ranges);
  if (known !== undefined) return known;
  const ascii = new Uint8Array(128);
  tables.set(ranges, ascii);
  for (const [low, high] of ranges)
    for (let code = low; code <= Math.min(high, 127); code += 1) ascii[code] = 1;
  return ascii;
}

function firstOf(steps: readonly Step[]): Uint8Array | undefined {
  const first = new Uint8Array(128);
  const seen = new Set<number>();
  const todo = [0];
  for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    const step = steps[at];
    if (step === undefined || step.op === "match" || step.op === "edge") return undefined;
    if (step.op === "split") todo.push(step.a, step.b);
    else if (step.op === "jump") todo.push(step.to);
    else
      for (let code = 0; code < 128; code += 1)
        first[code] = (first[code] ?? 0) | (step.ascii[code] ?? 0);
  }
  return first;
}
