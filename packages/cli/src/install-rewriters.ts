/**
 * Tools that write `.git/hooks` anew from a committed file (lefthook, pre-commit): a hook chained
 * there is lost at their next install, so their configuration is made to call the installed shim. Where
 * it cannot be edited without rewriting it, a person is told what to paste.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { withYamlAddition, type YamlAddition, yamlValue } from "@wingman/model";
import { MANAGED_HOOKS, managerCall } from "./hook-shims.ts";
import { exists, refuseLinks } from "./install-facts.ts";
import type { EditedFile } from "./install-plan.ts";

/** A tool of this kind that is used here, and what becomes of its configuration. */
export interface HookRewriter {
  readonly name: string;
  /** True where a hook file was written by it. */
  wrote(text: string): boolean;
  /** Hooks for which its configuration calls us, once `edits` are done. */
  readonly calls: readonly string[];
  readonly edits: readonly EditedFile[];
  readonly notes: readonly string[];
  /** What to type after the edit. */
  readonly next: readonly string[];
}

/** The tools whose configuration stands in this work tree. */
export async function hookRewriters(workTree: string): Promise<readonly HookRewriter[]> {
  const found = await Promise.all([lefthook(workTree), preCommit(workTree)]);
  return found.filter((manager) => manager !== undefined);
}

const LEFTHOOK_FILES = ["lefthook", ".lefthook", ".config/lefthook"].flatMap((name) =>
  ["yml", "yaml", "json", "jsonc", "toml"].map((end) => `${name}.${end}`),
);

async function lefthook(workTree: string): Promise<HookRewriter | undefined> {
  const shown = await firstOf(workTree, LEFTHOOK_FILES);
  if (shown === undefined) return undefined;
  await refuseLinks(workTree, [".config", shown]);
  const path = join(workTree, shown);
  const text = await readFile(path, "utf8");
  const due = MANAGED_HOOKS.filter((hook) => !text.includes(`/wingman/hooks/${hook}`));
  const yaml = /\.ya?ml$/.test(shown);
  const edited = yaml ? withAll(text, lefthookAdditions(text, due)) : undefined;
  const told = due.length > 0 && edited === undefined;
  return {
    name: "lefthook",
    wrote: (hook) => hook.includes("call_lefthook"),
    calls: told ? MANAGED_HOOKS.filter((hook) => !due.includes(hook)) : MANAGED_HOOKS,
    edits: told ? [] : [additionTo({ path, shown }, due.length === 0 ? undefined : edited)],
    notes: told
      ? [
          `${shown} is left as it is; until it says this, \`lefthook install\` takes Wingman's hooks away, and wingman init brings them back:\n${lefthookPaste(shown, due)}`,
        ]
      : [],
    next: told || due.length === 0 ? [] : ["  lefthook install"],
  };
}

function additionTo(
  file: { readonly path: string; readonly shown: string },
  text: string | undefined,
): HookRewriter["edits"][number] {
  return { ...file, text, says: `add Wingman to ${file.shown}` };
}

function lefthookAdditions(text: string, due: readonly string[]): YamlAddition[] {
  const value = asRecord(yamlValue(text));
  const modern = Object.values(value).some((hook) => "jobs" in asRecord(hook));
  return due.map((hook) => {
    const own = asRecord(value[hook]);
    // `commands` is what every version of lefthook knows; a file that speaks of `jobs` is newer.
    if ("jobs" in own || (modern && !("commands" in own)))
      return { path: [hook, "jobs"], put: { item: { name: "wingman", ...lefthookJob(hook) } } };
    return { path: [hook, "commands"], put: { key: "wingman", value: lefthookJob(hook) } };
  });
}

function lefthookJob(hook: string): Readonly<Record<string, unknown>> {
  if (hook === "pre-push") return { run: managerCall(hook), use_stdin: true };
  const message = hook === "commit-msg" || hook === "prepare-commit-msg";
  return { run: managerCall(hook, message ? '"{1}"' : "") };
}

function lefthookPaste(shown: string, due: readonly string[]): string {
  if (shown.endsWith(".toml"))
    return due
      .map((hook) => {
        const { run, ...more } = lefthookJob(hook);
        const stdin = "use_stdin" in more ? "\nuse_stdin = true" : "";
        return `[${hook}.commands.wingman]\nrun = '${String(run)}'${stdin}`;
      })
      .join("\n");
  const hooks = due.map((hook) => [hook, { commands: { wingman: lefthookJob(hook) } }]);
  return JSON.stringify(Object.fromEntries(hooks), undefined, 2);
}

const PRE_COMMIT_FILE = ".pre-commit-config.yaml";

/**
 * What pre-commit runs. It hands a push hook one ref and none of git's lines, and does not say which of
 * the two message hooks asks; so pre-push and prepare-commit-msg stay with git's own hook files, which
 * pre-commit keeps as `<hook>.legacy` and runs first.
 */
export const PRE_COMMIT_HOOKS = [
  {
    id: "wingman",
    name: "wingman",
    entry: `sh -c '${managerCall("pre-commit")}'`,
    language: "system",
    always_run: true,
    pass_filenames: false,
    // Older ones know these stages by other names only.
    minimum_pre_commit_version: "3.2.0",
    stages: ["pre-commit", "pre-merge-commit"],
  },
  {
    id: "wingman-message",
    name: "wingman, with the message",
    entry: `sh -c '${managerCall("commit-msg", '"$1"')}' wingman`,
    language: "system",
    always_run: true,
    minimum_pre_commit_version: "3.2.0",
    stages: ["commit-msg"],
  },
] as const;

async function preCommit(workTree: string): Promise<HookRewriter | undefined> {
  const shown = await firstOf(workTree, [PRE_COMMIT_FILE]);
  if (shown === undefined) return undefined;
  await refuseLinks(workTree, [shown]);
  const path = join(workTree, shown);
  const text = await readFile(path, "utf8");
  const ids = hookIds(yamlValue(text));
  const due = PRE_COMMIT_HOOKS.filter((hook) => !ids.has(hook.id));
  const hooks = due.map((hook) => ({ ...hook, stages: [...hook.stages] }));
  const item = { repo: "local", hooks };
  const edited = withAll(text, due.length === 0 ? [] : [{ path: ["repos"], put: { item } }]);
  const told = due.length > 0 && edited === undefined;
  return {
    name: "pre-commit",
    wrote: (hook) => hook.includes("File generated by pre-commit"),
    calls: told ? [] : ["pre-commit", "pre-merge-commit", "commit-msg"],
    edits: told ? [] : [additionTo({ path, shown }, due.length === 0 ? undefined : edited)],
    notes: told
      ? [
          `${shown} is left as it is; add this to its list of repos:\n${JSON.stringify(item, undefined, 2)}`,
        ]
      : [],
    next: [],
  };
}

function hookIds(config: unknown): Set<unknown> {
  const repos = asRecord(config)["repos"];
  const hooks = asList(repos).flatMap((repo) => asList(asRecord(repo)["hooks"]));
  return new Set(hooks.map((hook) => asRecord(hook)["id"]));
}

/** All additions, or undefined where one of them cannot be made. */
function withAll(text: string, additions: readonly YamlAddition[]): string | undefined {
  let now: string | undefined = text;
  for (const addition of additions) {
    if (now === undefined) return undefined;
    now = withYamlAddition(now, addition);
  }
  return now;
}

async function firstOf(workTree: string, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) if (await exists(join(workTree, name))) return name;
  return undefined;
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
