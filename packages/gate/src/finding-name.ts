/**
 * The name by which a baseline knows an old finding again: keyed with the repository's name, over
 * rule, place and what is wrong. Secrets bring a name of their own, which confirms no guess.
 */
import { createHmac } from "node:crypto";
import type { Finding } from "@wingman/model";

/** The finding with its name; as it is where it has one, or stands at no place. */
export function namedFinding(finding: Finding, origin: string): Finding {
  const { code, path, message, fingerprint } = finding;
  if (fingerprint !== undefined || path === undefined || finding.always === true) return finding;
  const key = JSON.stringify(["wingman finding 1", origin]);
  const name = createHmac("sha256", key)
    .update(JSON.stringify([code, path, message]))
    .digest("hex")
    .slice(0, 24);
  return { ...finding, fingerprint: `${code}:${name}` };
}
