/**
 * Ground: one tree as the auditor walks on it, shared by all claims of a run. Every entry is asked
 * once and blobs are kept within a bound, so a thousand claims cost a thousand look-ups, no more.
 */
import type { Entry, RepoPath, Tree } from "@wingman/model";
import { foldPath, pathFromBytes } from "@wingman/model";

/** Blobs kept in memory for the next claim on the same file, in bytes. */
const KEPT = 32 * 1024 * 1024;
/** git's own bound on symbolic links followed in a tree (tree-walk.c). */
const HOPS = 40;

/** What stands at a path. */
export type Standing =
  | { readonly what: "nothing" }
  | { readonly what: "file" | "executable" | "submodule"; readonly entry: Entry }
  | { readonly what: "folder" }
  /** `leads`: where the link ends when followed inside the tree. */
  | { readonly what: "symlink"; readonly entry: Entry; readonly leads: Leads }
  /** The path goes through a link or a submodule, so the tree itself has nothing there. */
  | { readonly what: "behind"; readonly at: RepoPath; readonly is: "symlink" | "submodule" };

export type Leads = "file" | "executable" | "folder" | "submodule" | "nothing" | "outside";

export class Ground {
  readonly tree: Tree;
  readonly #entries = new Map<RepoPath, Promise<Entry | undefined>>();
  readonly #blobs = new Map<string, Uint8Array>();
  #kept = 0;
  #folded: Promise<ReadonlyMap<string, RepoPath>> | undefined;

  constructor(tree: Tree) {
    this.tree = tree;
  }

  /** The file at exactly this path. */
  entry(path: RepoPath): Promise<Entry | undefined> {
    const known = this.#entries.get(path);
    if (known !== undefined) return known;
    const asked = this.tree.entry(path);
    this.#entries.set(path, asked);
    return asked;
  }

  /** A blob's bytes; the last ones read are kept. */
  async read(entry: Entry): Promise<Uint8Array> {
    const known = this.#blobs.get(entry.oid);
    if (known !== undefined) return known;
    const bytes = await this.tree.read(entry);
    // Two may have asked at once.
    if (bytes.length > KEPT / 2 || this.#blobs.has(entry.oid)) return bytes;
    this.#blobs.set(entry.oid, bytes);
    this.#kept += bytes.length;
    for (const [oid, old] of this.#blobs) {
      if (this.#kept <= KEPT) break;
      this.#blobs.delete(oid);
      this.#kept -= old.length;
    }
    return bytes;
  }

  /** What stands at a path: the tree's own answer, and where links would lead. */
  async standing(path: RepoPath): Promise<Standing> {
    const entry = await this.entry(path);
    if (entry !== undefined) {
      if (entry.mode === "160000") return { what: "submodule", entry };
      if (entry.mode === "120000")
        return { what: "symlink", entry, leads: await this.#leads(path) };
      return { what: entry.mode === "100755" ? "executable" : "file", entry };
    }
    if (await this.tree.hasFolder(path)) return { what: "folder" };
    for (let cut = path.indexOf("/"); cut > 0; cut = path.indexOf("/", cut + 1)) {
      const at = path.slice(0, cut);
      const above = await this.entry(at);
      if (above?.mode === "120000") return { what: "behind", at, is: "symlink" };
      if (above?.mode === "160000") return { what: "behind", at, is: "submodule" };
    }
    return { what: "nothing" };
  }

  /** A file or folder whose name differs from `path` in case or Unicode form only. */
  async variant(path: RepoPath): Promise<RepoPath | undefined> {
    this.#folded ??= this.#fold();
    const found = (await this.#folded).get(foldPath(path));
    return found === path ? undefined : found;
  }

  async #fold(): Promise<ReadonlyMap<string, RepoPath>> {
    const folded = new Map<string, RepoPath>();
    for (const { path } of await this.tree.entries()) {
      for (let at = path; !folded.has(foldPath(at)); ) {
        folded.set(foldPath(at), at);
        const cut = at.lastIndexOf("/");
        if (cut < 0) break;
        at = at.slice(0, cut);
      }
    }
    return folded;
  }

  async #leads(link: RepoPath): Promise<Leads> {
    let rest = link.split("/");
    let done: string[] = [];
    for (let hops = 0; rest.length > 0; ) {
      const part = rest.shift() ?? "";
      if (part === "" || part === ".") continue;
      if (part === "..") {
        if (done.length === 0) return "outside";
        done.pop();
        continue;
      }
      done.push(part);
      const entry = await this.entry(done.join("/"));
      if (entry?.mode === "120000") {
        hops += 1;
        const target = pathFromBytes(await this.read(entry));
        if (hops > HOPS) return "nothing";
        if (target.startsWith("/")) return "outside";
        done = done.slice(0, -1);
        rest = [...target.split("/"), ...rest];
      } else if (entry !== undefined) {
        if (entry.mode === "160000") return rest.length > 0 ? "outside" : "submodule";
        if (rest.some((one) => one !== "")) return "nothing";
        return entry.mode === "100755" ? "executable" : "file";
      } else if (!(await this.tree.hasFolder(done.join("/")))) return "nothing";
    }
    return "folder";
  }
}
