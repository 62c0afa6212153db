/**
 * The same work in other shapes of history: what a run did is the net effect from S to P, so no label of
 * a claim about its tree or its diff may change when its commits are amended, rebased, squashed by a
 * forge, mixed with a merge of main, or carried in one commit by somebody else.
 */
import { folded } from "./states.mjs";

const SIDE = { "elsewhere/moved-on.txt": "main went on\n" };

const SHAPES = {
  amended: (world) => ({ ...world, steps: [folded(world)] }),
  rebased: (world) => ({ ...world, before: SIDE }),
  squashed: (world) => ({ ...world, before: SIDE, trailer: false, steps: [folded(world)] }),
  merged: (world) => ({ ...world, steps: [{}, { sideMerged: SIDE }, ...world.steps] }),
};

/** The world itself, and its other shapes. */
export function inShapes(world) {
  const names = world.shapes === "all" ? Object.keys(SHAPES) : world.shapes;
  return [
    { ...world, shape: undefined },
    ...names.map((name) => ({
      ...SHAPES[name](world),
      name: `${world.name}-${name}`,
      shape: name,
    })),
  ];
}
