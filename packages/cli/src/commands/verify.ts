/** `wingman verify`: judges one typed claim or one sentence against a commit, now. */
import {
  answerOfAll,
  claimsOfSentence,
  claimTypeOf,
  judgeAgainst,
  readArguments,
} from "@wingman/audit";
import { openRepo, resolve, treeAt } from "@wingman/git";
import { type ClaimText, fault, type Observation, visible } from "@wingman/model";
import { auditReach, worktreeReach } from "../audit-reach.ts";
import { EXIT, type Io } from "../io.ts";

interface Answer {
  readonly claim: ClaimText | undefined;
  readonly observation: Observation;
}

/** Exit 0 all TRUE, 1 any FALSE, 3 otherwise. */
export async function verify(
  words: readonly string[],
  options: { readonly at?: string; readonly format?: string },
  io: Io,
): Promise<number> {
  const repo = await openRepo({ cwd: io.cwd, env: io.env });
  try {
    const at = options.at ?? "HEAD";
    const commit = await resolve(repo, at);
    if (commit === undefined)
      return fault(`${JSON.stringify(at)} names no commit here`, {
        code: "usage/commit",
        hint: "commit something first, or say --at <commit>",
      });
    const tree = await treeAt(repo, commit);
    const answers: Answer[] = [];
    const reach = { ...auditReach(io, tree), ...worktreeReach(repo) };
    const claims = claimsOf(words);
    if (!Array.isArray(claims)) answers.push({ claim: undefined, observation: claims });
    else
      for (const claim of claims)
        answers.push({
          claim,
          observation: await judgeAgainst(tree, claim, { reach, patience: "audit" }),
        });
    io.out(options.format === "json" ? asJson(words, commit, answers) : asText(commit, answers));
    return exitOfAnswers(answers);
  } finally {
    await repo.close();
  }
}

/** `file.exists path=a` is a typed claim; anything else a sentence of the small grammar. */
function claimsOf(words: readonly string[]): ClaimText[] | Observation {
  const type = words[0] ?? "";
  if (claimTypeOf(type) !== undefined || (/^[a-z]+\.[a-zA-Z]+$/.test(type) && words.length > 1)) {
    const args = readArguments(type, words.slice(1));
    if (args.ok) return [{ type, args: args.value }];
    return fault(args.why, { code: "claim/malformed", hint: args.help ?? "wingman explain" });
  }
  const read = claimsOfSentence(words.join(" "));
  if (Array.isArray(read)) return read;
  return {
    answer: "UNVERIFIABLE",
    reason: "AMBIGUOUS",
    expected: words.join(" "),
    observed: `${read.why}; could be claimed: ${read.couldClaim.join(" | ")}`,
  };
}

function exitOfAnswers(answers: readonly Answer[]): number {
  const answer = answerOfAll(answers.map((one) => one.observation.answer));
  return answer === "FALSE" ? EXIT.findings : answer === "TRUE" ? EXIT.ok : EXIT.unverifiable;
}

function asText(commit: string, answers: readonly Answer[]): string {
  return answers
    .map(({ claim, observation }) => {
      const reason = observation.reason === undefined ? "" : ` (${observation.reason})`;
      const what = claim === undefined ? "" : ` ${claim.type} ${JSON.stringify(claim.args)}`;
      return `${observation.answer}${reason}${visible(what)}\n  expected: ${visible(observation.expected)}\n  observed: ${visible(observation.observed)}\n  at:       ${commit.slice(0, 12)}\n`;
    })
    .join("");
}

function asJson(words: readonly string[], commit: string, answers: readonly Answer[]): string {
  const status = answerOfAll(answers.map((one) => one.observation.answer));
  const document = { schemaVersion: 1, claim: words.join(" "), status, commit, answers };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
