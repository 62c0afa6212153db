/**
 * What an audit can ask on this surface, composed of the other rooms: grammars beside the program, the
 * gate's scanner, and where somebody has time the remote and the working tree.
 */
import { join } from "node:path";
import { grammarsAt, type Reach } from "@wingman/audit";
import { SCANNER_DIGEST, scanFile } from "@wingman/gate";
import { exactRef, type Repo, remoteHeads, uncommitted } from "@wingman/git";
import { isFault, type Tree } from "@wingman/model";
import type { Io } from "./io.ts";
import { worktreeOwner } from "./worktree-owner.ts";

/** What every surface has; nothing of it executes or reaches out. */
export function auditReach(io: Io, trusted: Tree | undefined): Reach {
  return {
    ...(trusted === undefined ? {} : { trusted }),
    grammars: grammarsAt(join(io.programDir, "grammars")),
    secrets: {
      version: SCANNER_DIGEST,
      scan: async (path, content) => await scanFile(content, { path }),
    },
  };
}

/** Refs of the remote, asked once and only where a claim is about them. A server is its own remote. */
export function remoteReach(repo: Repo, remote: string | undefined): Pick<Reach, "remote"> {
  if (repo.bare)
    return {
      remote: { name: "here", ref: async (name) => ({ seen: await exactRef(repo, name) }) },
    };
  if (remote === undefined) return {};
  let heads: Promise<ReadonlyMap<string, string>> | undefined;
  return {
    remote: {
      name: remote,
      ref: async (name) => {
        try {
          heads ??= remoteHeads(repo, remote);
          return { seen: (await heads).get(name) };
        } catch (error) {
          if (!isFault(error)) throw error;
          return { reason: "UNREACHABLE", why: `the remote ${remote} does not answer` };
        }
      },
    },
  };
}

/** The working tree, for what is verified now; an audit comes too late for it. */
export function worktreeReach(repo: Repo): Pick<Reach, "worktree"> {
  const root = repo.workTree;
  if (root === undefined) return {};
  return {
    worktree: {
      status: async () => ({ seen: await uncommitted(repo) }),
      owner: async (path) => await worktreeOwner(root, path),
    },
  };
}
