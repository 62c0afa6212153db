/**
 * Claims about a run or a tree as a whole: `secret.absent`, `instr.complete`, and `diff.claimed`, which
 * Wingman itself makes.
 */
import type { ClaimType } from "../claim-type.ts";
import { unbuilt } from "./unbuilt.ts";

export const wholeTypes: readonly ClaimType[] = [
  unbuilt({
    type: "secret.absent",
    title: "the scanner finds no secret in these files, or in all that the run changed",
    example: { type: "secret.absent", args: { scope: ["src/**"] } },
    args: { scope: { kind: "globs" } },
    needs: "secrets",
    witness: "git",
  }),
  unbuilt({
    type: "instr.complete",
    title: "every deliverable of the instruction that is a claim is so",
    example: { type: "instr.complete", args: { instruction: "INS-0007" } },
    args: { instruction: { kind: "text" } },
    witness: "git",
  }),
  unbuilt({
    type: "diff.claimed",
    title: "the run's claims cover all that the run changed",
    example: { type: "diff.claimed", args: {} },
    args: {},
    witness: "git",
  }),
];
