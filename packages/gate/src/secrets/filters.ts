/** Named reasons why what has the shape of a secret is none. `wingman secrets test` says which one held. */
import type { Filter, Match } from "./row.ts";

/** What stands in front of a secret, in the same line: its name and its sign. */
export function nameBefore({ text, at }: Match, reach = 72): string {
  const before = text.slice(Math.max(0, at - reach), at);
  return before.slice(before.lastIndexOf("\n") + 1);
}

/** Keys of services always hold a digit somewhere; a run of letters alone is a word or a name. */
export const NO_DIGIT: Filter = { id: "no-digit", clears: ({ secret }) => !/\d/.test(secret) };

/** A key of 62 signs holds letters of both cases; one case alone is an id, a hash or a constant. */
export const ONE_CASE: Filter = {
  id: "one-case",
  clears: ({ secret }) => !/[a-z]/.test(secret) || !/[A-Z]/.test(secret),
};

const HASH_NAME =
  /(?:sha\d{0,3}|commit|hash|rev(?:ision)?|digest|checksum|fingerprint|md5|etag|integrity|thumbprint|tree|blob|ref|version)["'\]]{0,2}[ \t]{0,4}(?:=>|:=|[=:(,@ ])[ \t]{0,4}["'`]{0,2}$/i;

/** `CIRCLE_SHA1=…`: what its name calls a hash is public. */
export const NAMED_HASH: Filter = {
  id: "named-hash",
  clears: (match) => HASH_NAME.test(nameBefore(match)),
};

const ID_NAME =
  /(?:[_-]?(?:id|uuid|guid)|url|uri|host|name|region|zone|slug|site|project|tenant|team|org(?:anization)?)["'\]]{0,2}[ \t]{0,4}(?:=>|:=|[=:(,])[ \t]{0,4}["'`]{0,2}$/i;

/** `NETLIFY_SITE_ID=…`: what its name calls an id opens nothing. */
export const NAMED_ID: Filter = {
  id: "named-id",
  clears: (match) => ID_NAME.test(nameBefore(match)),
};
