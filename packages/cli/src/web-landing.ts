/**
 * Heads that a server's own merge button may be landing, where the forge says that it is at work: Gitea
 * and Forgejo name the pull request's record, GitLab the protocol. What ties a commit to one of them is
 * its content (packages/git/src/forge-landing.ts), so a wrong guess costs time and nothing else.
 */
import { listRefs } from "@wingman/git";
import type { Io } from "./io.ts";
import type { Place } from "./place.ts";

/** The newest requests that are looked at: a button is rarely pressed on an old one. */
const NEWEST = 20;
const HEADS = /^refs\/(?:pull|merge-requests)\/(\d{1,9})\/head$/;

/** Ids of heads, the one that the forge names first; none where somebody pushes for himself. */
export async function landingHeads(place: Place, io: Io): Promise<readonly string[]> {
  const pressed = !/^0?$/.test(io.env["GITEA_PR_ID"] ?? "") || io.env["GL_PROTOCOL"] === "web";
  if (!pressed) return [];
  const named = Number(io.env["GITEA_PR_INDEX"] ?? 0);
  const heads: { readonly number: number; readonly oid: string }[] = [];
  for (const prefix of ["refs/pull/", "refs/merge-requests/"])
    for (const { name, oid } of await listRefs(place.moment, prefix)) {
      const number = HEADS.exec(name)?.[1];
      if (number !== undefined) heads.push({ number: Number(number), oid });
    }
  const rank = ({ number }: { number: number }): number => (number === named ? Infinity : number);
  return heads
    .sort((a, b) => rank(b) - rank(a))
    .slice(0, NEWEST)
    .map(({ oid }) => oid);
}
