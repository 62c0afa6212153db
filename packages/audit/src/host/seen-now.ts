/**
 * What runs is seen at the moment of looking only. A recorded claim speaks of the moment that it was made: a
 * server that was stopped since, or that ran on another machine, contradicts nothing. So only what is asked
 * for now (`verify`) is ever FALSE, and only where every attempt says so.
 */
import type { Answer, Observation, Unseen } from "@wingman/model";
import { parseDuration } from "@wingman/model";
import { contradicts, holds, unverifiable } from "../observation.ts";
import type { Seen } from "../reach.ts";
import type { Scene } from "../scene.ts";

/** Whether the claim holds, and what was seen; `open`: it was seen and settles nothing, for that reason. */
export type Sight =
  | { readonly so: boolean; readonly says: string }
  | { readonly open: Unseen["reason"]; readonly says: string };

/** What one look gives, or why there is none. */
export type Look = Seen<Sight>;

/** Looks as often as the policy says. `where` names the place that was looked at. */
export async function judgeNow(
  scene: Scene,
  expected: string,
  where: string,
  look: () => Promise<Look>,
): Promise<Observation> {
  const late = outOfWindow(scene);
  if (late !== undefined) return unverifiable("OUT_OF_WINDOW", expected, late);
  const seen: Sight[] = [];
  // One more look says nothing of a claim that was recorded earlier.
  const attempts = scene.run === undefined ? scene.stage.policy.audit.attempts : 1;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    // What is just starting or ending shows itself a moment later.
    if (attempt > 0) await pause(attempt === 1 ? 250 : 1_000);
    const began = scene.began();
    const one = await look();
    scene.attempt(scene.took(began), outcomeOf(one));
    if ("reason" in one) return unverifiable(one.reason, expected, `${one.why}${where}`);
    seen.push(one.seen);
    const settled = "so" in one.seen ? one.seen.so : one.seen.open !== "FLAKY";
    if (settled) break;
  }
  return answerOf(seen, scene, expected, where);
}

/** What one look alone says. */
function outcomeOf(look: Look): Answer {
  if ("reason" in look || "open" in look.seen) return "UNVERIFIABLE";
  return look.seen.so ? "TRUE" : "FALSE";
}

function answerOf(
  seen: readonly Sight[],
  scene: Scene,
  expected: string,
  where: string,
): Observation {
  const last = seen.at(-1) ?? { open: "NO_WITNESS", says: "nothing was seen" };
  const against = seen.find((one) => "so" in one && !one.so);
  const agree = against === undefined || seen.every((one) => "so" in one && !one.so);
  if (!agree)
    return unverifiable(
      "FLAKY",
      expected,
      `attempts disagree: ${seen[0]?.says}; then ${last.says}`,
    );
  if ("open" in last) return unverifiable(last.open, expected, `${last.says}${where}`);
  if (last.so) return holds(expected, `${last.says}${where}`);
  if (scene.run === undefined) return contradicts(expected, `${last.says}${where}`);
  return unverifiable(
    "NO_WITNESS",
    expected,
    `${last.says}${where} by now; what was so when it was claimed, or elsewhere, nobody can look at again`,
  );
}

/** Why a claim is too old to be looked at, or undefined. */
function outOfWindow({ claimed, stage }: Scene): string | undefined {
  if (claimed === undefined) return undefined;
  const window = parseDuration(stage.policy.audit.window) ?? 0;
  const age = Date.parse(claimed.now) - Date.parse(claimed.at);
  // A clock that runs ahead says nothing of when it was.
  if (!Number.isFinite(age) || age < -window) return "nobody can tell when it was claimed";
  return age > window
    ? `claimed at ${claimed.at}; what runs is looked at within ${stage.policy.audit.window} of that`
    : undefined;
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
