/**
 * Globs of policy and instructions: gitignore's patterns without negation, compared exactly. A
 * pattern can only add: a leading `!` or `#` is that character.
 */
import { compilePattern, compileWhole } from "./glob-pattern.ts";
import type { RepoPath } from "./path.ts";

/** Tells whether one of the globs matches a path (or a branch's name). */
export type GlobMatcher = (text: string) => boolean;

const matchers = new Map<string, GlobMatcher>();
const MAX_KEPT = 500;

/**
 * A matcher for gitignore patterns: `src/` and `src` match all below, `*.md` in any folder, `/a` at
 * the root. Case matters. Never throws, whatever the path's bytes. Remembered by its globs.
 */
export function globMatcher(globs: readonly string[]): (path: RepoPath) => boolean {
  return remembered(`path\0${globs.join("\0")}`, () => {
    const patterns = globs.map(compilePattern);
    return (path) => {
      const names = path.split("/");
      // No tree of git holds `./x`, `/x`, `a//b` or "": such a path is nobody's, nothing matches it.
      if (names.some((name) => name === "" || name === "." || name === "..")) return false;
      return patterns.some((matches) => matches(names));
    };
  });
}

/** True where the path is allowed: some `allow` matches, and no `deny` does. Deny wins. */
export function matchesBoundaries(
  boundaries: { readonly allow: readonly string[]; readonly deny: readonly string[] },
  path: RepoPath,
): boolean {
  return globMatcher(boundaries.allow)(path) && !globMatcher(boundaries.deny)(path);
}

/**
 * A matcher for branch names without `refs/heads/`: `*` and `?` stay within one segment, `**` does
 * not. The whole name must match: `main` is not `main/next`.
 */
export function branchMatcher(globs: readonly string[]): (branch: string) => boolean {
  return remembered(`branch\0${globs.join("\0")}`, () => {
    const patterns = globs.map(compileWhole);
    return (branch) => patterns.some((matches) => matches(branch.split("/")));
  });
}

/** Why a glob cannot be meant so, or undefined where it is well-formed: "is empty", "negates; …". */
export function globFault(glob: string): string | undefined {
  if (glob.trim() === "" || /^\/+$/.test(glob)) return "is empty";
  if (/[\0\r\n]/.test(glob)) return "holds a line break";
  if (glob.startsWith("!"))
    return "negates, which globs here cannot; list it under deny, or write \\!";
  if (/(^|[^\\])(\\\\)*\\$/.test(glob)) return "ends in a backslash that escapes nothing";
  if (glob.split("/").some((part) => part === ".." || part === "."))
    return 'has a "." or ".." part, which no path in a repository has';
  if (/\/\//.test(glob)) return "has an empty part (//)";
  if (unclosedClass(glob)) return "has a [ without its ]";
  return undefined;
}

function unclosedClass(glob: string): boolean {
  const bare = glob.replaceAll(/\\./gs, "").replaceAll(/\[[!^]?\]?(?:\[:[a-z]+:\]|[^\]/])*\]/g, "");
  return bare.includes("[");
}

function remembered(key: string, make: () => GlobMatcher): GlobMatcher {
  const known = matchers.get(key);
  if (known !== undefined) return known;
  // Bounded: a push of 10,000 instructions shall not keep 10,000 matchers.
  if (matchers.size >= MAX_KEPT) matchers.clear();
  const made = make();
  matchers.set(key, made);
  return made;
}
