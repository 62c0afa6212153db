/** THE TABLE of secrets: every row of the scanner, by family. A kind that is not here is not looked for. */
import { ASSIGNMENT_ROWS } from "./assignment-rows.ts";
import { CREDENTIAL_ROWS } from "./credential-rows.ts";
import { rowsOf } from "./former-rows.ts";
import { KEY_ROWS } from "./key-rows.ts";
import type { SecretRow } from "./row.ts";
import { CHAT_ROWS } from "./rows/chat.ts";
import { TOKEN_ROWS } from "./token-rows.ts";
import { VENDOR_ROWS } from "./vendor-rows.ts";

export const ROWS: readonly SecretRow[] = [
  ...CHAT_ROWS,
  ...rowsOf("tokens", TOKEN_ROWS),
  ...rowsOf("vendors", VENDOR_ROWS),
  ...rowsOf("keys", KEY_ROWS),
  ...rowsOf("generic", ASSIGNMENT_ROWS),
  ...rowsOf("credentials", CREDENTIAL_ROWS),
];

/** Families that need a name beside the secret: nothing is asked of them inside base64. */
export const NAMED_FAMILIES: ReadonlySet<string> = new Set(["generic", "credentials"]);
