/** THE TABLE of secrets: every row of the scanner, by family. A kind that is not here is not looked for. */
import type { SecretRow } from "./row.ts";
import { AI_ROWS } from "./rows/ai.ts";
import { ASSIGNMENT_ROWS } from "./rows/assignments.ts";
import { CHAT_ROWS } from "./rows/chat.ts";
import { CI_ROWS } from "./rows/ci.ts";
import { CLOUDS_ROWS } from "./rows/clouds.ts";
import { CODE_HOSTS_ROWS } from "./rows/code-hosts.ts";
import { CREDENTIAL_ROWS } from "./rows/credentials.ts";
import { DATABASES_ROWS } from "./rows/databases.ts";
import { HASH_ROWS } from "./rows/hashes.ts";
import { IDENTITY_ROWS } from "./rows/identity.ts";
import { KEY_ROWS } from "./rows/keys.ts";
import { MAIL_ROWS } from "./rows/mail.ts";
import { MONITORING_ROWS } from "./rows/monitoring.ts";
import { PAYMENTS_ROWS } from "./rows/payments.ts";
import { REGISTRIES_ROWS } from "./rows/registries.ts";
import { SAAS_ROWS } from "./rows/saas.ts";
import { WEB_TOKEN_ROWS } from "./rows/web-tokens.ts";

export const ROWS: readonly SecretRow[] = [
  ...CODE_HOSTS_ROWS,
  ...CI_ROWS,
  ...REGISTRIES_ROWS,
  ...CLOUDS_ROWS,
  ...AI_ROWS,
  ...DATABASES_ROWS,
  ...PAYMENTS_ROWS,
  ...MAIL_ROWS,
  ...CHAT_ROWS,
  ...MONITORING_ROWS,
  ...SAAS_ROWS,
  ...IDENTITY_ROWS,
  ...KEY_ROWS,
  ...WEB_TOKEN_ROWS,
  ...HASH_ROWS,
  ...CREDENTIAL_ROWS,
  ...ASSIGNMENT_ROWS,
];

/** Families that need a name beside the secret: nothing is asked of them inside base64. */
export const NAMED_FAMILIES: ReadonlySet<string> = new Set(["generic", "credentials"]);
