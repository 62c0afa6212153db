/** Weighs credentials of headers, addresses and SQL by what they decode to and what is around them. */
import type { Confidence } from "./confidence.ts";
import { isTestOrDocs } from "./path-kind.ts";
import type { Cleared, Match } from "./row.ts";
import { kindOfValue, wrappedText } from "./value-kind.ts";
import { weighPassword } from "./weigh-password.ts";

/** A token behind `Bearer`, or in a header that authenticates. */
export function weighBearer(match: Match): Confidence | Cleared {
  const { secret } = match;
  // A JSON web token is weighed by what it says, in its own row.
  if (/^eyJ[\w-]{8,}\.[\w-]{2,}\./.test(secret)) return { cleared: "json-web-token" };
  if (/^(?:bearer|basic|digest|oauth|aws4-hmac|ntlm|negotiate)\b/i.test(secret))
    return { cleared: "scheme" };
  const kind = kindOfValue(wrappedText(secret) ?? secret);
  if (typeof kind !== "string") return { cleared: kind.none };
  if (kind === "random") return "high";
  if (kind === "hex" && secret.length >= 32) return "high";
  if (kind === "hex" || kind === "uuid") return isTestOrDocs(match.path) ? "medium" : "high";
  if (kind === "chosen" && secret.length >= 10 && /\d/.test(secret)) return "medium";
  return "low";
}

/** `user:password` in base64. */
export function weighBasic(match: Match): Confidence | Cleared {
  const decoded = Buffer.from(match.secret, "base64").toString("latin1");
  const parts = /^([\x20-\x7e]{0,200}?):([\x20-\x7e]{1,300})$/.exec(decoded);
  if (parts?.[2] === undefined) return { cleared: "no-credentials" };
  const weighed = weighPassword(parts[2], match);
  // Whoever writes `Basic` and base64 has encoded something; a placeholder would stand in the clear.
  // `user:password`: encoded by somebody who sends just that.
  if (typeof weighed !== "string") return /^[a-z]+$/i.test(parts[2]) ? "medium" : weighed;
  if (weighed === "low") return "medium";
  return weighed;
}

const LOCAL =
  /^(?:localhost|127\.|0\.0\.0\.0|\[?::1|host\.docker|db\b|postgres\b|mysql\b|redis\b|mongo\b|rabbitmq\b)/i;

/** A password in an address: `@` is the last one before the host. */
export function weighUrlPassword(match: Match): Confidence | Cleared {
  const { secret, text, at } = match;
  const before = text.slice(Math.max(0, at - 140), at);
  const user = /:\/\/([^:]*):$/.exec(before)?.[1] ?? "";
  const host = text.slice(at + secret.length + 1, at + secret.length + 61);
  const kind = kindOfValue(secret);
  if (typeof kind !== "string" && kind.none !== "placeholder") return { cleared: kind.none };
  if (/^[{<$%*[#]|[{}<>*]|^\d{1,5}$|^:/.test(secret)) return { cleared: "placeholder" };
  // A format's host: what fills it in decides where this goes.
  if (/^(?:[{<$*[]|%)/.test(host)) return kind === "random" ? "high" : "low";
  if (typeof kind !== "string") return isSaid(secret) ? { cleared: "placeholder" } : "low";
  // user:user, user:pass, user:password: how everybody writes that an address may hold both.
  if (
    /^(?:user|username|name|login|foo|usr|u)$/i.test(user) &&
    /^(?:p|pw|pass|passwd|password|pwd|secret|bar)$/i.test(secret)
  ) {
    return "low";
  }
  const weighed = weighPassword(secret, match);
  if (weighed !== "high" || kind === "random") return weighed;
  return /example\.(?:com|org|net)/i.test(host) || LOCAL.test(host) ? "medium" : "high";
}

const isSaid = (value: string): boolean =>
  /your|example|placeholder|redacted|x{4}|\.{3}|\*{3}/i.test(value);

/** A literal behind `IDENTIFIED BY` or `PASSWORD`. */
export function weighSqlPassword(match: Match): Confidence | Cleared {
  if (/^(?:password|values|using|random|null|default|and|or|is|not|for|in)$/i.test(match.secret))
    return { cleared: "sql-word" };
  const weighed = weighPassword(match.secret, match);
  return weighed === "high" && isTestOrDocs(match.path) ? "medium" : weighed;
}
