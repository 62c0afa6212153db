/**
 * What a name says of the value that it is given: a password, a secret, a token, some key, or
 * something public that only has such a word in its name.
 */
import type { Match } from "./row.ts";

/**
 * `key` is a key that opens something by its name (`api_key`), `named-key` one of somebody
 * (`acme_key`), `other` any key, salt or auth.
 */
export type NameSays =
  | "password"
  | "secret"
  | "token"
  | "key"
  | "named-key"
  | "other"
  | "public"
  | "nothing";

const WORDS =
  /[\w.$-]{0,60}(?:pass|pwd|psw|secret|token|credential|auth|key|salt|private|access|contrase|senha|parola|kennwort|mdp)[\w-]{0,60}/gi;

/** The name in front of a match, in lower case with `_` between its words; "" where there is none. */
export function nameOf({ text, at }: Match): string {
  const before = text.slice(Math.max(0, at - 200), at);
  let name = "";
  for (const [found] of before.matchAll(WORDS)) name = found;
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replace(/[.$-]+/g, "_");
}

// What such a thing has besides its value: its id, its place, its rules, its label on a screen.
const ABOUT =
  /(?:^|_)(?:encrypted|crypted|hashed|old_hash)_|(?:file|empty|hash|digest|hashes|within|confirmed|blank)$|_(?:ids?|name|names|type|types|kind|url|urls|uri|path|paths|file|files|filename|dir|field|fields|label|labels|hint|prefix|suffix|header|headers|length|len|size|count|regex|regexp|pattern|expir\w*|mtime|time|date|at|age|expires?_?\w*|ttl|age|policy|strength|rule|rules|status|state|mode|method|format|algorithm|alg|version|class|column|col|table|input|selector|element|placeholder|message|msg|error|errors|title|text|description|desc|icon|page|route|link|links|provider|manager|service|store|handler|param|params|parameter|attr|attribute|env|var|variable|ref|arn|endpoint|host|scope|scopes|audience|issuer|lifetime|timeout|limit|usage|budget|count|reset|changed|required|enabled|disabled|verified|updated|created|property|properties|prompt|help|tooltip|validation|validator|matcher|mask|char|chars|min|max|source|target|sep|separator|delimiter|index|map|list|set|group|role|roles|owner|user|username|email|domain|region|bucket|subject|template|component|view|form|screen|dialog|button|checkbox|toggle|flow|grant|response|request|req|res|event|action|hook|callback|function|fn|func|helper|util|factory|builder|config|options|opts|settings|schema|model|entity|dto|interface|test|spec|mock)$/;
const PUBLIC =
  /public|publish|pub_?key|site_?key|csrf|xsrf|anti_?forgery|next_?(?:page_?)?token|page_?token|paging|continuation|cursor|sync_?token|resume|anchor|sort_?key|partition|primary|foreign|cache_?key|key_?(?:board|word|code|frame|down|up|press|stroke|map|space|path|value|pair|usage|size|id|name|vault|ring)|hot_?key|short_?cut|i18n|monkey|turkey|donkey|hockey|jockey|whiskey|bypass|compass|passage|passenger|passive|passport_?(?:no|number)|boarding_?pass|by_?pass|surpass|encompass|passport|pass_?(?:through|thru|ed|ing|rate|count)|tests?_?pass|author|authen|authori|tokeniz|tokenis|detoken|token_?(?:count|s_?used|limit|type|class|kind)|max_?tokens?|num_?tokens?|prompt_?tokens|secretar|fingerprint|thumbprint|translation|map_?key|row_?key|dict_?key|json_?key|object_?key|group_?key|index_?key|meta_?key|route_?key|query_?key|react_?key|label_?key|message_?key|host_?key|known|^keys?$|_keys$|^(?:un|re)?passed/;

const OPENS =
  /(?:api|app|application|access|auth|private|priv|secret|encrypt|encryption|decrypt|decryption|sign|signing|signature|master|client|consumer|service|account|storage|session|shared|hmac|cipher|aes|des|jwt|security|licen[cs]e|admin|write|server|sdk|deploy|subscription|crypto|ssh|rsa|ec|secure|logged_in|nonce|webhook|integration|ingest|cookie|cookie_validation)_?key/;

/** What a normalised name says. */
export function readName(name: string): NameSays {
  if (name === "") return "nothing";
  if (
    PUBLIC.test(name) &&
    !/author_?(?:key|token|secret)|auth(?:orization|entication)?_?(?:key|token|secret|pass)/.test(
      name,
    )
  )
    return "public";
  if (ABOUT.test(name)) return "public";
  if (/pass|pwd|psw|contrase|senha|parola|kennwort|mdp/.test(name)) return "password";
  if (OPENS.test(name)) return "key";
  if (/secret|credential/.test(name)) return "secret";
  if (/token/.test(name)) return "token";
  return /[a-z]{3,40}_?key$/.test(name) ? "named-key" : "other";
}
