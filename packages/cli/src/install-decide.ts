/**
 * What init must know before it can plan: name, policy branch, administrator, the pusher's variable,
 * keys. Told, derived or asked for, in that order; what nobody knows is a fault that names the flag.
 */
import { readFile } from "node:fs/promises";
import { isAbsolute, join, resolve as resolvePath } from "node:path";
import { configGet, headBranch, listRefs, type Repo, resolve, treeAt } from "@wingman/git";
import { fault, POLICY_PATH, type Policy, parsePolicy, parseSshPublicKey } from "@wingman/model";
import { type BranchFacts, originOfFolder, originOfUrl, policyBranchOf } from "./install-derive.ts";
import type { Io } from "./io.ts";

/** The flags of init. */
export interface InitFlags {
  readonly origin: string | undefined;
  readonly admins: readonly string[];
  readonly adminKey: string | undefined;
  readonly policyBranch: string | undefined;
  readonly pusher: string | undefined;
}

export interface Decisions {
  readonly origin: string;
  readonly policyBranch: string;
  /** True where a commit stands on it. */
  readonly born: boolean;
  /** The policy that stands on it; undefined before the first. */
  readonly policy: Policy | undefined;
}

type Asking = Pick<Io, "ask" | "isTerminal">;

/** Name and policy branch, for a clone and for a server. */
export async function decide(repo: Repo, flags: InitFlags, io: Asking): Promise<Decisions> {
  const facts = await branchFacts(repo);
  const policyBranch = flags.policyBranch ?? policyBranchOf(facts) ?? (await askBranch(facts, io));
  await refuseBadBranch(repo, policyBranch);
  const commit = await tipOf(repo, policyBranch);
  const policy = commit === undefined ? undefined : await policyAt(repo, commit);
  const origin = await decideOrigin(repo, flags, policy, io);
  return { origin, policyBranch, born: commit !== undefined, policy };
}

async function branchFacts(repo: Repo): Promise<BranchFacts> {
  const head = await headBranch(repo);
  const branches = (await listRefs(repo, "refs/heads/")).map((ref) =>
    ref.name.slice("refs/heads/".length),
  );
  const remoteHead = (await listRefs(repo, "refs/remotes/")).find(
    (ref) => ref.name === "refs/remotes/origin/HEAD" && ref.symref !== undefined,
  );
  return {
    bare: repo.bare,
    head: "branch" in head ? head : undefined,
    branches,
    configured: (await configGet(repo, "wingman.policyBranch")) || undefined,
    cloned: Boolean(await configGet(repo, "remote.origin.url")),
    remoteHead: remoteHead?.symref?.replace(/^refs\/remotes\/origin\//, ""),
  };
}

async function askBranch(facts: BranchFacts, io: Asking): Promise<string> {
  const branches = facts.branches.filter((name) => name !== "wingman-ledger");
  const there =
    branches.length === 0 ? "there is no branch yet" : `branches: ${branches.join(", ")}`;
  const answer = await io.ask(`Which branch holds the policy? (${there}) `);
  if (answer) return answer;
  const unborn =
    facts.head && !facts.head.born ? `; HEAD names ${facts.head.branch}, which does not exist` : "";
  return fault(`which branch holds the policy cannot be told: ${there}${unborn}`, {
    code: "init/policy-branch",
    hint: `say which, as wingman init --policy-branch ${branches[0] ?? "main"}`,
  });
}

async function refuseBadBranch(repo: Repo, branch: string): Promise<void> {
  const { code } = await repo.run(["check-ref-format", "--branch", branch], {
    okCodes: [0, 1, 128],
  });
  if (code !== 0 || branch === "wingman-ledger" || branch.startsWith("-"))
    fault(`${JSON.stringify(branch)} cannot be the policy branch`, {
      code: "init/policy-branch",
      hint: "give a branch's name without refs/heads/, as --policy-branch main",
    });
}

/** The newest known commit of the policy branch: a clone may hold it only as the remote has it. */
async function tipOf(repo: Repo, branch: string): Promise<string | undefined> {
  const own = await resolve(repo, `refs/heads/${branch}`);
  return own ?? (repo.bare ? undefined : await resolve(repo, `refs/remotes/origin/${branch}`));
}

async function policyAt(repo: Repo, commit: string): Promise<Policy | undefined> {
  const tree = await treeAt(repo, commit);
  const entry = await tree.entry(POLICY_PATH);
  if (entry === undefined) return undefined;
  const parsed = parsePolicy(await tree.read(entry));
  if (parsed.ok) return parsed.value.policy;
  const [first] = parsed.problems;
  return fault(
    `${POLICY_PATH}:${first?.line ?? 1} on the policy branch cannot be read: ${first?.message ?? ""}`,
    {
      code: "policy/unreadable",
      hint: `${first?.help ?? "mend the policy"}, commit it, and run wingman init again`,
    },
  );
}

async function decideOrigin(
  repo: Repo,
  flags: InitFlags,
  policy: Policy | undefined,
  io: Asking,
): Promise<string> {
  if (policy !== undefined) {
    if (flags.origin !== undefined && flags.origin !== policy.origin)
      fault(`the policy names this repository ${policy.origin}, --origin says ${flags.origin}`, {
        code: "init/origin",
        hint: "leave --origin out: the policy's name stands inside every signature",
      });
    return policy.origin;
  }
  const told = flags.origin ?? ((await configGet(repo, "wingman.origin")) || undefined);
  const origin =
    told ?? (await derivedOrigin(repo)) ?? (await io.ask("This repository's name, as acme/shop? "));
  if (origin !== undefined && /^[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/.test(origin)) return origin;
  return fault(
    origin === undefined
      ? "this repository's name cannot be told"
      : `${JSON.stringify(origin)} is no repository name`,
    {
      code: "init/origin",
      hint: "say it, as wingman init --origin acme/shop",
    },
  );
}

async function derivedOrigin(repo: Repo): Promise<string | undefined> {
  if (repo.bare) return originOfFolder(repo.commonDir);
  const url = await configGet(repo, "remote.origin.url");
  return (url ? originOfUrl(url) : undefined) ?? originOfFolder(repo.workTree ?? repo.commonDir);
}

/** Who administers: told, or the user of this clone. */
export async function decideAdmins(
  repo: Repo,
  flags: InitFlags,
  io: Asking,
): Promise<readonly string[]> {
  if (flags.admins.length > 0) return flags.admins;
  const user =
    (await configGet(repo, "user.email")) || (await io.ask("The administrator's e-mail? "));
  if (user) return [user];
  return fault("who administers this repository cannot be told: git has no user.email", {
    code: "init/no-admin",
    hint: "say it, as wingman init --admin mark@acme.example, or git config user.email <address>",
  });
}

/** The user's SSH signing key as `type base64`, or why there is none. */
export async function signingKey(
  repo: Repo,
  home: string | undefined,
): Promise<{ readonly key: string } | { readonly none: string }> {
  const told = await configGet(repo, "user.signingkey");
  if (!told || (await configGet(repo, "gpg.format")) !== "ssh")
    return {
      none: "git signs with no SSH key here (gpg.format is not ssh, or user.signingkey is unset)",
    };
  const literal = /^(?:key::)?((?:ssh|ecdsa|sk)-.+)$/.exec(told)?.[1];
  if (literal !== undefined) return publicKeyOf(literal);
  const path = told.replace(/^~(?=\/)/, home ?? "~");
  const file = isAbsolute(path) ? path : resolvePath(repo.workTree ?? repo.cwd, path);
  try {
    return publicKeyOf(await readFile(file.endsWith(".pub") ? file : `${file}.pub`, "utf8"));
  } catch {
    return { none: `the public half of user.signingkey cannot be read (${told})` };
  }
}

/** `type base64` of a public key line, checked. */
function publicKeyOf(text: string): { readonly key: string } | { readonly none: string } {
  const [type = "", base64 = ""] = text.trim().split(/\s+/);
  const key = parseSshPublicKey(Buffer.from(base64, "base64"));
  if ("bad" in key) return { none: `the signing key is not usable: ${key.bad}` };
  return key.type === type
    ? { key: `${type} ${base64}` }
    : { none: "the signing key is not of the type that it says" };
}

/** --admin-key's file as `type base64`; a pin that cannot be read must not become no pin. */
export async function adminKey(file: string | undefined, cwd: string): Promise<string | undefined> {
  if (file === undefined) return undefined;
  let text: string;
  try {
    text = await readFile(join(isAbsolute(file) ? "" : cwd, file), "utf8");
  } catch (cause) {
    return fault(`the administrator's key cannot be read: ${file}`, {
      code: "init/admin-key",
      hint: "give the public half, as --admin-key ~/.ssh/id_ed25519.pub",
      cause,
    });
  }
  const found = publicKeyOf(text);
  if ("key" in found) return found.key;
  return fault(`--admin-key ${file}: ${found.none}`, {
    code: "init/admin-key",
    hint: "give an SSH public key: one line that begins with ssh-ed25519, ecdsa-sha2-… or ssh-rsa",
  });
}
