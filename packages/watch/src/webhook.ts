/**
 * A webhook: each message as a CloudEvents 1.0 event in structured JSON, signed as Standard Webhooks
 * says (HMAC-SHA256 over id, time and the exact body), so that any receiver can tell it from a
 * forgery and a repeat from news. Its address may hold a secret and is never shown.
 */
import { createHmac } from "node:crypto";
import type { Fetch } from "./bounded-fetch.ts";
import { boundedFetch, isPermanent, quoteAnswer, retryAfterOf } from "./bounded-fetch.ts";
import type { Notifier } from "./channel.ts";
import { NotDelivered } from "./channel.ts";
import type { AlertMessage, ToldOccurrence } from "./message.ts";
import { textOf } from "./message.ts";
import { redactor } from "./redact.ts";

export interface WebhookOptions {
  /** Checked by the caller (`safeAddress`). */
  readonly url: string;
  /** `whsec_` and base64, or any text of 16 characters and more. */
  readonly secret: string;
  /** This repository's name: the event's source. */
  readonly origin: string;
  readonly fetch: Fetch;
  readonly now: () => Date;
  /** Connecting and reading, in milliseconds. */
  readonly timeoutMs?: number;
}

const TIMEOUT = 3000;
const MAX_ANSWER = 65_536;
/** CloudEvents: intermediaries forward events of 64 KiB and less. */
const MAX_EVENT = 65_536;
/** Receivers of Standard Webhooks refuse a time that is further off. */
const SKEW = 5 * 60_000;

/** A notifier named `webhook`. Any 2xx is acceptance. */
export function webhookNotifier(options: WebhookOptions): Notifier {
  const { pathname, search } = new URL(options.url);
  // A receiver may echo its own path, which is the secret of many services.
  const path = pathname.length > 8 ? `${pathname}${search}` : search;
  const redact = redactor([options.secret, options.url, path]);
  const key = signingKey(options.secret);
  return {
    kind: "notifier",
    name: "webhook",
    notify: async (message, budgetMs = TIMEOUT) => {
      const now = options.now();
      const body = JSON.stringify(eventOf(message, options.origin, now));
      const id = message.stepDigest;
      const timestamp = String(Math.floor(now.getTime() / 1000));
      const ask = boundedFetch(options.fetch, {
        timeoutMs: Math.min(options.timeoutMs ?? TIMEOUT, budgetMs),
        maxBytes: MAX_ANSWER,
      });
      const response = await ask(options.url, {
        method: "POST",
        headers: {
          "content-type": "application/cloudevents+json; charset=utf-8",
          "webhook-id": id,
          "webhook-timestamp": timestamp,
          "webhook-signature": `v1,${sign(key, id, timestamp, body)}`,
        },
        body,
      });
      if (response.ok) return {};
      const said = quoteAnswer(redact(await response.text()));
      throw refusal(response, said, now);
    },
  };
}

/** Standard Webhooks: base64 of the HMAC over `id.timestamp.body`. */
export function sign(key: Uint8Array, id: string, timestamp: string, body: string): string {
  return createHmac("sha256", key).update(`${id}.${timestamp}.${body}`, "utf8").digest("base64");
}

/** The key's bytes: base64 behind `whsec_`, else the text itself. */
export function signingKey(secret: string): Uint8Array {
  return secret.startsWith("whsec_")
    ? Buffer.from(secret.slice(6), "base64")
    : Buffer.from(secret, "utf8");
}

function refusal(response: Response, said: string, now: Date): NotDelivered {
  const { status, headers } = response;
  const permanent = isPermanent(status);
  const retryAfterMs = permanent
    ? undefined
    : retryAfterOf(headers.get("retry-after"), now.getTime());
  return new NotDelivered(
    `the webhook answered ${status}${skew(headers.get("date"), now)}; ${said}`,
    { permanent, retryAfterMs, onlyThis: status === 413 || status === 422 },
  );
}

/** A wrong clock makes every signature too old; the answer's own time shows it. */
function skew(date: string | null, now: Date): string {
  const off = now.getTime() - Date.parse(date ?? "");
  return Math.abs(off) > SKEW
    ? ` (this machine's clock is ${Math.round(Math.abs(off) / 60_000)} minutes ${off > 0 ? "ahead of" : "behind"} the receiver's)`
    : "";
}

/** The event. Occurrences that do not fit are counted in `omitted`; the ledger has them all. */
function eventOf(message: AlertMessage, origin: string, now: Date): object {
  const kept: object[] = [];
  const event = {
    specversion: "1.0",
    id: message.stepDigest,
    source: encodeURI(Buffer.from(origin, "utf8").toString("utf8")),
    type: `dev.wingman.incident.${message.kind}`,
    subject: message.incident,
    time: now.toISOString(),
    datacontenttype: "application/json",
    data: {
      incident: message.incident,
      kind: message.kind,
      title: message.title,
      worker: message.worker,
      instruction: message.instruction,
      locked: message.locked,
      total: message.total,
      occurrences: kept,
      omitted: message.fresh.length,
      ledger: message.ledger,
      unlock: message.unlock,
      text: textOf(message),
    },
  };
  let size = Buffer.byteLength(JSON.stringify(event)) + 16;
  for (const one of message.fresh) {
    const told = occurrenceOf(one);
    size += Buffer.byteLength(JSON.stringify(told)) + 1;
    if (size > MAX_EVENT) break;
    kept.push(told);
    event.data.omitted -= 1;
  }
  return event;
}

function occurrenceOf(one: ToldOccurrence): object {
  const { seq, ts, claim, expected, observed, commit } = one;
  return { seq, time: ts, claim, expected, observed, commit };
}
