/**
 * The corpus as values: `corpus/*.yaml`, one file a family. Refuses a file that says something this
 * reader does not know, so that a misspelt label is never a claim that nobody judges.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

const REASONS = new Set(
  "TIMEOUT TOOL_MISSING PERMISSION UNREACHABLE NO_WITNESS AMBIGUOUS FLAKY STALE WITNESS_TAMPERED OUT_OF_WINDOW NOT_ALLOWED UNSUPPORTED MALFORMED BUDGET VACUOUS NOT_KNOWN_HERE".split(
    " ",
  ),
);
const WORLD_KEYS = new Set(
  "name why start steps shapes mutate depth branches tags events instruction claims hostile trailer signed now live ruled".split(
    " ",
  ),
);
const STEP_KEYS = new Set("files gone moved message author side sideMerged".split(" "));

/** `{ family, worlds }` of each file, in the order of their names. */
export function readCorpus(folder) {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".yaml") && file !== "trusted.yaml")
    .sort()
    .map((file) => {
      const family = file.replace(/\.yaml$/, "");
      const { worlds, ...rest } = parse(readFileSync(join(folder, file), "utf8"), { merge: true });
      if (!Array.isArray(worlds) || Object.keys(rest).length > 0)
        throw new Error(`${file}: one key, worlds, is expected`);
      return { family, worlds: worlds.map((world) => readWorld(world, `${file}: ${world.name}`)) };
    });
}

function readWorld(world, where) {
  refuseUnknown(world, WORLD_KEYS, where);
  for (const step of world.steps ?? []) refuseUnknown(step, STEP_KEYS, where);
  if (!/^[a-z0-9-]+$/.test(world.name ?? "")) throw new Error(`${where}: a name of a-z0-9-`);
  const claims = world.claims.map((entry) => readClaim(entry, world, where));
  return { start: {}, steps: [{}], shapes: [], mutate: true, ...world, claims };
}

/** `[LABEL, type, {args}, {hostile, why}]`; a label is TRUE, FALSE or the reason of UNVERIFIABLE. */
function readClaim(entry, world, where) {
  const [label, type, args = {}, { hostile = world.hostile ?? false, why, ...rest } = {}] = entry;
  refuseUnknown(rest, new Set(), where);
  if (
    label !== true &&
    label !== false &&
    label !== "TRUE" &&
    label !== "FALSE" &&
    !REASONS.has(label)
  )
    throw new Error(`${where}: ${JSON.stringify(label)} is no label`);
  return { label: String(label).toUpperCase(), type, args, hostile, why, by: "hand" };
}

function refuseUnknown(value, known, where) {
  const odd = Object.keys(value).find((key) => !known.has(key));
  if (odd !== undefined) throw new Error(`${where}: what is ${JSON.stringify(odd)}?`);
}
