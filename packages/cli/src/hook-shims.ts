/**
 * The hook shims: the one sh file of hooks/ with node's path baked in, and the line that a husky
 * repository carries. It knows Wingman's own files from foreign ones, which are chained, never lost.
 */

/** The hooks that a hook manager knows. Merges never ask pre-commit, so pre-merge-commit is one of them. */
export const MANAGED_HOOKS = [
  "pre-commit",
  "prepare-commit-msg",
  "commit-msg",
  "pre-merge-commit",
  "pre-push",
] as const;
/** The tripwire: no manager has it (husky, pre-commit) or is quick enough for every ref (lefthook). */
export const TRIPWIRE = "reference-transaction";
/** The hooks of a clone. */
export const CLONE_HOOKS = [...MANAGED_HOOKS, TRIPWIRE] as const;
/** The hooks of a server. */
export const SERVER_HOOKS = ["pre-receive", "post-receive"] as const;

const SHIM_MARK = "# Wingman's hook: one file for every hook";
const LINE_MARK = "# wingman: written by wingman init";

/** The shim for this machine: the template with node's absolute path in it. */
export function shimText(template: string, nodePath: string): string {
  // Inside single quotes of sh only the quote itself means anything.
  return template.replace("@WINGMAN_NODE@", () => nodePath.replaceAll("'", "'\\''"));
}

/** True where this hook is a shim of ours, of whatever version. */
export function isShim(text: string): boolean {
  return text.includes(SHIM_MARK);
}

/** True where a committed hook calls us already. */
export function hasHuskyLine(text: string): boolean {
  return text.includes(LINE_MARK);
}

/**
 * What a hook manager's configuration runs for a hook: the installed shim, or a word in a clone that
 * has none. `args` is sh. No `: ` and no single quote in it, so that YAML and `sh -c '…'` take it as it is.
 */
export function managerCall(hook: string, args = ""): string {
  const shim = `hook="$(git rev-parse --git-common-dir)/wingman/hooks/${hook}"`;
  return `${shim}; if [ -x "$hook" ]; then "$hook"${args === "" ? "" : ` ${args}`}; else echo "wingman is not installed in this clone; run wingman init" >&2; fi`;
}

/** True where a hook file is run by sh or a shell like it, so that a line of sh can stand in it. */
export function isShell(text: string): boolean {
  return (
    !text.includes("\0") && (!text.startsWith("#!") || /^#!.*\b(?:ba|da|a|k|z)?sh\b/.test(text))
  );
}

// `exec cmd`, `exit`, `exit 0`, `exit $?`: below such a line ours would never be reached. `exit 1` refuses
// anyway, and `exec <file` only moves a descriptor.
const LEAVES = /^[^#\n]*(?<![\w-])(?:exit(?!\s+[1-9])|exec(?!\s*[<>&\d]))(?![\w-])/m;

/**
 * A committed hook (husky's, or of the repository's own hooks folder) that calls the installed shim,
 * made from its text so far (undefined: no file yet). The line comes last, so that it judges what
 * formatters before it staged; where the script may leave before its end, it comes first.
 * Where git writes lines to the hook it comes first and hands them on: a test runner before it would have
 * eaten them, and none would be judged. The tripwire runs at every move of a ref, so it never nags.
 */
export function withHuskyLine(hook: string, text: string | undefined): string {
  const shim = `wingman_hook="$(git rev-parse --git-common-dir)/wingman/hooks/${hook}"`;
  const nag =
    hook === TRIPWIRE
      ? ""
      : `else echo "wingman: not installed in this clone: run wingman init" >&2; `;
  const missing = `${nag}fi ${LINE_MARK}`;
  const line = (feed: string): string =>
    `${shim}; if [ -x "$wingman_hook" ]; then ${feed}"$wingman_hook" "$@" || exit 1; ${missing}\n`;
  if (text === undefined || text.trim() === "") return line("");
  const lines = hook === "pre-push" || hook === TRIPWIRE;
  if (!lines && LEAVES.test(text)) return insertAfterHead(text, line(""));
  if (!lines) return `${text.replace(/\n*$/, "\n")}${line("")}`;
  const block =
    "wingman_refs=$(cat)\n" +
    line(`printf '%s\\n' "$wingman_refs" | `) +
    "exec <<wingman_end\n$wingman_refs\nwingman_end\n";
  return insertAfterHead(text, block);
}

/** Below the #! line and husky 8's own first line, which starts the script anew. */
function insertAfterHead(text: string, block: string): string {
  const lines = text.split("\n");
  const husky = lines.findIndex((line) => /^\s*\.\s.*husky\.sh/.test(line));
  const head = husky !== -1 ? husky + 1 : lines[0]?.startsWith("#!") ? 1 : 0;
  const before = lines.slice(0, head).join("\n");
  return `${before}${head === 0 ? "" : "\n"}${block}${lines.slice(head).join("\n")}`;
}
