/**
 * Telegram as far as `sendMessage` goes: it refuses what Telegram refuses, in Telegram's words (as its
 * Bot API gives them), and keeps what it accepted.
 */
import {
  type DoubleAnswer,
  type DoubleRequest,
  type HttpDouble,
  httpDouble,
} from "./http-double.ts";
import { looseLengthOf, markupProblem } from "./telegram-markup.ts";

export interface TelegramMessage {
  readonly messageId: number;
  readonly chat: string;
  readonly text: string;
  readonly entities: readonly TelegramEntity[];
}

export interface TelegramEntity {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
}

/** What Telegram itself answers instead, once each; what any service can do wrong is `misbehave`. */
export type TelegramRefusal =
  | { readonly kind: "wait"; readonly seconds: number }
  | { readonly kind: "blocked" | "kicked" | "entities" | "lie" }
  | { readonly kind: "moved"; readonly to: number }
  | { readonly kind: "error"; readonly code: number; readonly description: string };

export interface TelegramDouble extends HttpDouble {
  /** What it accepted, in order. */
  readonly messages: readonly TelegramMessage[];
  refuse(...how: readonly TelegramRefusal[]): void;
}

/** Starts one for a bot's token and the chats that it is in. */
export async function telegramDouble(options: {
  readonly token: string;
  readonly chats: readonly string[];
}): Promise<TelegramDouble> {
  const messages: TelegramMessage[] = [];
  const refusals: TelegramRefusal[] = [];
  const server = await httpDouble((request) => {
    const place = /^\/bot([^/]*)\/(\w+)$/.exec(request.path);
    if (place === null) return refused(404, "Not Found");
    if (!/^\d+:[A-Za-z0-9_-]+$/.test(decodeURIComponent(place[1] ?? "")))
      return refused(404, "Not Found");
    if (place[1] !== options.token) return refused(401, "Unauthorized");
    if (place[2]?.toLowerCase() !== "sendmessage")
      return refused(404, "Not Found: method not found");
    const told = refusals.shift();
    if (told !== undefined) return refusal(told);
    return take(request, options.chats, messages);
  });
  return { ...server, messages, refuse: (...how) => void refusals.push(...how) };
}

function take(
  request: DoubleRequest,
  chats: readonly string[],
  messages: TelegramMessage[],
): DoubleAnswer {
  if (request.method !== "POST" || !/^application\/json\b/.test(type(request)))
    return bad("message text is empty");
  if (hasLoneSurrogate(request.body)) return bad("strings must be encoded in UTF-8");
  const body = parse(request.body);
  if (body === undefined) return bad("can't parse JSON object");
  const chat = body["chat_id"];
  if (chat === undefined || chat === "") return bad("chat_id is empty");
  if (!chats.includes(String(chat))) return bad("chat not found");
  // Telegram strips blanks from both ends, and counts what is left once the markup is gone.
  const text = typeof body["text"] === "string" ? body["text"].trim() : "";
  const mode = typeof body["parse_mode"] === "string" ? body["parse_mode"] : undefined;
  if (text === "") return bad("message text is empty");
  const problem = markupProblem(text, mode) ?? entityProblem(body["entities"], text);
  if (problem !== undefined) return bad(`can't parse entities: ${problem}`);
  if (looseLengthOf(text, mode) > 4096) return bad("message is too long");
  const message: TelegramMessage = {
    messageId: messages.length + 1,
    chat: String(chat),
    text,
    entities: (body["entities"] as TelegramEntity[] | undefined) ?? [],
  };
  messages.push(message);
  const { messageId, entities } = message;
  const result = {
    message_id: messageId,
    date: 1_795_000_000,
    chat: { id: chat, type: "supergroup" },
    text,
    ...(entities.length === 0 ? {} : { entities }),
  };
  return { status: 200, body: JSON.stringify({ ok: true, result }) };
}

function refusal(how: TelegramRefusal): DoubleAnswer {
  switch (how.kind) {
    case "wait":
      return refused(
        429,
        `Too Many Requests: retry after ${how.seconds}`,
        { retry_after: how.seconds },
        { "retry-after": String(how.seconds) },
      );
    case "blocked":
      return refused(403, "Forbidden: bot was blocked by the user");
    case "kicked":
      return refused(403, "Forbidden: bot was kicked from the supergroup chat");
    case "entities":
      return bad("can't parse entities: Can't find end of the entity starting at byte offset 0");
    case "moved":
      return refused(400, "Bad Request: group chat was upgraded to a supergroup chat", {
        migrate_to_chat_id: how.to,
      });
    case "error":
      return refused(how.code, how.description);
    case "lie":
      return {
        status: 200,
        body: JSON.stringify({ ok: false, error_code: 403, description: "Forbidden: a lie" }),
      };
  }
}

function bad(why: string): DoubleAnswer {
  return refused(400, `Bad Request: ${why}`);
}

function refused(
  status: number,
  description: string,
  parameters?: object,
  headers: Readonly<Record<string, string>> = {},
): DoubleAnswer {
  const body = {
    ok: false,
    error_code: status,
    description,
    ...(parameters === undefined ? {} : { parameters }),
  };
  return { status, headers, body: JSON.stringify(body) };
}

const ENTITY_TYPES = new Set(["bold", "italic", "code", "pre", "underline", "spoiler"]);

function entityProblem(entities: unknown, text: string): string | undefined {
  if (entities === undefined) return undefined;
  if (!Array.isArray(entities)) return "entities must be an Array";
  for (const one of entities as Partial<TelegramEntity>[]) {
    const { type: kind, offset, length } = one ?? {};
    if (!ENTITY_TYPES.has(String(kind))) return `unsupported entity ${String(kind)}`;
    if (!Number.isInteger(offset) || !Number.isInteger(length)) return 'Field "offset" is wrong';
    const [from = -1, size = -1] = [offset, length];
    if (from < 0 || size < 1 || from + size > text.length) return "entity is out of bounds";
    // UTF-16 offsets that part a surrogate pair.
    if (
      /^[\udc00-\udfff]/.test(text.slice(from)) ||
      /[\ud800-\udbff]$/.test(text.slice(0, from + size))
    )
      return `entity beginning in a middle of a UTF-16 symbol at byte offset ${from}`;
  }
  return undefined;
}

/** JSON may write half a character as an escape; Telegram's strings are UTF-8. */
function hasLoneSurrogate(json: string): boolean {
  const text = String(parse(json)?.["text"] ?? "");
  return /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text);
}

function type(request: DoubleRequest): string {
  return String(request.headers["content-type"] ?? "");
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}
