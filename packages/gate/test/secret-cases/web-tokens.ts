/** Cases of rows/web-tokens.ts. */
import { casesOf, type FamilyCases } from "./row-cases.ts";

export const WEB_TOKENS_CASES: FamilyCases = casesOf({
  "json-web-token": {
    bad: ["token=<jwt>", "see <jwt> there"],
    ok: ["eyJ<u20>.eyJ<u20>", "eyJ<L20>.eyJ<L20>.<u30>"],
  },
  "unsigned-web-token": { bad: ["token=<unsigned>"], ok: ["eyJ<u20>.<u20>"] },
});
