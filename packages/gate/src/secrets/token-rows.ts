/**
 * Tokens with a shape of their own: prefix, alphabet and length as their vendors document them. Code
 * hosts, registries, chat and the large clouds; `vendor-rows.ts` has the others.
 */
import type { Confidence } from "./confidence.ts";
import { entropy, isPlaceholder } from "./confidence.ts";
import { isFiller } from "./filler.ts";
import type { FormerRow } from "./former-rows.ts";
import { randomToken, token } from "./former-rows.ts";
import { weighValue } from "./weigh-value.ts";

const sure = (secret: string): Confidence | undefined => (isFiller(secret) ? undefined : "high");

const EMPTY_CLAIMS = /^(?:iat|exp|nbf|foo|bar|baz|hello|test|dummy)$/;

/** A JWT that says nothing but its times, or `{"foo": "bar"}`, opens no door that anybody knows. */
function weighJwt(secret: string): Confidence | undefined {
  // The token on jwt.io's front page stands in thousands of documents.
  if (isFiller(secret) || secret.includes(".eyJzdWIiOiIxMjM0NTY3ODkwI")) return undefined;
  try {
    const body: unknown = JSON.parse(
      Buffer.from(secret.split(".")[1] ?? "", "base64url").toString("utf8"),
    );
    const names = Object.keys(body ?? {});
    return names.every((name) => EMPTY_CLAIMS.test(name)) ? "medium" : "high";
  } catch {
    return "high";
  }
}

// `(?<![\w-])` before each prefix: one start per run of token characters, so a file of nothing but
// prefixes costs its length, not its square.
export const TOKEN_ROWS: readonly FormerRow[] = [
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
    "GitLab runner registration token",
    ["gr1348941"],
    /(?<![\w-])GR1348941[\w-]{20}(?![\w-])/g,
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
  token(
    "Discord webhook",
    ["/api/webhooks/"],
    /discord(?:app)?\.com\/api\/webhooks\/\d{17,20}\/[\w-]{60,72}/g,
  ),
  {
    kind: "Discord bot token",
    keywords: ["discord", "token"],
    near: 120,
    pattern: /(?<![\w-])[MNO][\w-]{22,27}\.[\w-]{6}\.[\w-]{27,40}(?![\w-])/g,
    // Its first part is the bot's number.
    weigh: (secret) =>
      /^\d{17,20}$/.test(Buffer.from(secret.split(".")[0] ?? "", "base64url").toString("latin1"))
        ? sure(secret)
        : undefined,
  },
  token(
    "Teams webhook",
    ["webhook.office.com"],
    /webhook\.office\.com\/webhookb2\/[a-f0-9-]{36}@[a-f0-9-]{36}\/IncomingWebhook\/[a-f0-9]{32}\/[a-f0-9-]{36}/g,
  ),
  token("Stripe live key", ["k_live_"], /(?<![\w-])[sr]k_live_[A-Za-z0-9]{16,250}/g),
  {
    // Test mode moves no money, and the documents are full of them: said, not refused.
    kind: "Stripe test key",
    keywords: ["k_test_"],
    pattern: /(?<![\w-])[sr]k_test_[A-Za-z0-9]{16,250}/g,
    weigh: (secret) => (isFiller(secret) ? undefined : "medium"),
  },
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
  token("Google access token", ["ya29."], /(?<![\w-])ya29\.[\w-]{60,1000}/g),
  randomToken("Google refresh token", ["1//0"], /(?<![\w/-])1\/\/0[\w-]{40,300}/g),
  token("Firebase server key", [":apa91b"], /(?<![\w-])AAAA[\w-]{7}:APA91b[\w-]{100,200}/g),
  token("Google OAuth client secret", ["gocspx-"], /(?<![\w-])GOCSPX-[\w-]{28}(?![\w-])/g),
  {
    kind: "JSON web token",
    keywords: ["eyj"],
    pattern: /(?<![\w-])eyJ[\w-]{10,4000}\.eyJ[\w-]{10,8000}\.[\w-]{20,1400}/g,
    weigh: weighJwt,
  },
  {
    kind: "Telegram token beside its name",
    keywords: ["telegram", "tg_", "bot"],
    near: 80,
    pattern: /(?<!\d)\d{8,10}:[\w-]{35}(?![\w-])/g,
    weigh: (secret, text, at) =>
      /telegram|tg_|bot/i.test(text.slice(Math.max(0, at - 80), at)) ? sure(secret) : undefined,
  },
  token("npm token", ["npm_"], /(?<![A-Za-z0-9])npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])/g),
  {
    kind: "npm registry token",
    keywords: ["_authtoken"],
    pattern: /_authToken\s{0,3}=\s{0,3}["']?([^\s"'${}]{12,500})/g,
    weigh: (secret) => {
      if (isPlaceholder(secret) || isFiller(secret)) return undefined;
      return (weighValue(secret) ?? "low") === "low" ? "medium" : "high";
    },
  },
  token(
    "OpenAI key",
    ["sk-"],
    /(?<![\w-])(?:sk-(?:proj|svcacct|admin|None)-[\w-]{40,250}|sk-[A-Za-z0-9]{48}(?![\w-]))/g,
  ),
  token("Anthropic key", ["sk-ant-"], /(?<![\w-])sk-ant-[a-z]{3,5}\d\d-[\w-]{80,250}/g),
  token(
    "Hugging Face token",
    ["hf_", "api_org_"],
    /(?<![\w-])(?:hf_|api_org_)[A-Za-z]{34}(?![\w-])/g,
  ),
  token("SendGrid key", ["sg."], /(?<![\w-])SG\.[\w-]{20,24}\.[\w-]{39,50}(?![\w-])/g),
  token(
    "DigitalOcean token",
    ["doo_v1_", "dop_v1_", "dor_v1_"],
    /(?<![\w-])do[opr]_v1_[a-f0-9]{64}(?![\w-])/g,
  ),
  token("PyPI token", ["pypi-ag"], /(?<![\w-])pypi-Ag[\w-]{60,500}/g),
  token("RubyGems token", ["rubygems_"], /(?<![\w-])rubygems_[a-f0-9]{48}(?!\w)/g),
  randomToken("NuGet key", ["oy2"], /(?<![\w-])oy2[a-z0-9]{43}(?![\w-])/g),
  randomToken("crates.io token", ["cio"], /(?<![\w-])cio[A-Za-z0-9]{32}(?![\w-])/g, 3.8),
  token("Docker Hub token", ["dckr_pat_", "dckr_oat_"], /(?<![\w-])dckr_[po]at_[\w-]{27,60}/g),
  token("Vault token", ["hvs.", "hvb."], /(?<![\w-])hv[sb]\.[\w-]{24,300}/g),
  token("Azure storage key", ["accountkey"], /AccountKey=([A-Za-z0-9+/]{86}==)/g),
  token("Azure shared access key", ["sharedaccesskey="], /SharedAccessKey=([A-Za-z0-9+/]{43}=)/g),
  randomToken("Azure client secret", ["q~"], /(?<![\w.~-])[\w.~-]{3}\dQ~[\w.~-]{31,34}(?![\w~-])/g),
  {
    kind: "Azure shared access signature",
    keywords: ["sig="],
    pattern: /[?&]sig=([A-Za-z0-9%+/]{40,120}={0,2})/g,
    weigh: (secret, text, at) =>
      /[?&](?:sv|se)=/.test(text.slice(Math.max(0, at - 400), at + 400)) ? sure(secret) : undefined,
  },
];
