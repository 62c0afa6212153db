/**
 * A receiver of webhooks that believes nothing: it checks the signature as Standard Webhooks says, the
 * event's form as CloudEvents 1.0 says, and knows what it has seen before.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import {
  type DoubleAnswer,
  type DoubleRequest,
  type HttpDouble,
  httpDouble,
} from "./http-double.ts";

export interface CloudEvent {
  readonly specversion: "1.0";
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject?: string;
  readonly time?: string;
  readonly data?: unknown;
}

export interface WebhookDouble extends HttpDouble {
  /** Accepted events; one that was sent again stands here again. */
  readonly events: readonly CloudEvent[];
  /** Ids of accepted events, each once. */
  readonly ids: ReadonlySet<string>;
}

/** Seconds that a signature's time may be off. */
const TOLERANCE = 300;

/** Starts one that shares a secret with the sender. `now` is the receiver's clock. */
export async function webhookDouble(options: {
  readonly secret: string;
  readonly now?: () => Date;
}): Promise<WebhookDouble> {
  const events: CloudEvent[] = [];
  const ids = new Set<string>();
  const now = options.now ?? (() => new Date());
  const server = await httpDouble((request) => {
    const problem = signatureProblem(request, options.secret, now());
    if (problem !== undefined) return answer(401, problem, now());
    const event = eventOf(request);
    if (typeof event === "string") return answer(400, event, now());
    if (event.id !== request.headers["webhook-id"])
      return answer(400, "the event's id is not the webhook's", now());
    events.push(event);
    ids.add(event.id);
    return answer(202, "", now());
  });
  return { ...server, events, ids };
}

function answer(status: number, error: string, now: Date): DoubleAnswer {
  return {
    status,
    headers: { date: now.toUTCString() },
    body: error === "" ? "" : JSON.stringify({ error }),
  };
}

function signatureProblem(request: DoubleRequest, secret: string, now: Date): string | undefined {
  const header = (name: string) => String(request.headers[name] ?? "");
  const [id, time] = [header("webhook-id"), header("webhook-timestamp")];
  if (id === "" || id.includes(".")) return "no webhook-id";
  if (!/^\d{1,12}$/.test(time)) return "no webhook-timestamp";
  if (Math.abs(now.getTime() / 1000 - Number(time)) > TOLERANCE) return "the timestamp is too old";
  const key = secret.startsWith("whsec_")
    ? Buffer.from(secret.slice(6), "base64")
    : Buffer.from(secret, "utf8");
  const wanted = createHmac("sha256", key).update(`${id}.${time}.${request.body}`).digest();
  const signed = header("webhook-signature")
    .split(" ")
    .some((one) => {
      const given = Buffer.from(one.replace(/^v1,/, ""), "base64");
      return (
        one.startsWith("v1,") && given.length === wanted.length && timingSafeEqual(given, wanted)
      );
    });
  return signed ? undefined : "the signature is not that of the body";
}

/** The event, or what is wrong with its form (CloudEvents 1.0, JSON format, structured mode). */
function eventOf(request: DoubleRequest): CloudEvent | string {
  const type = String(request.headers["content-type"] ?? "");
  if (!/^application\/cloudevents\+json\b/.test(type)) return "not application/cloudevents+json";
  if (Buffer.byteLength(request.body) > 65_536) return "more than 64 KiB";
  let event: Readonly<Record<string, unknown>>;
  try {
    event = JSON.parse(request.body);
  } catch {
    return "no JSON";
  }
  if (event["specversion"] !== "1.0") return "specversion is not 1.0";
  for (const name of ["id", "source", "type"])
    if (typeof event[name] !== "string" || event[name] === "") return `${name} is missing`;
  const source = String(event["source"]);
  if (!URL.canParse(source, "https://example.invalid/") || /\s/.test(source))
    return "source is no URI reference";
  for (const name of ["subject", "time", "datacontenttype"])
    if (event[name] !== undefined && (typeof event[name] !== "string" || event[name] === ""))
      return `${name} is empty`;
  if (event["time"] !== undefined && Number.isNaN(Date.parse(String(event["time"]))))
    return "time is no RFC 3339 time";
  const odd = Object.keys(event).find((name) => !/^[a-z0-9]+$/.test(name));
  return odd === undefined ? (event as unknown as CloudEvent) : `attribute name ${odd}`;
}
