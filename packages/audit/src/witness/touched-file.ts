/** One file of a run's diff as lines, within a bound. */
import type { PathChange } from "@wingman/model";
import type { Scene } from "../scene.ts";
import type { TouchedFile } from "./tamper-checks.ts";

/** Larger files are not looked through; that alone is then said. */
const LARGEST = 1024 * 1024;

/** Both sides of a change as lines; undefined where it is no file that can be looked through. */
export async function touchedFile(
  scene: Scene,
  change: PathChange,
): Promise<TouchedFile | undefined> {
  const { start, end } = scene.stage;
  const lines = async (side: "before" | "after"): Promise<readonly string[] | undefined | null> => {
    const entry = change[side];
    const ground = side === "before" ? start : end;
    if (entry === undefined) return undefined;
    if (ground === undefined || entry.mode === "160000" || entry.mode === "120000") return null;
    if ((await ground.tree.size(entry)) > LARGEST) return null;
    scene.note("tampering", side, change.path, entry.oid);
    return Buffer.from(await ground.read(entry))
      .toString("utf8")
      .split("\n");
  };
  const [before, after] = [await lines("before"), await lines("after")];
  if (before === null || after === null) return undefined;
  return { path: change.path, before, after };
}
