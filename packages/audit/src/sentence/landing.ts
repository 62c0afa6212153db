/**
 * Landing: where a move ends. `moved a.ts to src` means `src/a.ts` where a folder stands there, and
 * `renamed src/a.ts to b.ts` means `src/b.ts` where that came; only the tree can tell.
 */
import type { RepoPath } from "@wingman/model";
import type { Stage } from "../scene.ts";
import type { Reading } from "./clause.ts";
import { isFileName } from "./names.ts";

/** The reading with the whole path of the new name. */
export async function landing(stage: Stage, reading: Reading): Promise<Reading> {
  const { claim, names = [] } = reading;
  const { from, to } = claim.args;
  if (claim.type !== "file.renamed" || typeof from !== "string" || typeof to !== "string")
    return reading;
  const path = await landingPath(stage, from, to);
  if (path === to) return reading;
  return {
    ...reading,
    claim: { ...claim, args: { ...claim.args, to: path } },
    names: names.map((one) => (one.path === to ? { ...one, path } : one)),
  };
}

async function landingPath(stage: Stage, from: RepoPath, to: RepoPath): Promise<RepoPath> {
  const stands = async (path: RepoPath): Promise<string> =>
    (await stage.end.standing(path.replace(/^\.\//, ""))).what;
  const whole = to.replace(/\/$/, "");
  const last = from.replace(/\/$/, "").split("/").at(-1) ?? "";
  const inside = `${whole}/${last}`;
  const what = await stands(whole);
  if (what === "folder" || to.endsWith("/")) {
    const was = await stage.start?.standing(from.replace(/^\.\/|\/$/g, ""));
    const isFile = was === undefined ? isFileName(from) : was.what !== "folder";
    return isFile || (await stands(inside)) !== "nothing" || what === "nothing" ? inside : whole;
  }
  const folder = from.slice(0, from.lastIndexOf("/") + 1);
  if (what !== "nothing" || to.includes("/") || folder === "") return to;
  return (await stands(folder + to)) === "nothing" ? to : folder + to;
}
