/**
 * Telegram, by its plain HTTPS interface. The text is sent as one preformatted block: there Telegram
 * makes no link, mention or command of anything, and there is no markup to get wrong. The token
 * stands in the address, so no error of `fetch` and no answer is passed on unread.
 */
import type { Fetch } from "./bounded-fetch.ts";
import { boundedFetch, isPermanent, quoteAnswer, retryAfterOf } from "./bounded-fetch.ts";
import type { Accepted, Notifier } from "./channel.ts";
import { NotDelivered } from "./channel.ts";
import type { AlertMessage } from "./message.ts";
import { cutText, textOf } from "./message.ts";
import { redactor } from "./redact.ts";

export const TELEGRAM_API = "https://api.telegram.org";

export interface TelegramOptions {
  readonly token: string;
  /** A number, or `@channel`. */
  readonly chat: string;
  /** Another base address, checked by the caller (`baseAddress`). */
  readonly api?: string;
  readonly fetch: Fetch;
  /** Connecting and reading, in milliseconds. */
  readonly timeoutMs?: number;
}

/** UTF-16 units: Telegram counts them after entities are parsed, and ours change no character. */
const LIMIT = 4096;
const TIMEOUT = 3000;
const MAX_ANSWER = 65_536;

/** A notifier named `telegram`. Its external id is the message's. */
export function telegramNotifier(options: TelegramOptions): Notifier {
  const { chat } = options;
  const redact = redactor([options.token]);
  const call = async (body: object, budgetMs: number): Promise<Answer> => {
    const timeoutMs = Math.min(options.timeoutMs ?? TIMEOUT, budgetMs);
    const ask = boundedFetch(options.fetch, { timeoutMs, maxBytes: MAX_ANSWER });
    const response = await ask(`${options.api ?? TELEGRAM_API}/bot${options.token}/sendMessage`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return readAnswer(response.status, await response.text(), response.headers);
  };
  return {
    kind: "notifier",
    name: "telegram",
    notify: async (message, budgetMs = TIMEOUT) => {
      const text = textOf(message, LIMIT);
      const common = { chat_id: chat, link_preview_options: { is_disabled: true } };
      const entities = [{ type: "pre", offset: 0, length: text.length }];
      let answer = await call({ ...common, text, entities }, budgetMs);
      // A message that Telegram cannot take with its block is told without it, never dropped.
      if (answer.status === 400 && /entit/i.test(answer.description))
        answer = await call({ ...common, text: bareText(message) }, budgetMs);
      return accepted(answer, redact);
    },
  };
}

/** Without the block Telegram would look for links, names, tags and commands; this keeps it from finding any. */
function bareText(message: AlertMessage): string {
  return cutText(inertForTelegram(textOf(message, LIMIT)), LIMIT);
}

/**
 * Parts what Telegram would make active with U+2060 (word joiner, shows nothing): `@name`, `#tag`,
 * `$TAG`, `/command`, `://` and the dot of every name that could be a domain (`setup.py` is one).
 */
export function inertForTelegram(text: string): string {
  return text.replace(/[@#$/]|:(?=\/\/)|\.(?=[\p{L}\p{N}])/gu, "$&\u2060");
}

interface Answer {
  readonly status: number;
  readonly messageId: number | undefined;
  readonly description: string;
  readonly retryAfterMs: number | undefined;
  readonly movedTo: number | undefined;
}

/** Reads an answer that may be anything: Telegram's own, a proxy's page, a lie. */
function readAnswer(status: number, text: string, headers: Headers): Answer {
  const body = recordOf(parse(text));
  const told = body["error_code"];
  const parameters = recordOf(body["parameters"]);
  const wait = parameters["retry_after"];
  const moved = parameters["migrate_to_chat_id"];
  const id = recordOf(body["result"])["message_id"];
  const fine = status === 200 && body["ok"] === true && Number.isSafeInteger(id);
  return {
    // A 200 that is no acceptance is a failure under the code it names, else one that may pass.
    status:
      status === 200 && !fine
        ? typeof told === "number" && told >= 400 && told <= 599
          ? told
          : 500
        : status,
    messageId: fine ? Number(id) : undefined,
    description:
      typeof body["description"] === "string"
        ? body["description"]
        : fine
          ? ""
          : "no answer as Telegram gives it",
    retryAfterMs: retryAfterOf(
      typeof wait === "number" ? String(Math.ceil(wait)) : headers.get("retry-after"),
      Date.now(),
    ),
    movedTo: typeof moved === "number" ? moved : undefined,
  };
}

function accepted(answer: Answer, redact: (text: string) => string): Accepted {
  if (answer.messageId !== undefined) return { externalId: String(answer.messageId) };
  const { status, movedTo } = answer;
  const said = quoteAnswer(redact(answer.description));
  const why =
    movedTo === undefined
      ? `${REASONS[status] ?? "Telegram did not take the message"} (${status}); ${said}`
      : `the group has moved: its chat is ${movedTo} now; write that into notify.telegram.chat`;
  const retryAfterMs = isPermanent(status) ? undefined : answer.retryAfterMs;
  throw new NotDelivered(why, {
    permanent: isPermanent(status),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    onlyThis: status === 400 && /message|text|entit/i.test(answer.description),
  });
}

const REASONS: Readonly<Record<number, string>> = {
  400: "Telegram refused the message; check notify.telegram.chat",
  401: "Telegram refused the token; check WINGMAN_TELEGRAM_TOKEN",
  403: "the bot may not write to this chat; let it in again, or unblock it",
  404: "Telegram knows no such bot; check WINGMAN_TELEGRAM_TOKEN",
  429: "Telegram asks to wait",
};

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // A page of a proxy, or a cut answer: told as no answer of Telegram's.
  }
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}
