/**
 * Secrets without a shape of their own: a random value given to a name that says `password`, in
 * code, YAML, JSON, XML, .env, on a command line. `credential-rows.ts` has headers and URLs.
 */
import type { FormerRow } from "./former-rows.ts";
import { named, weighBare, weighValue } from "./weigh-value.ts";

const NAME =
  "(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|apikey|access[_-]?key|private[_-]?key|auth[_-]?key|credentials?)";
const NAMES: readonly string[] = [
  "password",
  "passwd",
  "passphrase",
  "pwd",
  "secret",
  "token",
  "api_key",
  "api-key",
  "apikey",
  "access_key",
  "access-key",
  "accesskey",
  "private_key",
  "private-key",
  "privatekey",
  "auth_key",
  "auth-key",
  "authkey",
  "credential",
];

/** A name with what may follow it: `password`, `apiKey_2"`, `['token']`, `\"secret\"`. */
const NAMED = `${NAME}[\\w-]{0,40}[\\\\"'\\]]{0,3}`;
/** Kubernetes and .NET give name and value their own keys. */
const VALUE_KEY = `[ \\t\\r\\n]{1,40}value["']?[ \\t]{0,4}[:=][ \\t]{0,4}`;
/** `: string =` in TypeScript, `: &str =` in Rust, `{ get; set; } =` in C#. */
const TYPE = `(?::[ \\t]{0,4}&?[A-Za-z<>?|. ]{1,30}=|[ \\t]{1,4}\\{ ?get;[^{}\\r\\n]{0,20}\\}[ \\t]{0,4}=)`;
const END = `(?=[ \\t]{0,8}(?:#|\\r?$)|["'][ \\t]{0,4}[\\]},]{0,3}[ \\t]{0,4}\\r?$)`;
const VALUE = `[^\\s"'\`,;(){}\\[\\]<>\\\\]`;
/** All of a value at once: giving back sign by sign would cost 300 tries at each of a million names. */
const WHOLE = `(?=(${VALUE}{12,300}))\\1`;

const row = (pattern: string, weigh: typeof weighValue): FormerRow => ({
  kind: "hard-coded secret",
  keywords: NAMES,
  pattern: new RegExp(pattern, "imy"),

  weigh: named(weigh),
});

export const ASSIGNMENT_ROWS: readonly FormerRow[] = [
  // In quotes, behind a sign or as a call's argument: setPassword("…").
  row(
    `${NAMED}(?:\\s{0,8}(?:${TYPE}|:=|=>|={1,3}|:|\\()\\s{0,8}|${VALUE_KEY})\\\\?["'\`]((?:[^"'\`\\r\\n\\\\]|\\\\(?!["'])){8,300})\\\\?["'\`]`,
    weighValue,
  ),
  // define('API_KEY', '…'), setProperty("password", "…"): in a bare list two names stand so as well.
  row(
    `(?<=\\(["'\`][\\w.-]{0,40})${NAME}[\\w-]{0,40}["'\`],\\s{0,8}["'\`]([^"'\`\\r\\n\\\\]{8,300})["'\`]`,
    weighValue,
  ),
  // Bare values as .env, YAML and ini files write them: to the end of the line, nothing after.
  row(`${NAMED}(?:[ \\t]{0,8}[=:][ \\t]{0,8}|${VALUE_KEY})${WHOLE}${END}`, weighBare),
  // NAME=value without spaces ends where a shell, a query or a connection string ends it.
  row(
    `${NAME}[\\w-]{0,40}=(?=([^\\s"'\`,;(){}\\[\\]<>\\\\&]{12,300}))\\1(?=[\\s"'\`;&,)])`,
    weighBare,
  ),
  // `--token VALUE`, Docker's older `ENV NAME VALUE`.
  row(
    `(?:(?<=--[\\w-]{0,30})${NAME}[\\w-]{0,20}|(?<=^[ \\t]{0,8}(?:ENV|ARG)[ \\t]{1,4}\\w{0,40})${NAME}\\w{0,40})[ \\t]{1,4}["']?${WHOLE}(?=["'\\s]|$)`,
    weighBare,
  ),
  // <password>…</password>
  row(
    `(?<=<[\\w:.-]{0,30})${NAME}[\\w-]{0,40}>\\s{0,20}(?=([^\\s<>]{12,300}))\\1\\s{0,20}</`,
    weighBare,
  ),
];
