/**
 * Keys without a shape of their own, known by their vendor's name beside them: the name, at most a
 * few words, a sign or a space, the key. It refuses to be sure where no word says that a key follows.
 */
import { NAMED_HASH, NAMED_ID, nameBefore } from "./filters.ts";
import { isTestOrDocs } from "./path-kind.ts";
import type { Filter, Match, SecretRow } from "./row.ts";

/** What a row by its vendor's name shares with all others of its kind. */
export type Beside = Pick<SecretRow, "pattern" | "clears" | "weigh">;

const SIGN = `["'\\]\\\\]{0,3}[ \\t]{0,3}(?:=>|:=|[=:,(>]|[ \\t]value[=:]|[ \\t])[ \\t]{0,3}["'\`\\\\]{0,2}`;

/**
 * `words` begin with the row's keywords, `value` is the key; both are the insides of a pattern that
 * does not tell cases apart. `more` are filters that are asked besides.
 */
export function beside(words: string, value: string, more: readonly Filter[] = []): Beside {
  return {
    pattern: new RegExp(`(?:${words})[\\w .-]{0,32}?${SIGN}(${value})(?![\\w-])`, "iy"),
    // Where the key is itself called an id, its name says nothing.
    clears: [SAME_SIGNS, NAMED_HASH, ...(/id\)?$/.test(words) ? [] : [NAMED_ID]), ...more],
    weigh,
  };
}

/** `xxxx…` and `0000…`. */
const SAME_SIGNS: Filter = {
  id: "filler",
  clears: ({ secret }) =>
    new Set(secret.toLowerCase()).size < 6 || /x{6}|0{8}|example|your[-_]/i.test(secret),
};

const KEY_WORD = /report|appid|key|token|secret|pass|pwd|auth|pat\b|cred|licen|login|sign|\bapi/i;
const ASSIGNED = /(?:=>|:=|[=:,(>])[ \t]{0,3}["'`\\]{0,2}$/;

function weigh(match: Match): "high" | "medium" {
  const before = nameBefore(match);
  if (isTestOrDocs(match.path)) return "medium";
  if (!KEY_WORD.test(before)) return "medium";
  return ASSIGNED.test(before) || /\d/.test(match.secret) ? "high" : "medium";
}
