/**
 * Claims of a change on a tree alone: no range says from where to where. What must stand there now is
 * judged; when and by whom it came is not, so a contradiction is only ever what the tree itself shows.
 */
import type { ClaimText, Observation } from "@wingman/model";
import { readClaimPath } from "../claim-path.ts";
import { judgeClaim } from "../judge-claim.ts";
import { holds, unverifiable } from "../observation.ts";
import type { Stage } from "../scene.ts";

/** What the repository tells besides the trees. */
export interface PathHistory {
  /** How many commits up to the tree's changed a path. */
  changes(path: string): Promise<"never" | "once" | "often" | "unknown">;
  /** Whether a branch or a tag has this name. */
  isRef(name: string): Promise<boolean>;
}

const ADVICE = "say --range BASE..HEAD for what was done";

/** The answer, or undefined where the claim is none of a change. */
export async function judgeWithoutRange(
  stage: Stage,
  claim: ClaimText,
  past: PathHistory | undefined,
): Promise<Observation | undefined> {
  const { type, args } = claim;
  const ask = async (asked: string, path: unknown): Promise<Observation> =>
    (await judgeClaim(stage, { type: asked, args: { path } })).observation;
  switch (type) {
    case "file.created": {
      const now = await ask("file.exists", args["path"]);
      return now.answer === "TRUE" ? holds(now.expected, `${now.observed}; ${ADVICE}`) : now;
    }
    case "file.modified": {
      const now = await ask("file.exists", args["path"]);
      if (now.answer !== "TRUE") return now;
      return (await changesOf(args["path"], past)) === "often"
        ? holds(now.expected, `${now.observed}, changed since it came; ${ADVICE}`)
        : unverifiable("NO_WITNESS", now.expected, `${now.observed}; ${ADVICE}`);
    }
    case "file.deleted":
      return await gone(args["path"], ask, past);
    case "file.renamed": {
      const to = await ask("file.exists", args["to"]);
      return to.answer === "TRUE" ? await gone(args["from"], ask, past) : to;
    }
    default:
      return undefined;
  }
}

async function gone(
  path: unknown,
  ask: (type: string, path: unknown) => Promise<Observation>,
  past: PathHistory | undefined,
): Promise<Observation> {
  const now = await ask("file.absent", path);
  if (now.answer !== "TRUE") return now;
  const changes = await changesOf(path, past);
  return changes === "once" || changes === "often"
    ? holds(now.expected, `${now.observed}, and history held it; ${ADVICE}`)
    : unverifiable("NO_WITNESS", now.expected, `${now.observed}, and no commit here held it`);
}

async function changesOf(path: unknown, past: PathHistory | undefined) {
  const place = readClaimPath(path);
  return past === undefined || "why" in place ? "unknown" : await past.changes(place.path);
}
