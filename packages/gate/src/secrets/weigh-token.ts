/** The last word on tokens whose shape is not enough: what they decode to, and where they stand. */
import type { Confidence } from "./confidence.ts";
import { isFiller } from "./filler.ts";
import { isTestOrDocs } from "./path-kind.ts";
import type { Cleared, Match } from "./row.ts";
import { weighPassword } from "./weigh-password.ts";

/** What no checksum proved is only suspected where tests and documents make such things up. */
export const IN_PLACE = ({ path }: Match): Confidence => (isTestOrDocs(path) ? "medium" : "high");

/** A signature counts where the rest of a signed address stands beside it. */
export function weighSas({ secret, text, at }: Match): Confidence | Cleared {
  const around = text.slice(Math.max(0, at - 400), at + 400);
  if (!/[?&](?:sv|se|st|spr)=/.test(around)) return { cleared: "no-signed-address" };
  return isFiller(secret) ? { cleared: "filler" } : "high";
}

/** A bot token's first part is the bot's number. */
export function weighDiscord({ secret }: Match): Confidence | Cleared {
  const number = Buffer.from(secret.split(".")[0] ?? "", "base64url").toString("latin1");
  return /^\d{17,20}$/.test(number) ? "high" : { cleared: "no-bot-number" };
}

/** `"auth"` of a docker configuration is `user:password` in base64. */
export function weighDockerAuth(match: Match): Confidence | Cleared {
  const decoded = Buffer.from(match.secret, "base64").toString("latin1");
  const password = /^[\x20-\x7e]{1,200}?:([\x20-\x7e]{4,600})$/.exec(decoded)?.[1];
  if (password !== undefined) return weighPassword(password, match);
  // Registries also hand out opaque values; a short one is a name.
  const opaque = match.secret.length >= 40 && /\d/.test(match.secret) && !isFiller(match.secret);
  return opaque ? "medium" : { cleared: "no-credentials" };
}

/** Where programs keep real passwords, even a word may be one. */
export function weighStored(match: Match): Confidence | Cleared {
  return weighPassword(match.secret, match);
}
