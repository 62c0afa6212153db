/**
 * Credentials that travel with a request: headers that authenticate, `curl -u`, passwords in a URL,
 * and the files that programs read them from.
 */
import type { Confidence } from "./confidence.ts";
import { isPlaceholder, isReference } from "./confidence.ts";
import type { FormerRow } from "./former-rows.ts";
import { weighBare, weighValue } from "./weigh-value.ts";

export const CREDENTIAL_ROWS: readonly FormerRow[] = [
  {
    kind: "bearer token",
    keywords: ["bearer"],
    pattern:
      /authorization["']?\s{0,4}[:=,]\s{0,4}["'`]?bearer\s{1,3}([\w.~+/=!@#%^*-]{12,2000})/gi,
    weigh: weighValue,
  },
  {
    kind: "basic credentials",
    keywords: ["basic"],
    pattern:
      /authorization["']?\s{0,4}[:=,]\s{0,4}["'`]?basic\s{1,3}([A-Za-z0-9+/]{12,400}={0,2})/gi,
    weigh: weighBasic,
  },
  {
    // ~/.docker/config.json
    kind: "registry credentials",
    keywords: ['"auth"'],
    pattern: /"auth"\s{0,4}:\s{0,4}"([A-Za-z0-9+/]{12,400}={0,2})"/g,
    weigh: weighBasic,
  },
  {
    kind: "key in a header",
    keywords: ["x-api-key", "x-auth-token", "api-key"],
    pattern: /\b(?:x-)?(?:api-key|auth-token)["']?\s{0,4}[:,]\s{0,4}["'`]?([^\s"'`,;<>]{12,400})/gi,
    weigh: weighBare,
  },
  {
    kind: "password of a command",
    keywords: ["curl", "wget"],
    pattern:
      /\b(?:curl|wget)\b[^\r\n|;]{0,300}?\s(?:-u|--user)[ =]["']?[^\s:"'$]{1,100}:([^\s"'`]{6,200})/g,
    weigh: (value) => surest(weighValue(value)),
  },
  {
    // ~/.netrc, also over lines.
    kind: "password of .netrc",
    keywords: ["machine"],
    pattern:
      /\bmachine\s{1,8}\S{1,200}\s{1,20}login\s{1,8}\S{1,200}\s{1,20}password\s{1,8}(\S{6,300})/g,
    weigh: weighStored,
  },
  {
    // ~/.pgpass
    kind: "password of .pgpass",
    keywords: [":5432:"],
    pattern: /^[\w.*-]{1,200}:5432:[\w*-]{1,100}:[\w.*-]{1,100}:(\S{6,300})\r?$/gm,
    weigh: weighStored,
  },
  {
    kind: "password in a URL",
    keywords: ["://"],
    pattern: /:\/\/[^\s:/@"'`<>]{0,100}:([^\s/@"'`<>]{6,200})@[A-Za-z0-9[]/g,
    weigh: (value) => surest(weighValue(value), value),
  },
];

/** These files hold real passwords; only what is plainly a word may be a document's example. */
function weighStored(value: string): Confidence | undefined {
  if (isPlaceholder(value) || isReference(value)) return undefined;
  return (weighValue(value) ?? "low") === "low" ? "medium" : "high";
}

/** At this place even a word is a password; only a random one is surely a real one. */
function surest(weighed: Confidence | undefined, value?: string): Confidence | undefined {
  if (weighed === "high") return "high";
  const harmless =
    value === undefined ? weighed === undefined : isPlaceholder(value) || isReference(value);
  return harmless ? undefined : "medium";
}

/** `user:password` in base64. Sure where the password is no word. */
function weighBasic(value: string): Confidence | undefined {
  const decoded = Buffer.from(value, "base64").toString("latin1");
  const match = /^[\x20-\x7e]{1,200}?:([\x20-\x7e]{4,300})$/.exec(decoded);
  if (match?.[1] === undefined) return undefined;
  if (isPlaceholder(match[1]) || isReference(match[1])) return undefined;
  const weighed = weighValue(match[1]);
  return weighed === "high" || (weighed === "medium" && /\d/.test(match[1])) ? "high" : "medium";
}
