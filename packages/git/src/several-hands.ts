/**
 * Whether a commit shows by its own bytes that more than one hand is in it: a forge that squashes names
 * the other authors, and may bring another worker's run along. It only ever takes certainty away.
 */
import { agentMarks, type RunName, runOfPath } from "@wingman/model";
import type { Bench } from "./changes-judging.ts";
import type { CommitObject } from "./commit-object.ts";

const CO_AUTHOR = /^[ \t]*co-authored-by:[ \t]*(\S.*?)[ \t]*$/gim;

/** True where the commit names a co-author who is no agent, or brings lines of another worker's run. */
export async function severalHands(
  bench: Bench,
  commit: CommitObject,
  about: RunName,
): Promise<boolean> {
  const agents = new Set(agentMarks(commit.message).map((mark) => mark.toLowerCase()));
  const author = addressOf(commit.author);
  for (const [, who = ""] of commit.message.matchAll(CO_AUTHOR))
    if (!agents.has(`co-authored-by: ${who}`.toLowerCase()) && addressOf(who) !== author)
      return true;
  const changes = await bench.own(commit);
  return changes.some(({ path }) => (runOfPath(path)?.worker ?? about.worker) !== about.worker);
}

function addressOf(text: string): string {
  return (/<([^<>]{1,300})>/.exec(text)?.[1] ?? text).toLowerCase();
}
