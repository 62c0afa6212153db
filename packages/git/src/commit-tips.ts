/** The commits that refs stand at, of all refs in one call. Refuses nothing: what is no commit is left out. */
import { pathFromBytes } from "@wingman/model";
import { nulList } from "./nul-list.ts";
import type { Repo } from "./repo.ts";

/**
 * The commits that refs name, by the ref's full name; annotated tags are followed (one tag deep, as git
 * itself peels here). A ref on a blob or a tree is left out. What is only symbolic is left out too.
 */
export async function commitTips(repo: Repo): Promise<Map<string, string>> {
  const format = [
    ...["%(refname)", "%(symref)", "%(objecttype)", "%(objectname)"],
    ...["%(*objecttype)", "%(*objectname)", ""],
  ].join("%00");
  const { stdout } = await repo.run(["for-each-ref", `--format=${format}`]);
  const fields = nulList(stdout).map((field) => pathFromBytes(field));
  const tips = new Map<string, string>();
  for (let at = 0; at + 5 < fields.length; at += 6) {
    const [name = "", symref, type, oid = "", peeledType, peeled = ""] = fields.slice(at, at + 6);
    if (symref !== "") continue;
    const commit = type === "commit" ? oid : peeledType === "commit" ? peeled : undefined;
    if (commit !== undefined) tips.set(name.replace(/^\n/, ""), commit);
  }
  return tips;
}
