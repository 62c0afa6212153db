/**
 * Tokens with a shape of their own: prefix, alphabet and length as their vendors document them. One
 * row a kind; placeholders (`EXAMPLE`, one character over and over) are no secrets.
 */
import type { Confidence } from "./confidence.ts";
import { entropy } from "./confidence.ts";
import type { SecretRow } from "./row.ts";

/** A token whose prefix is its proof. */
function token(kind: string, keywords: readonly string[], pattern: RegExp): SecretRow {
  return { kind, keywords, pattern, weigh: (secret) => clear(secret) };
}

function clear(secret: string): Confidence | undefined {
  return isFiller(secret) ? undefined : "high";
}

/** Stricter than isPlaceholder: random text holds short words by chance, filler stands at its end. */
function isFiller(secret: string): boolean {
  const tail = secret.slice(-24);
  return (
    /example|x{6}|\*{3}|\.{3}|placeholder|your[-_]/i.test(secret) ||
    new Set(tail).size < 6 ||
    entropy(tail) < 2.2
  );
}

// `(?<![\w-])` before each prefix: one start per run of token characters, so a file of nothing but
// prefixes costs its length, not its square.
export const TOKEN_ROWS: readonly SecretRow[] = [
  token(
    "GitHub token",
    ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"],
    /(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{36,251}|github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})(?![A-Za-z0-9])/g,
  ),
  token(
    "GitLab token",
    ["glpat-", "gldt-", "glrt-", "glptt-", "glcbt-", "glft-", "glsoat-", "glagent-"],
    /(?<![\w-])gl(?:pat|dt|rt|ptt|cbt|ft|soat|agent)-[\w.-]{20,300}/g,
  ),
  token(
    "Slack token",
    ["xoxb-", "xoxp-", "xoxa-", "xoxo-", "xoxr-", "xoxs-", "xoxe-", "xoxe.", "xapp-"],
    /(?<![\w-])(?:xox[abeoprs][-.]|xapp-)[A-Za-z0-9.-]{20,250}/g,
  ),
  token(
    "Slack webhook",
    ["hooks.slack.com"],
    /hooks\.slack\.com\/(?:services|workflows|triggers)\/[A-Za-z0-9/]{30,120}/g,
  ),
  token("Stripe live key", ["k_live_"], /(?<![\w-])[sr]k_live_[A-Za-z0-9]{16,250}/g),
  token("Stripe webhook secret", ["whsec_"], /(?<![\w-])whsec_[A-Za-z0-9+/]{32,100}/g),
  token(
    "AWS access key id",
    ["akia", "asia", "abia", "acca"],
    /(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Za-z0-9])/g,
  ),
  {
    kind: "AWS secret access key",
    keywords: ["secret"],
    pattern:
      /secret_?(?:access)?_?key["']?\s{0,5}(?:=>|:=|=|:)\s{0,5}["']?([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/gi,
    weigh: (secret) => (isFiller(secret) || entropy(secret) < 4 ? undefined : "high"),
  },
  token("Google API key", ["aiza"], /(?<![\w-])AIza[\w-]{35}(?![\w-])/g),
  token("Google OAuth client secret", ["gocspx-"], /(?<![\w-])GOCSPX-[\w-]{28}(?![\w-])/g),
  {
    kind: "JSON web token",
    keywords: ["eyj"],
    pattern: /(?<![\w-])eyJ[\w-]{10,4000}\.eyJ[\w-]{10,8000}\.[\w-]{20,1400}/g,
    // The token on jwt.io's front page stands in thousands of documents.
    weigh: (secret) => (/\.eyJzdWIiOiIxMjM0NTY3ODkwI/.test(secret) ? undefined : clear(secret)),
  },
  {
    kind: "Telegram bot token",
    keywords: [":aa"],
    pattern: /(?<!\d)\d{8,10}:AA[\w-]{33}(?![\w-])/g,
    weigh: clear,
  },
  {
    kind: "Telegram bot token",
    keywords: ["telegram", "tg_", "bot"],
    pattern: /(?<!\d)\d{8,10}:[\w-]{35}(?![\w-])/g,
    weigh: (secret, text, at) =>
      /telegram|tg_|bot/i.test(text.slice(Math.max(0, at - 80), at)) ? clear(secret) : undefined,
  },
  token("npm token", ["npm_"], /(?<![A-Za-z0-9])npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])/g),
  {
    kind: "npm registry token",
    keywords: ["_authtoken"],
    pattern: /_authToken\s{0,3}=\s{0,3}["']?([\w.:/+=-]{20,500})/g,
    weigh: (secret) => (isFiller(secret) ? undefined : "high"),
  },
  token(
    "OpenAI key",
    ["sk-"],
    /(?<![\w-])(?:sk-(?:proj|svcacct|admin|None)-[\w-]{40,250}|sk-[A-Za-z0-9]{48}(?![\w-]))/g,
  ),
  token("Anthropic key", ["sk-ant-"], /(?<![\w-])sk-ant-[a-z]{3,5}\d\d-[\w-]{80,250}/g),
  token("Hugging Face token", ["hf_"], /(?<![\w-])hf_[A-Za-z]{34}(?![\w-])/g),
  token("SendGrid key", ["sg."], /(?<![\w-])SG\.[\w-]{20,24}\.[\w-]{39,50}(?![\w-])/g),
  token("DigitalOcean token", ["do"], /(?<![\w-])do[opr]_v1_[a-f0-9]{64}(?![\w-])/g),
  token("PyPI token", ["pypi-"], /pypi-AgEIcHlwaS5vcmc[\w-]{50,500}/g),
  token("Docker Hub token", ["dckr_pat_"], /(?<![\w-])dckr_[po]at_[\w-]{27,60}/g),
  token("Vault token", ["hvs.", "hvb."], /(?<![\w-])hv[sb]\.[\w-]{24,300}/g),
  token("Grafana token", ["glsa_"], /(?<![\w-])glsa_[A-Za-z0-9]{32}_[a-f0-9]{8}(?![\w-])/g),
  token("Azure storage key", ["accountkey"], /AccountKey=([A-Za-z0-9+/]{86}==)/g),
  token("Age secret key", ["age-secret-key-"], /AGE-SECRET-KEY-1[A-Z0-9]{58}/g),
];
