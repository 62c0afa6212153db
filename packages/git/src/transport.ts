/**
 * Fetching and pushing single refs, for the auditor's clone. It never asks for a password, never
 * forces, and tells a lost race (`rejected`) from a refusal (a fault).
 */
import { fault, pathFromBytes, quotePath } from "@wingman/model";
import { gitFailed, tellingLine } from "./git-failure.ts";
import { isAncestor } from "./refs.ts";
import type { Repo } from "./repo.ts";

/**
 * Fetches one ref to one ref; `absent` where the remote has no such ref. Faults where it fails, and
 * `git/not-fast-forward` where the remote's no longer holds what the one here does.
 */
export async function fetchRef(
  repo: Repo,
  fetch: { remote: string; from: string; to: string; force?: boolean },
): Promise<"ok" | "absent"> {
  const spec = `${fetch.force === true ? "+" : ""}${fetch.from}:${fetch.to}`;
  const args = ["-c", "gc.auto=0", "-c", "maintenance.auto=false", "fetch", "--no-tags"];
  args.push("--no-write-fetch-head", "--no-recurse-submodules", "--end-of-options");
  args.push(remoteName(fetch.remote), spec);
  const result = await repo.run(args, { okCodes: [0, 1, 128] });
  if (result.code === 0) return "ok";
  if (/couldn't find remote ref/.test(result.stderr)) return "absent";
  // `! [rejected]  x -> origin/x  (non-fast-forward)`: told only without --quiet.
  if (/^ ! \[rejected\].*\(non-fast-forward\)$/m.test(result.stderr))
    fault(`${fetch.from} of ${quotePath(fetch.remote)} does not extend ${fetch.to}`, {
      code: "git/not-fast-forward",
      hint: "somebody rewrote the remote's branch; look at both before anything is written",
    });
  return gitFailed(["fetch"], result);
}

/** Where the remote's branches stand at this moment, by full name. Faults where it is not reached. */
export async function remoteHeads(repo: Repo, remote: string): Promise<Map<string, string>> {
  const args = ["ls-remote", "--heads", "--quiet", "--end-of-options", remoteName(remote)];
  const { stdout } = await repo.run(args);
  const heads = new Map<string, string>();
  for (const line of pathFromBytes(stdout).split("\n")) {
    const tab = line.indexOf("\t");
    if (tab > 0) heads.set(line.slice(tab + 1), line.slice(0, tab));
  }
  return heads;
}

/**
 * Pushes one commit to one ref of a remote, if that ref still stands at `expectedOld` (undefined: must
 * not exist). `rejected`: another was first; fetch and try again. Faults `git/not-fast-forward`,
 * `git/push-refused` where the server's own rules refused it, `git/failed` where it was not reached.
 */
export async function pushFastForward(
  repo: Repo,
  remote: string,
  localOid: string,
  remoteRef: string,
  expectedOld: string | undefined,
): Promise<"ok" | "rejected"> {
  if (expectedOld !== undefined && !(await isAncestor(repo, expectedOld, localOid)))
    fault(`${localOid} does not extend ${expectedOld}`, {
      code: "git/not-fast-forward",
      hint: "fetch the remote's ref and build on it",
    });
  if (!remoteRef.startsWith("refs/"))
    fault(`${quotePath(remoteRef)} is no full ref name`, {
      code: "git/bad-revision",
      hint: "name it as refs/heads/…",
    });
  // The lease is the compare-and-swap; that it is a fast-forward was proven above.
  const lease = `--force-with-lease=${remoteRef}:${expectedOld ?? ""}`;
  const args = [
    "push",
    "--porcelain",
    "--no-verify",
    "--no-follow-tags",
    "--recurse-submodules=no",
  ];
  args.push(lease, "--end-of-options", remoteName(remote), `${localOid}:${remoteRef}`);
  const result = await repo.run(args, { okCodes: [0, 1, 128] });
  if (result.code === 0) return "ok";
  const refused = /^!\t[^\t]*\t(.*)$/m.exec(result.stdout.toString("utf8"))?.[1];
  if (refused === undefined) return gitFailed(["push"], result);
  if (
    /stale info|non-fast-forward|fetch first|cannot lock ref|incorrect old value|failed to update ref/.test(
      refused,
    )
  )
    return "rejected";
  const told = result.stderr
    .split("\n")
    .filter((line) => line.startsWith("remote:"))
    .join("\n");
  return fault(`the remote refused ${remoteRef}: ${tellingLine(refused)} ${tellingLine(told)}`, {
    code: "git/push-refused",
    hint: "the remote's own rules say no; its message says why",
  });
}

function remoteName(remote: string): string {
  // ext:: and its kin run commands; git refuses most by itself, an option in a name's place not.
  if (remote === "" || remote.startsWith("-") || /^[a-z0-9]+::/i.test(remote))
    fault(`${quotePath(remote.slice(0, 200))} is no remote`, {
      code: "git/bad-remote",
      hint: "name a remote of this repository, a path or a URL",
    });
  return remote;
}
