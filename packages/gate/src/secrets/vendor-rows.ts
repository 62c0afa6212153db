/**
 * Tokens with a shape of their own, of the vendors beside the large ones. Where a shape alone could
 * be chance (a short prefix, hex with a tail), the vendor's name has to stand in the text as well.
 */
import { isFiller } from "./filler.ts";
import type { FormerRow } from "./former-rows.ts";
import { randomToken, token } from "./former-rows.ts";

export const VENDOR_ROWS: readonly FormerRow[] = [
  token("Grafana token", ["glsa_"], /(?<![\w-])glsa_[A-Za-z0-9]{32}_[a-f0-9]{8}(?![\w-])/g),
  token("Grafana Cloud token", ["glc_eyj"], /(?<![\w-])glc_eyJ[A-Za-z0-9+/_-]{60,600}={0,2}/g),
  {
    ...token("Twilio key", ["twilio"], /(?<![A-Za-z0-9])SK[a-f0-9]{32}(?![A-Za-z0-9])/g),
    near: 400,
  },
  token("Heroku key", ["hrku-"], /(?<![\w-])HRKU-[\w-]{36,70}(?![\w-])/g),
  token(
    "Shopify token",
    ["shpat_", "shpca_", "shppa_", "shpss_"],
    /(?<![\w-])shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}(?!\w)/g,
  ),
  token(
    "Square secret",
    ["sq0csp-", "sq0atp-"],
    /(?<![\w-])sq0(?:csp-[\w-]{43}|atp-[\w-]{22})(?![\w-])/g,
  ),
  randomToken("Square access token", ["eaaa"], /(?<![\w+/-])EAAA[\w-]{60}(?![\w+/=-])/g, 4),
  {
    ...token(
      "Mailgun key",
      ["mailgun"],
      /(?<![\w-])(?:key-[a-f0-9]{32}|[a-f0-9]{32}-[a-f0-9]{8}-[a-f0-9]{8})(?![\w-])/g,
    ),
    near: 400,
  },
  // Tails are looked for first: runs of hex stand everywhere.
  {
    kind: "Mailchimp key",
    keywords: ["-us"],
    pattern: /-us\d{1,2}(?![\w-])(?<=(?<![\w-])[a-f0-9]{32}-us\d{1,2})/g,
    weigh: (_tail, text, at) => (isFiller(text.slice(at - 32, at)) ? undefined : "high"),
  },
  token("Databricks token", ["dapi"], /(?<![\w-])dapi[a-f0-9]{32}(?:-\d)?(?![\w-])/g),
  token("Groq key", ["gsk_"], /(?<![\w-])gsk_[A-Za-z0-9]{52}(?![\w-])/g),
  token("Perplexity key", ["pplx-"], /(?<![\w-])pplx-[A-Za-z0-9]{48}(?![\w-])/g),
  randomToken("Replicate token", ["r8_"], /(?<![\w-])r8_[A-Za-z0-9]{37}(?![\w-])/g),
  token("xAI key", ["xai-"], /(?<![\w-])xai-[A-Za-z0-9]{80}(?![\w-])/g),
  token("Supabase secret key", ["sb_secret_"], /(?<![\w-])sb_secret_[\w-]{22}_[\w-]{8}(?![\w-])/g),
  token(
    "Terraform Cloud token",
    [".atlasv1."],
    /\.atlasv1\.(?<=(?<![A-Za-z0-9])[A-Za-z0-9]{14}\.atlasv1\.)[\w=-]{60,70}(?![\w-])/g,
  ),
  token("Pulumi token", ["pul-"], /(?<![\w-])pul-[a-f0-9]{40}(?![\w-])/g),
  token("New Relic key", ["nrak-"], /(?<![\w-])NRAK-[A-Z0-9]{27}(?![\w-])/g),
  token(
    "Sentry token",
    ["sntrys_", "sntryu_"],
    /(?<![\w-])sntry(?:s_eyJ[\w+/=-]{60,600}|u_[a-f0-9]{64})/g,
  ),
  token(
    "Dynatrace token",
    ["dt0c01."],
    /(?<![\w-])dt0[a-z]\d\d\.[A-Z0-9]{24}\.[A-Z0-9]{64}(?![\w-])/g,
  ),
  token(
    "Linear key",
    ["lin_api_", "lin_oauth_"],
    /(?<![\w-])lin_(?:api|oauth)_[A-Za-z0-9]{32,64}(?![\w-])/g,
  ),
  token("Notion token", ["ntn_"], /(?<![\w-])ntn_\d{11}[A-Za-z0-9]{35}(?![\w-])/g),
  randomToken("Notion token", ["secret_"], /(?<![\w-])secret_[A-Za-z0-9]{43}(?![\w-])/g, 4),
  token("Postman key", ["pmak-"], /(?<![\w-])PMAK-[a-f0-9]{24}-[a-f0-9]{34}(?![\w-])/g),
  token("Figma token", ["figd_"], /(?<![\w-])figd_[\w-]{40}(?![\w-])/g),
  {
    ...token(
      "Airtable token",
      ["airtable"],
      /(?<![\w-])pat[A-Za-z0-9]{14}\.[a-f0-9]{64}(?![\w-])/g,
    ),
    near: 400,
  },
  token("Atlassian token", ["atatt3", "atctt3"], /(?<![\w-])AT[AC]TT3[\w=-]{150,400}/g),
  token("Fly.io token", ["fm2_"], /(?<![\w-])fm2_[A-Za-z0-9+/]{100,1000}={0,2}/g),
  token("PlanetScale secret", ["pscale_"], /(?<![\w-])pscale_(?:tkn|pw|oauth)_[\w.=-]{32,64}/g),
  token(
    "Doppler token",
    ["dp.pt.", "dp.st.", "dp.ct.", "dp.sa.", "dp.scim.", "dp.audit."],
    /(?<![\w.-])dp\.(?:pt|ct|sa|scim|audit|st(?:\.[\w-]{2,35})?)\.[A-Za-z0-9]{40,44}(?![\w-])/g,
  ),
  token("1Password service account", ["ops_eyj"], /(?<![\w-])ops_eyJ[\w+/-]{200,2000}={0,2}/g),
  token(
    "Tailscale key",
    ["tskey-"],
    /(?<![\w-])tskey-(?:auth|api|client|scim|webhook)-[A-Za-z0-9]{8,20}-[A-Za-z0-9]{24,60}/g,
  ),
  randomToken("Alibaba access key id", ["ltai"], /(?<![\w+/-])LTAI[A-Za-z0-9]{16,20}(?![\w+/=-])/g),
  randomToken("Artifactory key", ["akcp"], /(?<![\w+/-])AKCp[A-Za-z0-9]{69}(?![\w+/=-])/g),
  token("Age secret key", ["age-secret-key-"], /AGE-SECRET-KEY-1[A-Z0-9]{58}/g),
];
