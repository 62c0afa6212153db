/** `wingman verify`: judges one typed claim or one sentence against a commit or a range, now. */
import {
  answerOfAll,
  type Clause,
  claimsOfSentence,
  claimTypeOf,
  judgeSentence,
  type PathHistory,
  readArguments,
  type Stage,
  stageOf,
  stageOfTree,
} from "@wingman/audit";
import { commitsTouching, listRefs, type Repo, rangeRun, resolve, treeAt } from "@wingman/git";
import { type ClaimText, fault, type Observation, visible } from "@wingman/model";
import { auditReach, worktreeReach } from "../audit-reach.ts";
import { EXIT, type Io } from "../io.ts";
import { openPlaceToJudge, type Place } from "../place.ts";
import { startedReach } from "../started-reach.ts";
import { resolveRange } from "./check.ts";

interface Answer {
  readonly claims: readonly ClaimText[];
  readonly observation: Observation;
}

interface VerifyOptions {
  readonly at?: string;
  readonly range?: string;
  readonly format?: string;
}

/** Where it is judged: a stage, and the commit that it ends in. */
interface Ground {
  readonly stage: Stage;
  readonly commit: string;
  readonly base?: string;
}

/** Exit 0 all TRUE, 1 any FALSE, 3 otherwise. */
export async function verify(
  words: readonly string[],
  options: VerifyOptions,
  io: Io,
): Promise<number> {
  const began = io.clock();
  const place = await openPlaceToJudge(io, { surface: "push" });
  try {
    const ground = await groundOf(place, options, io);
    const read = clausesOf(words, Object.keys(place.trusted.policy.commands));
    const past = pathHistory(place.repo, ground.commit);
    const answers: readonly Answer[] =
      "answer" in read
        ? [{ claims: [], observation: read }]
        : await judgeSentence(ground.stage, read, past);
    const ms = Math.round((io.clock() - began) * 1000) / 1000;
    io.out(
      options.format === "json"
        ? asJson(words, ground, answers, { at: io.now().toISOString(), ms })
        : asText(ground.commit, answers),
    );
    return exitOfAnswers(answers);
  } finally {
    await place.repo.close();
  }
}

async function groundOf(place: Place, options: VerifyOptions, io: Io): Promise<Ground> {
  const setting = {
    reach: {
      ...auditReach(io, place.trusted.tree),
      ...worktreeReach(place.repo),
      ...startedReach(io, {
        repo: place.repo,
        authority: place.authority,
        policy: place.trusted.policy,
      }),
    },
    patience: "audit",
    policy: place.trusted.policy,
  } as const;
  if (options.range !== undefined) {
    if (options.at !== undefined)
      fault("--at and --range are two ways to say where", {
        code: "usage/option",
        hint: "give one of them",
      });
    const { before, after } = await resolveRange(place, options.range);
    const run = await rangeRun(place.repo, place.judging, { base: before, head: after });
    return { stage: stageOf(run, setting), commit: after, base: before };
  }
  const at = options.at ?? "HEAD";
  const commit = await resolve(place.repo, at);
  if (commit === undefined)
    return fault(`${JSON.stringify(at)} names no commit here`, {
      code: "usage/commit",
      hint: "commit something first, or say --at <commit>",
    });
  return { stage: stageOfTree(await treeAt(place.repo, commit), setting), commit };
}

/** How often history up to a commit changed a path (a shallow clone does not know), and what refs there are. */
function pathHistory(repo: Repo, commit: string): PathHistory {
  let refs: Promise<readonly string[]> | undefined;
  return {
    isRef: async (name) => {
      refs ??= listRefs(repo).then((all) => all.map((ref) => ref.name));
      return (await refs).some((ref) => ref.endsWith(`/${name}`));
    },
    changes: async (path) => {
      const count = (await commitsTouching(repo, [commit], path)).length;
      if (count > 1) return "often";
      if (await repo.shallow()) return "unknown";
      return count === 1 ? "once" : "never";
    },
  };
}

/** `file.exists path=a` is a typed claim; anything else a sentence of the small grammar. */
function clausesOf(
  words: readonly string[],
  commands: readonly string[],
): readonly Clause[] | Observation {
  const type = words[0] ?? "";
  const known = claimTypeOf(type) !== undefined;
  if (known || (/^[a-z]+\.[a-zA-Z0-9]+$/.test(type) && isTyped(words))) {
    const args = readArguments(type, words.slice(1));
    if (args.ok) return [{ by: "any", readings: [{ claim: { type, args: args.value } }] }];
    return fault(args.why, { code: "claim/malformed", hint: args.help ?? "wingman explain" });
  }
  const read = claimsOfSentence(words.join(" "), { commands });
  if (!("why" in read)) return read;
  const instead = read.couldClaim.map((claim) => `wingman verify ${claim}`);
  return {
    answer: "UNVERIFIABLE",
    reason: "AMBIGUOUS",
    expected: words.join(" "),
    observed: [
      read.why,
      ...(instead.length > 0 ? [`could be claimed: ${instead.join(" | ")}`] : []),
    ].join("; "),
  };
}

/** `a.ts exists`, unquoted in a shell, is a sentence all the same. */
function isTyped(words: readonly string[]): boolean {
  return words.slice(1).some((word) => /^[A-Za-z]+=/.test(word));
}

function exitOfAnswers(answers: readonly Answer[]): number {
  const answer = answerOfAll(answers.map((one) => one.observation.answer));
  return answer === "FALSE" ? EXIT.findings : answer === "TRUE" ? EXIT.ok : EXIT.unverifiable;
}

function asText(commit: string, answers: readonly Answer[]): string {
  const each = answers
    .map(({ claims, observation }) => {
      const reason = observation.reason === undefined ? "" : ` (${observation.reason})`;
      const what = claims.map((one) => ` ${one.type} ${JSON.stringify(one.args)}`).join(" |");
      return `${observation.answer}${reason}${visible(what)}\n  expected: ${visible(observation.expected)}\n  observed: ${visible(observation.observed)}\n  at:       ${commit.slice(0, 12)}\n`;
    })
    .join("");
  if (answers.length === 1) return each;
  const whole = answerOfAll(answers.map((one) => one.observation.answer));
  const alike = answers.filter((one) => one.observation.answer === whole).length;
  return `${each}all in all: ${whole} (${alike} of ${answers.length})\n`;
}

/**
 * The first five keys are those of the older system's `/verify`, so that a reader of it reads this as
 * well: `verdict`, `details`, `timestamp`, `verifier`, `processing_time_ms`.
 */
function asJson(
  words: readonly string[],
  ground: Ground,
  answers: readonly Answer[],
  { at, ms }: { readonly at: string; readonly ms: number },
): string {
  const verdict = answerOfAll(answers.map((one) => one.observation.answer));
  const details = answers
    .map(
      ({ observation: { answer, reason, observed } }) =>
        `${answer}${reason === undefined ? "" : ` (${reason})`}: ${observed}`,
    )
    .join("; ");
  const document = {
    verdict,
    details,
    timestamp: at,
    verifier: "wingman",
    processing_time_ms: ms,
    schemaVersion: 1,
    claim: words.join(" "),
    status: verdict,
    commit: ground.commit,
    ...(ground.base === undefined ? {} : { base: ground.base }),
    answers,
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
