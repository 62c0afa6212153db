/**
 * Names that some disk reads as another name, and where links lead. Pure text; it trusts no disk.
 */

// Characters that HFS+ leaves out of names (git's own list, utf8.c next_hfs_char).
const IGNORED = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/**
 * True where a path's component is `.git` to some disk: in other letters, with trailing dots and
 * spaces or a stream (`.git::$INDEX_ALLOCATION`) as NTFS takes it, in its short form (`git~1`), with
 * characters that HFS+ ignores, or behind a backslash. Also `.` and `..`, which no tree may hold.
 */
export function meansGit(component: string): boolean {
  // Nearly every name begins with a letter and is plain: the short way for 100,000 of them.
  if (/^[\w-][\w.-]*$/.test(component)) return false;
  if (component === "." || component === ".." || component === "") return true;
  return component.split("\\").some((part) => {
    const plain = part.replace(IGNORED, "").toLowerCase();
    const name = (plain.split(":")[0] ?? "").replace(/[. ]+$/, "");
    return name === ".git" || name === "git~1";
  });
}

/**
 * Where a symbolic link leads, as a path of the repository: undefined where it leaves the
 * repository (absolute, a drive, too many `..`). Takes the link's own path and its target.
 */
export function resolveLink(path: string, target: string): string | undefined {
  if (/^(?:[\\/]|[A-Za-z]:|~)/.test(target)) return undefined;
  const parts = path.split("/").slice(0, -1);
  for (const part of target.split(/[\\/]/)) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join("/");
}
