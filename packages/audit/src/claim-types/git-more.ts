/** The git claims besides `git.commit` and `git.touches`. */
import type { ClaimType } from "../claim-type.ts";
import { unbuilt } from "./unbuilt.ts";

const COMMIT = { commit: { kind: "text", required: true } } as const;
const RANGE = { base: { kind: "text" }, head: { kind: "text" } } as const;

export const gitMoreTypes: readonly ClaimType[] = [
  unbuilt({
    type: "git.adds",
    title: "a commit (or `run`) adds this text to a file",
    example: {
      type: "git.adds",
      args: { commit: "run", path: "docs/rotation.md", literal: "## Rolling back" },
    },
    args: {
      ...COMMIT,
      path: { kind: "path", required: true },
      literal: { kind: "text", required: true },
    },
    needs: "history",
    witness: "git",
  }),
  unbuilt({
    type: "git.ancestor",
    title: "a commit is another one or one of its ancestors",
    example: { type: "git.ancestor", args: { commit: "0123456", of: "run" } },
    args: { ...COMMIT, of: { kind: "text", required: true } },
    needs: "history",
    witness: "git",
  }),
  unbuilt({
    type: "git.merged",
    title: "a commit has come into a branch, itself or by equal patch",
    example: { type: "git.merged", args: { commit: "run", into: "main" } },
    args: { ...COMMIT, into: { kind: "text", required: true } },
    needs: "history",
    witness: "git",
  }),
  unbuilt({
    type: "git.tag",
    title: "a tag names this commit",
    example: { type: "git.tag", args: { name: "v1.2.0", commit: "0123456" } },
    args: { name: { kind: "text", required: true }, commit: { kind: "text" } },
    needs: "history",
    witness: "git",
  }),
  unbuilt({
    type: "git.pushed",
    title: "the remote's ref names this commit",
    example: { type: "git.pushed", args: { ref: "main", commit: "0123456" } },
    args: { ref: { kind: "text", required: true }, ...COMMIT },
    needs: "remote",
    witness: "git",
  }),
  unbuilt({
    type: "git.diffWithin",
    title: "the run (or base..head) changed nothing outside these globs",
    example: {
      type: "git.diffWithin",
      args: { allow: ["src/keys/**"], deny: ["src/keys/vault/**"] },
    },
    args: { ...RANGE, allow: { kind: "globs", required: true }, deny: { kind: "globs" } },
    needs: "history",
    witness: "git",
  }),
  unbuilt({
    type: "git.diffNonEmpty",
    title: "the run (or base..head) changed something",
    example: { type: "git.diffNonEmpty", args: {} },
    args: RANGE,
    needs: "history",
    witness: "git",
  }),
  unbuilt({
    type: "git.clean",
    title: "the working tree has nothing uncommitted",
    example: { type: "git.clean", args: { about: "worktree" } },
    args: {},
    needs: "host",
    witness: "fs",
  }),
];
