/**
 * Telegram and GitHub as the demo's watcher meets them: two small servers on this machine, so that it
 * needs no network and tells nobody. They take what the real ones take from it, and keep it; whoever
 * comes without the token, or asks for anything else, is refused.
 */
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { askGithub, type DoubleIssue } from "./double-github.ts";

export interface Doubles {
  /** What the watcher's environment gets: addresses, and tokens made for this one story. */
  readonly env: Readonly<Record<string, string>>;
  /** Texts that the chat received, oldest first. */
  readonly messages: readonly string[];
  readonly issues: readonly DoubleIssue[];
  close(): Promise<void>;
}

/** One request, read. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export type Answer = readonly [status: number, json: unknown];

/** Starts both for a chat and a repository (`owner/name`). */
export async function openDoubles(chat: string, repository: string): Promise<Doubles> {
  const messages: string[] = [];
  const issues: DoubleIssue[] = [];
  // In Telegram's form, and valid nowhere.
  const bot = `1:${randomBytes(24).toString("base64url")}`;
  const token = randomBytes(24).toString("hex");
  const telegram = await serve((asked) => takeMessage(asked, { bot, chat, messages }));
  const github = await serve((asked) => askGithub(asked, { token, repository, issues }));
  return {
    env: {
      WINGMAN_TELEGRAM_API: telegram.url,
      WINGMAN_TELEGRAM_TOKEN: bot,
      GITHUB_API_URL: github.url,
      GITHUB_TOKEN: token,
    },
    messages,
    issues,
    close: async () => void (await Promise.all([telegram.close(), github.close()])),
  };
}

async function serve(
  answer: (asked: Asked) => Answer,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    readAsked(request).then(
      (asked) => {
        const [status, json] = answer(asked);
        response.writeHead(status, { "content-type": "application/json; charset=utf-8" });
        response.end(JSON.stringify(json));
      },
      () => request.socket.destroy(),
    );
  });
  await new Promise<void>((ready, failed) => {
    server.once("error", failed);
    server.listen(0, "127.0.0.1", ready);
  });
  // A demo that ends in a fault before its close must not be kept alive by an open port.
  server.unref();
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

async function readAsked(request: IncomingMessage): Promise<Asked> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const text = Buffer.concat(pieces).toString("utf8");
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
  return {
    method: request.method ?? "GET",
    path: decodeURIComponent(pathname),
    query: searchParams,
    authorization: request.headers.authorization ?? "",
    body: text === "" ? {} : (JSON.parse(text) as Asked["body"]),
  };
}

function takeMessage(
  { path, body }: Asked,
  at: { readonly bot: string; readonly chat: string; readonly messages: string[] },
): Answer {
  const refuse = (code: number, why: string): Answer => [
    code,
    { ok: false, error_code: code, description: why },
  ];
  if (path !== `/bot${at.bot}/sendMessage`) return refuse(401, "Unauthorized");
  if (String(body["chat_id"]) !== at.chat) return refuse(400, "Bad Request: chat not found");
  const text = String(body["text"] ?? "");
  if (text === "") return refuse(400, "Bad Request: message text is empty");
  const count = at.messages.push(text);
  return [200, { ok: true, result: { message_id: count, chat: { id: Number(at.chat) }, text } }];
}
