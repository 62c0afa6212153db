/** JSON web tokens: what they say decides; one that says nothing opens no door that anybody knows. */
import { inFamily, type SecretRow } from "../row.ts";
import { weighWebToken } from "../weigh-web-token.ts";

export const WEB_TOKEN_ROWS: readonly SecretRow[] = inFamily("web-tokens", [
  {
    id: "json-web-token",
    kind: "JSON web token",
    vendor: "IETF",
    harm: "high",
    source: "https://www.rfc-editor.org/rfc/rfc7519",
    keywords: ["eyj"],
    pattern:
      /(?<![\w-](?<!\\[nrt]))eyJ[\w-]{8,4000}\.(?:eyJ[\w-]{6,8000}|[\w-]{2,400}\.[\w-]{8,400}\.[\w-]{8,8000})\.[\w-]{16,1400}/y,
    clears: [],
    weigh: weighWebToken,
  },
  {
    id: "unsigned-web-token",
    kind: "JSON web token without a signature",
    vendor: "IETF",
    harm: "medium",
    source: "https://www.rfc-editor.org/rfc/rfc7519#section-6",
    keywords: ["eyj"],
    pattern:
      /(?<![\w-](?<!\\[nrt]))eyJ[\w-]{12,4000}\.(?:eyJ|ew)[\w-]{10,8000}(?:\.(?![\w-])|(?![\w.-]))/y,
    clears: [],
    confidence: "medium",
    weigh: (match) => (weighWebToken(match) === "high" ? "medium" : "low"),
  },
]);
