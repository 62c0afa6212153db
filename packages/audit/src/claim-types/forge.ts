/**
 * `ci.green`, `gh.issue`, `gh.pr`, `gh.release`: facts of a forge out of an event file that the auditor
 * ingested. The forge is never asked from here, and a file of the tree is no witness.
 */
import type { ArgumentKinds } from "../arguments.ts";
import type { ClaimType } from "../claim-type.ts";
import { unbuilt } from "./unbuilt.ts";

export const forgeTypes: readonly ClaimType[] = [
  row(
    "ci.green",
    "all these checks succeeded for exactly this commit",
    { commit: "run", checks: ["ci"] },
    {
      commit: { kind: "text", required: true },
      checks: { kind: "texts" },
    },
  ),
  row(
    "gh.issue",
    "an issue has this state",
    { number: 12, state: "closed" },
    {
      number: { kind: "count", required: true },
      state: { kind: ["open", "closed"], required: true },
    },
  ),
  row(
    "gh.pr",
    "a pull request has this state",
    { number: 13, state: "merged" },
    {
      number: { kind: "count", required: true },
      state: { kind: ["open", "closed", "merged"], required: true },
    },
  ),
  row(
    "gh.release",
    "a release of this tag is published",
    { tag: "v1.2.0" },
    {
      tag: { kind: "text", required: true },
      state: { kind: ["published", "draft", "prerelease"] },
    },
  ),
];

function row(
  type: string,
  title: string,
  args: ClaimType["example"]["args"],
  kinds: ArgumentKinds,
): ClaimType {
  return unbuilt({
    type,
    title,
    example: { type, args },
    args: kinds,
    needs: "events",
    witness: "api",
  });
}
