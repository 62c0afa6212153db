/**
 * The channels that a policy asks for, with what the environment gives them. One that cannot be made
 * is a miss, with its reason and what to do: a channel that is skipped in silence is how alerts get
 * lost. No miss quotes a value, for it may be a secret put in the wrong place.
 */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { Policy } from "@wingman/model";
import { baseAddress, safeAddress } from "./address.ts";
import type { Fetch } from "./bounded-fetch.ts";
import type { Channel } from "./channel.ts";
import { consoleNotifier } from "./console-notifier.ts";
import { githubIssues } from "./github-issues.ts";
import { telegramNotifier } from "./telegram.ts";
import { webhookNotifier } from "./webhook.ts";

export interface ChannelsInput {
  readonly policy: Pick<Policy, "tracker" | "notify">;
  /** This repository's name. */
  readonly origin: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly fetch: Fetch;
  /** Where the console's text goes. */
  readonly write: (text: string) => void;
  readonly now?: () => Date;
}

/** A channel that the policy asks for and that cannot be used. */
export interface Miss {
  readonly channel: string;
  readonly why: string;
  readonly help: string;
}

export interface Channels {
  /** By name; `console` is always among them. */
  readonly channels: Readonly<Record<string, Channel>>;
  readonly misses: readonly Miss[];
}

/** What `${…}` in a policy may name: never a token, which would end up in a message or an address. */
const OPEN_VARIABLES = ["WINGMAN_TELEGRAM_CHAT", "WINGMAN_WEBHOOK_URL", "GITHUB_REPOSITORY"];
/** Of a token's file: Telegram's tokens have some 46 characters. */
const MAX_TOKEN_FILE = 4096;
const SHORTEST_SECRET = 16;

/** Makes the channels. Reads the environment and the token's file; asks no service. */
export function channelsOf(input: ChannelsInput): Channels {
  const channels: Record<string, Channel> = { console: consoleNotifier(input.write) };
  const misses: Miss[] = [];
  for (const [name, make] of ROWS) {
    try {
      const made = make(input);
      if (made !== undefined) channels[name] = made;
    } catch (error) {
      if (!(error instanceof Missing)) throw error;
      misses.push({ channel: name, why: error.message, help: error.help });
    }
  }
  return { channels, misses };
}

/** One row a channel; undefined where the policy does not ask for it. */
const ROWS: readonly (readonly [string, (input: ChannelsInput) => Channel | undefined])[] = [
  ["telegram", telegram],
  ["webhook", webhook],
  ["github", github],
];

/** Thrown by a row, caught by the table. */
class Missing extends Error {
  readonly help: string;
  constructor(why: string, help: string) {
    super(why);
    this.help = help;
  }
}

function telegram(input: ChannelsInput): Channel | undefined {
  const asked = input.policy.notify?.telegram;
  if (asked === undefined) return undefined;
  const { env, fetch } = input;
  const chat = expand(asked.chat ?? "${WINGMAN_TELEGRAM_CHAT}", env, "notify.telegram.chat").trim();
  if (!/^(?:-?\d{1,20}|@[A-Za-z0-9_]{4,64})$/.test(chat))
    throw new Missing(
      "notify.telegram.chat is no chat",
      "a chat is a number, as -1001234567890, or a channel's name, as @acme_alerts",
    );
  const token = telegramToken(env);
  const api = baseFrom(env, "WINGMAN_TELEGRAM_API");
  return telegramNotifier({ token, chat, fetch, ...(api === undefined ? {} : { api }) });
}

function webhook(input: ChannelsInput): Channel | undefined {
  const asked = input.policy.notify?.webhook;
  if (asked === undefined) return undefined;
  const { env, fetch, origin } = input;
  const url = expand(asked.url ?? "${WINGMAN_WEBHOOK_URL}", env, "notify.webhook.url").trim();
  const safe = safeAddress(url);
  if ("why" in safe)
    throw new Missing(
      `the webhook's address cannot be used: ${safe.why}`,
      "set WINGMAN_WEBHOOK_URL, or notify.webhook.url, to an https URL",
    );
  const secret = (env["WINGMAN_WEBHOOK_SECRET"] ?? "").trim();
  const bytes = secret.startsWith("whsec_") ? Buffer.from(secret.slice(6), "base64") : secret;
  if (bytes.length < SHORTEST_SECRET)
    throw new Missing(
      secret === ""
        ? "WINGMAN_WEBHOOK_SECRET is not set, and nothing is sent unsigned"
        : `WINGMAN_WEBHOOK_SECRET is shorter than ${SHORTEST_SECRET} characters, so it could be guessed`,
      "openssl rand -base64 32, and give the same to the receiver",
    );
  const now = input.now ?? (() => new Date());
  return webhookNotifier({ url: safe.url.href, secret, origin, fetch, now });
}

function github(input: ChannelsInput): Channel | undefined {
  const asked = input.policy.tracker?.github;
  if (asked === undefined) return undefined;
  const { env, fetch, origin } = input;
  const repository = (asked.repository ?? env["GITHUB_REPOSITORY"] ?? "").trim();
  if (!/^[A-Za-z0-9._-]+\/[A-Za-z0-9._-]+$/.test(repository))
    throw new Missing(
      "no repository is named for the issues",
      "write tracker: {github: {repository: owner/name}} into the policy, or set GITHUB_REPOSITORY",
    );
  const token = (env["GITHUB_TOKEN"] ?? "").trim();
  if (token === "")
    throw new Missing("GITHUB_TOKEN is not set", "a token with issues: write for the repository");
  if (!/^[\x21-\x7e]{1,1000}$/.test(token))
    throw new Missing("GITHUB_TOKEN is no token", "one line of printable characters, no blanks");
  const api = baseFrom(env, "GITHUB_API_URL");
  const labels = asked.labels ?? ["wingman"];
  return githubIssues({
    repository,
    token,
    labels,
    origin,
    fetch,
    ...(api === undefined ? {} : { api }),
  });
}

/** A policy's value with its `${NAME}` filled in. */
function expand(value: string, env: ChannelsInput["env"], where: string): string {
  return value.replace(/\$\{([^}]*)\}/g, (_, name: string) => {
    const known = OPEN_VARIABLES.includes(name);
    const given = known ? env[name] : undefined;
    if (given !== undefined && given.trim() !== "") return given;
    throw new Missing(
      known ? `${name} is not set` : `${where} names a variable that a policy may not use`,
      known
        ? `set ${name} in the watcher's environment, or write the value into ${where}`
        : `the variables of a policy are ${OPEN_VARIABLES.join(", ")}`,
    );
  });
}

/** From the variable, else from the file that a variable names. Its mode is not judged: Docker and Kubernetes mount secrets readable. */
function telegramToken(env: ChannelsInput["env"]): string {
  const file = (env["WINGMAN_TELEGRAM_TOKEN_FILE"] ?? "").trim();
  const given = (env["WINGMAN_TELEGRAM_TOKEN"] ?? "").trim();
  const token = given !== "" || file === "" ? given : readToken(file);
  if (token === "")
    throw new Missing(
      file === "" ? "WINGMAN_TELEGRAM_TOKEN is not set" : "the file of the token is empty",
      "set WINGMAN_TELEGRAM_TOKEN, or WINGMAN_TELEGRAM_TOKEN_FILE to a file that holds it",
    );
  // It becomes part of an address: nothing may leave its place there.
  if (!/^\d{1,20}:[A-Za-z0-9_-]{1,200}$/.test(token))
    throw new Missing(
      "what is given as Telegram's token does not look like one",
      "BotFather gives it as digits, a colon, and letters",
    );
  return token;
}

function readToken(path: string): string {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
    throw new Missing(
      `the file that WINGMAN_TELEGRAM_TOKEN_FILE names cannot be read${code}`,
      "it must be readable by the watcher's user",
    );
  }
  try {
    // Not a pipe that never ends, nor a disk's worth of bytes.
    const bytes = Buffer.alloc(MAX_TOKEN_FILE + 1);
    const size = fstatSync(file).isFile() ? readSync(file, bytes) : MAX_TOKEN_FILE + 1;
    if (size <= MAX_TOKEN_FILE) return bytes.toString("utf8", 0, size).trim();
  } finally {
    closeSync(file);
  }
  throw new Missing(
    "WINGMAN_TELEGRAM_TOKEN_FILE names no file of one token",
    `it holds the token and nothing else, ${MAX_TOKEN_FILE} bytes at most`,
  );
}

function baseFrom(env: ChannelsInput["env"], name: string): string | undefined {
  const given = (env[name] ?? "").trim();
  if (given === "") return undefined;
  const safe = baseAddress(given);
  if ("base" in safe) return safe.base;
  throw new Missing(
    `${name} cannot be used: ${safe.why}`,
    `an https address, as the service's own`,
  );
}
