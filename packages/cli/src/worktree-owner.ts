/**
 * Who owns a file of the working tree, and which names this host's own files give to ids. It follows no
 * link, on the way neither: what lies behind one is not in the tree.
 */
import { lstat, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Owner, Seen } from "@wingman/audit";
import { isUtf8Path, quotePath, type RepoPath } from "@wingman/model";

/** The owner of a path below `root`; a reason where it is not there, or the system knows no such owners. */
export async function worktreeOwner(root: string, path: RepoPath): Promise<Seen<Owner>> {
  if (!isUtf8Path(path)) return { reason: "UNSUPPORTED", why: "its name is no UTF-8" };
  const parts = path.split("/");
  for (let depth = 1; depth <= parts.length; depth += 1) {
    const at = parts.slice(0, depth);
    const found = await lstat(join(root, ...at)).catch(() => undefined);
    if (found === undefined)
      return { reason: "NO_WITNESS", why: `${quotePath(at.join("/"))} is not in the working tree` };
    if (depth < parts.length) {
      if (found.isSymbolicLink())
        return { reason: "AMBIGUOUS", why: `${quotePath(at.join("/"))} is a symbolic link` };
      continue;
    }
    const [users, groups] = await Promise.all([ids("/etc/passwd"), ids("/etc/group")]);
    // Windows gives 0 for everybody.
    if (users === undefined || groups === undefined)
      return { reason: "UNSUPPORTED", why: "this system has no /etc/passwd to name owners by" };
    return { seen: { uid: found.uid, gid: found.gid, users, groups } };
  }
  return { reason: "NO_WITNESS", why: "no path" };
}

/** `name:x:1000:…`, one a line; both files begin so (passwd(5), group(5)). */
async function ids(file: string): Promise<ReadonlyMap<string, number> | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const rows = text.split("\n").map((line) => line.split(":"));
  return new Map(
    rows.flatMap(([name = "", , id = ""]) => (/^\d+$/.test(id) ? [[name, Number(id)]] : [])),
  );
}
