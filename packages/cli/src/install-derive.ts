/**
 * What init can find out by itself, as pure functions: the repository's name from a URL or a folder,
 * the policy branch from the branches there are. Where more than one answer is right they give
 * none, and init asks or faults.
 */

// Folders that hold repositories and say nothing of whose they are.
const PLAIN_PARENTS =
  /^(git|repos?|repositories|srv|src|code|projects?|work|home|root|tmp|var|opt|data|users?|remotes?|wingman-.*|\..*|)$/i;

/** `https://host/acme/shop.git`, `git@host:acme/shop.git`, a path → `acme/shop`; undefined where no name is in it. */
export function originOfUrl(url: string): string | undefined {
  const scp = /^(?:[^/@:]+@)?(?!\w:[\\/])[^/:]+:(?!\/\/)(.+)$/.exec(url);
  const address = /^(?:https?|ssh|git|git\+ssh):\/\/[^/]+\/(.+)$/.exec(url);
  const path = address?.[1] ?? scp?.[1];
  if (path === undefined) return originOfFolder(url.replace(/^file:\/\//, ""));
  const parts = segments(path);
  return clean(parts.slice(-2).join("/"));
}

/** `/srv/git/acme/shop.git` → `acme/shop`; a parent that only keeps repositories is left out. */
export function originOfFolder(folder: string): string | undefined {
  const parts = segments(folder);
  // A clone's own git directory names nothing; its folder does.
  if (parts.at(-1) === "") parts.pop();
  const name = parts.at(-1);
  if (name === undefined) return undefined;
  const parent = parts.at(-2) ?? "";
  return clean(PLAIN_PARENTS.test(parent) ? name : `${parent}/${name}`);
}

function segments(path: string): string[] {
  const parts = path.split(/[\\/]+/).filter((part) => part !== "" && part !== ".");
  const last = parts.pop();
  return last === undefined ? [] : [...parts, last.replace(/\.git$/, "")];
}

function clean(name: string): string | undefined {
  const plain = name.replace(/[^A-Za-z0-9._/-]+/g, "-").replace(/^[^A-Za-z0-9]+|[./-]+$/g, "");
  return plain === "" ? undefined : plain.slice(0, 200);
}

/** What is known of a repository's branches. Names are without `refs/heads/`. */
export interface BranchFacts {
  readonly bare: boolean;
  /** HEAD's branch, and whether it has a commit; undefined where HEAD is detached. */
  readonly head: { readonly branch: string; readonly born: boolean } | undefined;
  readonly branches: readonly string[];
  /** `git config wingman.policyBranch` */
  readonly configured: string | undefined;
  /** True where this is a clone of something: there is a remote. */
  readonly cloned?: boolean;
  /** The branch that the remote's HEAD names. */
  readonly remoteHead: string | undefined;
}

/**
 * The policy branch, where only one answer is right. In a bare repository HEAD decides if it is
 * born: a new one names an unborn `master` while people push `main`, so an unborn HEAD says nothing.
 * A clone of an empty server has that `master` from it, and nobody chose it there either.
 */
export function policyBranchOf(facts: BranchFacts): string | undefined {
  if (facts.configured) return facts.configured;
  const branches = facts.branches.filter((name) => name !== "wingman-ledger");
  if (!facts.bare && facts.remoteHead !== undefined) return facts.remoteHead;
  const usual = branches.filter((name) => name === "main" || name === "master");
  if (facts.bare) {
    if (facts.head?.born) return facts.head.branch;
    return branches.length === 1 ? branches[0] : undefined;
  }
  if (usual.length === 1) return usual[0];
  if (branches.length === 1) return branches[0];
  if (facts.cloned === true && facts.head?.branch === "master") return undefined;
  return branches.length === 0 ? facts.head?.branch : undefined;
}
