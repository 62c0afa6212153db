/**
 * What the plans of a clone and of a server have in common: program, shims, the policy branch's name,
 * and the words that go with a plan.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { configGet, type Repo } from "@wingman/git";
import { shimText } from "./hook-shims.ts";
import type { Decisions } from "./install-decide.ts";
import { hookFolders, hookPlaces } from "./install-facts.ts";
import type { PlanInput } from "./install-plan.ts";
import { isInstalled, ownManifest, programFolder } from "./install-program.ts";
import type { HookRewriter } from "./install-rewriters.ts";
import type { Io } from "./io.ts";

/** What a person is told besides the plan. */
export interface Words {
  /** Said with the plan. */
  readonly notes: readonly string[];
  /** Said at the end: what to do next. */
  readonly next: readonly string[];
}

/** A plan's input, and what is said with it. */
export interface PlanRequest {
  readonly input: PlanInput;
  readonly words: Words;
}

/** What both kinds of repository need: program, shims, the branch that holds the policy. */
export async function sharedInput(
  repo: Repo,
  decisions: Decisions,
  io: Io,
  rewriters: readonly HookRewriter[] = [],
) {
  const manifest = await ownManifest(io.programDir);
  const template = await readFile(join(io.programDir, "hooks", "wingman-hook"), "utf8");
  const shim = shimText(template, io.nodePath);
  const folders = await hookFolders(repo, rewriters.length > 0);
  const managed = (hook: string, text: string): boolean =>
    rewriters.some((one) => one.calls.includes(hook) && one.wrote(text));
  const setting = async (key: string, value: string) => ({
    key,
    value,
    now: await configGet(repo, key),
  });
  return {
    folders,
    setting,
    input: {
      shim,
      program: {
        version: manifest.version,
        current: await isInstalled(io.programDir, programFolder(repo.commonDir)),
      },
      hooks: await hookPlaces(repo, folders, { shim, managed }),
      config: [await setting("wingman.policyBranch", decisions.policyBranch)],
    },
  };
}
