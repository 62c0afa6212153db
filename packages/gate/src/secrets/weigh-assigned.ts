/**
 * Weighs a value that a name was given, by what value, name and path say. Sure only where all three
 * do: a false alarm here teaches people to walk past the gate.
 */
import type { Confidence } from "./confidence.ts";
import { isKeyOfFiller } from "./filler.ts";
import { NAMED_HASH } from "./filters.ts";
import { isGenerated, isLocale, isTest, isTestOrDocs, isThrowAway } from "./path-kind.ts";
import type { Cleared, Match } from "./row.ts";
import { type NameSays, nameOf, readName } from "./secret-name.ts";
import {
  isEverybodys,
  isJoke,
  isOwnChoice,
  isUnspoken,
  kindOfValue,
  type ValueKind,
  wrappedText,
} from "./value-kind.ts";

type Weighed = Confidence | Cleared;

/** A literal in quotes. */
export const weighQuoted = (match: Match): Weighed => weigh(match, literal);

/** The argument of a call whose name says password or key: a sentence or a field's name as often. */
export const weighCalled = (match: Match): Weighed => weigh(match, argument);

/** A value without quotes: code, type names and prose stand in this place too. */
export function weighBare(match: Match): Weighed {
  // A query goes on behind its value; the row that ends at `&` has it.
  if (/&[\w.-]{1,40}=/.test(match.secret)) return { cleared: "query" };
  const code = codeAround(match);
  if (code === "expression" || isDotted(match.secret)) return { cleared: "code" };
  return weigh(match, code === "comment" ? argument : literal);
}

/** A value behind a space. */
export const weighSpaced = (match: Match): Weighed => weigh(match, spaced);

type Table = (kind: ValueKind, says: NameSays, match: Match) => Weighed;

function weigh(match: Match, table: Table): Weighed {
  const { secret, path } = match;
  if (/\s/.test(secret)) return { cleared: "prose" };
  // A JSON web token is weighed by what it says, in its own row.
  if (/^eyJ[\w-]{8,}\.[\w-]{2,}\./.test(secret)) return { cleared: "json-web-token" };
  const says = readName(nameOf(match));
  if (says === "nothing") return { cleared: "no-name" };
  const value = wrappedText(secret) ?? secret;
  const kind = kindOfValue(value);
  if (typeof kind !== "string") return { cleared: kind.none };
  if (NAMED_HASH.clears(match)) return { cleared: "named-hash" };
  if (isLocale(path) && kind !== "random") return { cleared: "locale" };
  if (isGenerated(path))
    return kind === "random" && says !== "public" ? "medium" : { cleared: "generated" };
  if (says === "public") return kind === "random" ? "low" : { cleared: "public-name" };
  // Made by `startproject` for development, and said so.
  if (secret.startsWith("django-insecure-")) return "medium";
  return table(kind, says, { ...match, secret: value });
}

function literal(kind: ValueKind, says: NameSays, match: Match): Confidence {
  const { secret, path } = match;
  const made = isTestOrDocs(path);
  const opens = says !== "other" && says !== "named-key";
  switch (kind) {
    case "random":
      return ofRandom(says, match);
    case "hex":
      return ofHex(says, secret, made);
    case "uuid":
      if (!opens) return "low";
      return isTest(path) || (made && says === "key") ? "medium" : "high";
    case "chosen":
      return ofChosen(says, match);
    case "word":
      if (says === "password")
        return secret.length < 5 || (made && saysPassword(secret)) ? "low" : "medium";
      return says === "secret" && secret.length >= 16 ? "medium" : "low";
    case "filler":
      if (says === "password") return made ? "low" : "medium";
      return opens && !made ? ofFiller(secret) : "low";
  }
}

function ofFiller(secret: string): Confidence {
  if (secret.length < 20) return "low";
  return isKeyOfFiller(secret) ? "high" : "medium";
}

/** What a generator made. A test may spell out what it is: `vErrYS3c3t…`. */
function ofRandom(says: NameSays, { secret, path }: Match): Confidence {
  const made = isTestOrDocs(path);
  if (made && isJoke(secret)) return "medium";
  if (says === "named-key") return !made && isKeyLike(secret) ? "high" : "medium";
  return says === "other" ? "medium" : "high";
}

/** Hex digits: a key or a hash. In tests only what is called a token or a secret is surely no hash. */
function ofHex(says: NameSays, secret: string, made: boolean): Confidence {
  if (says === "other" || says === "named-key") return made ? "low" : "medium";
  if (!made) return secret.length >= 20 ? "high" : "medium";
  return secret.length >= 32 && (says === "token" || says === "secret") ? "high" : "medium";
}

/** What a person chose: letters and digits are a real one, but in tests, which are full of them. */
function ofChosen(says: NameSays, { secret, path }: Match): Confidence {
  if (says === "other" || says === "named-key") return "low";
  if (says === "password") {
    if (isTest(path) || isThrowAway(path)) return "medium";
    return isOwnChoice(secret) && !(isTestOrDocs(path) && isEverybodys(secret)) ? "high" : "medium";
  }
  if (!isTestOrDocs(path) && isUnspoken(secret)) return "high";
  return secret.length >= 8 && /\d/.test(secret) ? "medium" : "low";
}

/** Long and of letters and digits; what begins as a public key or a certificate does is none. */
const isKeyLike = (value: string): boolean =>
  value.length >= 20 &&
  /\d/.test(value) &&
  /^[\w+/=.-]+$/.test(value) &&
  !/^(?:MI[IGC]|AAAA)/.test(value);

const saysPassword = (value: string): boolean => /pass|pwd|secret|token|key|cred/i.test(value);

function argument(kind: ValueKind, says: NameSays, { path }: Match): Weighed {
  const opens = says !== "other" && says !== "named-key";
  // Tests hand made-up keys to whatever they try.
  if (kind === "random") return opens && !isTest(path) ? "high" : "medium";
  if (kind === "hex") return opens ? "medium" : "low";
  if (kind === "chosen" && says === "password") return "medium";
  return kind === "word" ? { cleared: "word" } : "low";
}

function spaced(kind: ValueKind, says: NameSays, match: Match): Weighed {
  const { secret, path } = match;
  // `--token VALUE` and Docker's older `ENV NAME VALUE` give a value as a sign does.
  if (/(?:(?:^|\n)\s*(?:ENV|ARG) |--)[\w-]{1,60}[ \t]{1,8}["'`]?$/.test(text80(match))) {
    return kind === "word" ? { cleared: "word" } : literal(kind, says, match);
  }
  const digits = secret.replace(/\D/g, "").length;
  if (secret.length < 16 || digits < 3 || kind === "word") return { cleared: "prose" };
  if (isTestOrDocs(path) || says === "other") return "low";
  const sure = says === "named-key" ? "medium" : "high";
  if (kind === "random" || (kind === "hex" && secret.length >= 32)) return sure;
  return kind === "filler" && sure === "high" ? ofFiller(secret) : "low";
}

const text80 = ({ text, at }: Match): string => text.slice(Math.max(0, at - 80), at);

const CODE =
  /\.(?:[cm]?[jt]sx?|py|pyi|go|java|kts?|scala|c|h|cc|cpp|cxx|hpp|m|mm|cs|vb|fs|rb|php|rs|swift|dart|lua|pl|pm|hs|ex|exs|erl|clj|cljs|groovy|gradle|vue|svelte|r|jl|sol|proto|graphql|css|scss|less|html?|erb|haml|jsp|aspx?)$/i;

/** In a file of code a bare value is an expression, unless it stands in a string or a comment. */
function codeAround({ text, at, path }: Match): "expression" | "comment" | "none" {
  if (!CODE.test(path)) return "none";
  const start = text.lastIndexOf("\n", at - 1) + 1;
  const before = text.slice(Math.max(start, at - 300), at);
  if (/^\s*(?:\/\/|#|\*|--|;|<!--)/.test(before)) return "comment";
  const quoted = ['"', "'", "`"].some((quote) => (before.split(quote).length - 1) % 2 === 1);
  return quoted ? "none" : "expression";
}

/** `user.password`, `5.days`, `@token`, `obj->key`: what a program reads, not what it holds. */
function isDotted(value: string): boolean {
  return (
    (/^@?\w{1,40}(?:(?:\.|->|::)[a-z_]\w{0,40}){1,6}[?!]?$/i.test(value) && !/\d{3}/.test(value)) ||
    /^@\w+$/.test(value)
  );
}
