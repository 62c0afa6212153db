/** All rows of the scanner, and the one pass that tells which of them a text is worth. */
import { ASSIGNMENT_ROWS } from "./assignment-rows.ts";
import { CREDENTIAL_ROWS } from "./credential-rows.ts";
import { KEY_ROWS } from "./key-rows.ts";
import type { SecretRow } from "./row.ts";
import { TOKEN_ROWS } from "./token-rows.ts";
import { VENDOR_ROWS } from "./vendor-rows.ts";

export const ROWS: readonly SecretRow[] = [
  ...TOKEN_ROWS,
  ...VENDOR_ROWS,
  ...KEY_ROWS,
  ...ASSIGNMENT_ROWS,
  ...CREDENTIAL_ROWS,
];

/** Texts of which one must stand in a file before secretlint's rules are asked at all. */
const SECRETLINT_KEYWORDS: readonly string[] = [
  "aws",
  "a3t",
  "agpa",
  "aida",
  "aroa",
  "aipa",
  "anpa",
  "anva",
  "account",
  "x-oauth-basic",
  "_authtoken",
  "npm_",
  "secretkey",
  "secret_key",
  "secretaccess",
  "secret_access",
  "t3blbkfj",
  "sk-ant-",
  "lin_api_",
  "sg.",
  "shppa_",
  "shpca_",
  "shpat_",
  "shpss_",
  "ops_ey",
  "mongodb",
  "mysql",
  "postgres",
  "akia",
  "asia",
  "ghp_",
  "gho_",
  "ghu_",
  "ghs_",
  "ghr_",
  "github_pat_",
];

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
// Longest first: an alternation takes the first that fits, and `sk-ant-` must not hide behind `sk-`.
const all = [...new Set([...ROWS.flatMap((row) => row.keywords), ...SECRETLINT_KEYWORDS])].sort(
  (a, b) => b.length - a.length,
);
const ANY = new RegExp(all.map(literal).join("|"), "gi");

/** Which rows, and whether secretlint, are worth trying on a text. */
export interface Worth {
  readonly rows: readonly SecretRow[];
  readonly secretlint: boolean;
}

/** Takes any text; gives undefined where no keyword stands in it, so that clean files cost one pass. */
export function worthOf(text: string): Worth | undefined {
  ANY.lastIndex = 0;
  const found = new Set<string>();
  for (let hit = ANY.exec(text); hit !== null; hit = ANY.exec(text)) {
    found.add(hit[0].toLowerCase());
    // One step on, not past the word: `secret_keyboard` holds several keywords that overlap.
    ANY.lastIndex = hit.index + 1;
  }
  if (found.size === 0) return undefined;
  // A longer keyword holds the shorter ones: `sk-ant-` is `sk-` too.
  const holds = (keyword: string): boolean =>
    found.has(keyword) || [...found].some((one) => one.includes(keyword));
  return {
    rows: ROWS.filter((row) => row.keywords.some(holds)),
    secretlint: SECRETLINT_KEYWORDS.some(holds),
  };
}
