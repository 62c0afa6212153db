/**
 * Whether a checkout shows other bytes than the repository holds: `.gitattributes` with a filter
 * (git-crypt, LFS), another encoding, or `ident`. A worker sees its checkout, so where the committed
 * bytes contradict it there, that is AMBIGUOUS and no lie.
 */
import type { RepoPath } from "@wingman/model";
import { globMatcher } from "@wingman/model";
import type { Ground } from "./ground.ts";
import type { Scene } from "./scene.ts";

const CONVERTS = /^(?:filter=.+|working-tree-encoding=.+|ident)$/;
/** git reads no larger one (attr.c: ATTR_MAX_FILE_SIZE is 100 MiB; ours is what rules need). */
const LARGEST = 256 * 1024;
const MOST_RULES = 200;

/**
 * True where attributes convert the file. They are read at S where there is one: else a worker could
 * make each of its claims ambiguous by bringing a line of attributes.
 */
export async function isConverted(scene: Scene, path: RepoPath): Promise<boolean> {
  const ground = scene.stage.start ?? scene.stage.end;
  let converted = false;
  for (let cut = -1; ; cut = path.indexOf("/", cut + 1)) {
    const folder = cut < 0 ? "" : path.slice(0, cut);
    for (const { pattern, attributes } of await rules(ground, folder)) {
      const below = folder === "" ? path : path.slice(folder.length + 1);
      if (!globMatcher([pattern])(below)) continue;
      for (const attribute of attributes) {
        if (CONVERTS.test(attribute)) converted = true;
        if (/^[-!](?:filter|working-tree-encoding|ident)$/.test(attribute)) converted = false;
      }
    }
    if (path.indexOf("/", cut + 1) < 0) return converted;
  }
}

async function rules(
  ground: Ground,
  folder: RepoPath,
): Promise<{ pattern: string; attributes: string[] }[]> {
  const entry = await ground.entry(folder === "" ? ".gitattributes" : `${folder}/.gitattributes`);
  // git follows no link there either (since 2.32).
  if (entry === undefined || !entry.mode.startsWith("100")) return [];
  if ((await ground.tree.size(entry)) > LARGEST) return [];
  const text = Buffer.from(await ground.read(entry)).toString("utf8");
  const found = text.split("\n").flatMap((line) => {
    const [pattern, ...attributes] = line.trim().split(/\s+/);
    const counts = attributes.some((one) => /filter|encoding|ident/.test(one));
    return pattern === undefined || !counts || /^[#["!]/.test(pattern)
      ? []
      : [{ pattern, attributes }];
  });
  return found.slice(0, MOST_RULES);
}
