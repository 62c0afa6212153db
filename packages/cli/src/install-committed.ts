/**
 * Hook files that the repository itself carries: husky's folder, or one that core.hooksPath names inside
 * the work tree. Each gets one marked line that calls the installed shim; a file that no shell runs is
 * left alone, and a person is told what it must call.
 */
import { stat } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import type { Repo } from "@wingman/git";
import { CLONE_HOOKS, hasHuskyLine, isShell, MANAGED_HOOKS, withHuskyLine } from "./hook-shims.ts";
import { refuseLinks, textAt } from "./install-facts.ts";
import type { EditedFile } from "./install-plan.ts";

/** The edits of the committed hooks in this folder, and what cannot be edited. */
export async function committedHooks(
  repo: Repo,
  folder: string | undefined,
): Promise<{ readonly edits: readonly EditedFile[]; readonly notes: readonly string[] }> {
  if (folder === undefined) return { edits: [], notes: [] };
  const workTree = repo.workTree ?? folder;
  const way = relative(workTree, folder).split(sep);
  await refuseLinks(
    workTree,
    way.map((_name, at) => way.slice(0, at + 1).join("/")),
  );
  const edits: EditedFile[] = [];
  const notes: string[] = [];
  // Husky's runner knows a list of hooks, and the tripwire is none of them: it stands in `_` itself.
  for (const hook of basename(folder) === ".husky" ? MANAGED_HOOKS : CLONE_HOOKS) {
    const shown = [...way, hook].join("/");
    await refuseLinks(workTree, [shown]);
    const path = join(folder, hook);
    const text = await textAt(path);
    if (text !== undefined && !hasHuskyLine(text) && !isShell(text)) {
      if (!text.includes("wingman/hooks/")) notes.push(byHand(shown, hook));
      continue;
    }
    edits.push(editOf({ hook, path, shown, text, husky: basename(folder) === ".husky" }));
    // Husky's runner asks no mode; git skips such a file without a word on Windows' and older versions.
    if (text !== undefined && basename(folder) !== ".husky" && !(await isExecutable(path)))
      notes.push(`${shown} is not executable, so git skips it: chmod +x ${shown}`);
  }
  return { edits, notes };
}

function editOf(place: {
  readonly hook: string;
  readonly path: string;
  readonly shown: string;
  readonly text: string | undefined;
  readonly husky: boolean;
}): EditedFile {
  const { hook, path, shown, text, husky } = place;
  if (text !== undefined && hasHuskyLine(text))
    return { path, shown, text: undefined, says: `add Wingman to ${shown}` };
  if (text === undefined)
    return {
      path,
      shown,
      text: `${husky ? "" : "#!/bin/sh\n"}${withHuskyLine(hook, undefined)}`,
      says: `write ${shown}, which calls Wingman`,
    };
  return { path, shown, text: withHuskyLine(hook, text), says: `add Wingman to ${shown}` };
}

function byHand(shown: string, hook: string): string {
  const lines = hook === "pre-push" ? ", with git's lines on its standard input," : "";
  return `${shown} is no shell script and is left alone: let it run <git rev-parse --git-common-dir>/wingman/hooks/${hook} with its own arguments${lines} and end with its exit code`;
}

async function isExecutable(path: string): Promise<boolean> {
  return ((await stat(path)).mode & 0o111) !== 0;
}
