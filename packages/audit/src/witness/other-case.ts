/**
 * A file that could not be found, and stands in the tree in other letters: on a disk that folds case, as most
 * laptops have, it is found. A failure for it contradicts nobody.
 */
import { quotePath } from "@wingman/model";
import type { Scene } from "../scene.ts";

const NOT_FOUND =
  /Cannot find module|ERR_MODULE_NOT_FOUND|ENOENT|No such file|[Cc]annot open|can't open/;
const PATH = /[\w@~+-][\w@~+./-]{1,300}/g;
const MOST_PATHS = 200;

/** Says which; undefined where there is none. */
export async function otherCase(scene: Scene, text: string): Promise<string | undefined> {
  let left = MOST_PATHS;
  for (const line of text.split("\n")) {
    if (!NOT_FOUND.test(line)) continue;
    for (const [token] of line.slice(0, 2_000).matchAll(PATH)) {
      const names = token.split("/").filter((name) => name !== "" && name !== "." && name !== "..");
      for (let from = 0; from < names.length && left > 0; from += 1, left -= 1) {
        const path = names.slice(from).join("/");
        const there = await scene.stage.end.variant(path);
        // A last name alone may stand anywhere.
        if (there !== undefined && (names.length - from > 1 || names.length === 1))
          return `${quotePath(path)} stands as ${quotePath(there)}`;
      }
    }
  }
  return undefined;
}
