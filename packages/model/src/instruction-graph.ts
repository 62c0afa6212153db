/**
 * What instructions need of one another: the known id nearest to one that is not there, and a cycle
 * along its path. Pure; a graph of any size costs its edges.
 */
import { distance } from "fastest-levenshtein";

/** The known id that was probably meant; undefined where none is near. */
export function nearestInstruction(id: string, known: readonly string[]): string | undefined {
  // INS-7 and INS-0007 are one number in two spellings; a typing error is one or two digits off.
  const number = Number(id.replace(/\D/g, ""));
  const same = known.find((one) => one !== id && Number(one.replace(/\D/g, "")) === number);
  if (same !== undefined) return same;
  const short = id.slice(0, 20).toUpperCase();
  let best: string | undefined;
  let least = 3;
  for (const one of known) {
    // Two digits that changed places are one slip, though two edits.
    const edits = sorted(short) === sorted(one) ? 1 : distance(short, one);
    if (one !== id && edits < least) [least, best] = [edits, one];
  }
  return best;
}

function sorted(text: string): string {
  return [...text].sort().join("");
}

/**
 * The shortest cycle that leads from an instruction back to itself, both ends named:
 * `[INS-0007, INS-0008, INS-0007]`; undefined where there is none.
 */
export function cycleThrough(
  id: string,
  needsOf: (id: string) => readonly string[],
): readonly string[] | undefined {
  const from = new Map<string, string>();
  const waiting = [id];
  for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) {
    for (const next of needsOf(at)) {
      if (next === id) return [...pathTo(at, id, from), id];
      if (from.has(next)) continue;
      from.set(next, at);
      waiting.push(next);
    }
  }
  return undefined;
}

function pathTo(end: string, start: string, from: ReadonlyMap<string, string>): string[] {
  const path = [end];
  for (let at = end; at !== start; ) {
    at = from.get(at) ?? start;
    path.unshift(at);
  }
  return path;
}

/**
 * The ids that can lie on a cycle at all: those that need nothing left, and those that nothing left
 * needs, go until none does. A chain of any length is gone in one pass over its edges.
 */
export function cyclic(
  ids: Iterable<string>,
  needsOf: (id: string) => readonly string[],
): ReadonlySet<string> {
  const left = new Set(ids);
  const neededBy = new Map<string, string[]>();
  for (const id of left) for (const next of needsOf(id)) push(neededBy, next, id);
  const trim = (
    forward: (id: string) => readonly string[],
    back: (id: string) => readonly string[],
  ): void => {
    const count = new Map<string, number>();
    for (const id of left) count.set(id, forward(id).filter((one) => left.has(one)).length);
    const waiting = [...left].filter((id) => count.get(id) === 0);
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      left.delete(id);
      for (const one of back(id)) {
        const rest = (count.get(one) ?? 0) - 1;
        count.set(one, rest);
        if (rest === 0 && left.has(one)) waiting.push(one);
      }
    }
  };
  trim(needsOf, (id) => neededBy.get(id) ?? []);
  trim((id) => neededBy.get(id) ?? [], needsOf);
  return left;
}

function push(map: Map<string, string[]>, key: string, one: string): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [one]);
  else list.push(one);
}
