/** Doubles and messages for the voices' tests; every double ends with its test. */
import { type HttpDouble, secret, telegramDouble, webhookDouble } from "@wingman/testkit";
import { afterEach } from "vitest";
import type { AlertMessage } from "../src/index.ts";
import { alertMessage, planAlerts } from "../src/index.ts";
import { githubDouble } from "./github-double.ts";
import { stateOf, TS, verdict } from "./literals.ts";

const open: HttpDouble[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

export const CHAT = "-1001234567890";

export async function telegram(token = secret("telegram")) {
  const double = await telegramDouble({ token, chats: [CHAT] });
  open.push(double);
  return { token, double };
}

export async function webhook(now?: () => Date) {
  const shared = `whsec_${Buffer.from(secret("npm")).toString("base64")}`;
  const double = await webhookDouble({ secret: shared, ...(now === undefined ? {} : { now }) });
  open.push(double);
  return { secret: shared, double };
}

export async function github(login: string | undefined = "wingman-bot") {
  const token = secret("github");
  const double = await githubDouble({ token, login });
  open.push(double);
  return { token, double };
}

/** A message about Alice, the claims' expected and observed text as given. */
export function about(
  more: { text?: string; occurrences?: readonly number[]; kind?: "notifier" | "tracker" } = {},
): AlertMessage {
  const state = stateOf([{ occurrences: more.occurrences ?? [1] }]);
  const channel = { name: "voice", kind: more.kind ?? "notifier" } as const;
  const [step] = planAlerts({ state, done: new Set(), channels: [channel] });
  if (step === undefined) throw new Error("no step");
  const { text } = more;
  return alertMessage(step, state, (seq) => ({
    seq,
    ts: TS,
    verdict: verdict(seq, text === undefined ? {} : { expected: text, observed: text }),
  }));
}

/** What a promise is rejected with. */
export async function failure(promise: Promise<unknown>): Promise<unknown> {
  return await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}
