/** What stands at each step of a world, as a map of paths. Moves and removals are applied in order. */

/** The files after one more step. */
export function applied(files, { files: written = {}, gone = [], moved = {} }) {
  const next = new Map(files);
  for (const [from, to] of Object.entries(moved)) {
    if (!next.has(from)) throw new Error(`nothing to move at ${from}`);
    next.set(to, next.get(from));
    next.delete(from);
  }
  for (const path of gone) if (!next.delete(path)) throw new Error(`nothing to remove at ${path}`);
  for (const [path, file] of Object.entries(written)) next.set(path, file);
  return next;
}

/** All steps as one: what is written and what is gone in the end. */
export function folded(world) {
  const start = new Map(Object.entries(world.start));
  let now = start;
  for (const step of world.steps) now = applied(now, step);
  const gone = [...start.keys()].filter((path) => !now.has(path));
  const files = [...now].filter(([path, file]) => start.get(path) !== file);
  return { files: Object.fromEntries(files), gone, message: world.steps.at(-1)?.message };
}
