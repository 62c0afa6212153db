/**
 * Private keys of every kind, over lines or in one with `\n`. A key with its body blocks; one behind
 * a passphrase is only suspected, and so is a header that nothing follows.
 */
import { isPublished } from "../filler.ts";
import { isEncryptedKey, keyBody } from "../key-body.ts";
import { isMadeForTests, isTest, isTestOrDocs } from "../path-kind.ts";
import { type Filter, inFamily, type SecretRow } from "../row.ts";

/** Its header's own row has it. */
const IN_PEM: Filter = {
  id: "in-pem",
  clears: ({ text, at }) =>
    /-{4,5}[\s"'`+,\\nrt]{1,60}$/.test(text.slice(Math.max(0, at - 80), at)),
};

export const KEY_ROWS: readonly SecretRow[] = inFamily("keys", [
  {
    id: "private-key",
    kind: "private key",
    vendor: "any",
    harm: "critical",
    source: "https://www.rfc-editor.org/rfc/rfc7468",
    keywords: ["private key"],
    // The header's first words stand before the keyword: it is looked for around it.
    pattern: /-{4,5} ?BEGIN (?:[A-Z0-9]{1,12} ){0,4}PRIVATE KEY(?: BLOCK)? ?-{4,5}/g,
    clears: [],
    weigh: ({ secret, text, at, path }) => {
      const body = keyBody(text.slice(at + secret.length, at + secret.length + REACH));
      // A literal in code that looks for keys ends at once.
      if (body === "none") return /^["'`]/.test(text.slice(at + secret.length)) ? "low" : "medium";
      if (body === "placeholder") return { cleared: "placeholder" };
      if (isMadeForTests(path) || isPublished(text.slice(at, at + 400))) return "medium";
      if (isEncryptedKey(secret, text.slice(at, at + REACH))) return "medium";
      if (body === "cut") return "medium";
      return body === "other" && isTestOrDocs(path) ? "medium" : "high";
    },
  },
  {
    id: "bare-private-key",
    kind: "private key",
    vendor: "any",
    harm: "critical",
    source: "https://www.rfc-editor.org/rfc/rfc5958",
    // Base64 of a length, then of version and first number (PKCS #1) or algorithm (PKCS #8, SEC 1).
    keywords: ["miic", "miie", "miig", "miij", "mighageambmg"],
    pattern:
      /(?<![A-Za-z0-9+/])(?:MII[A-Za-z0-9+/]{3}(?:IBAAKC[A-Za-z]{2}EA|IBAAKBgQ|IBADANBgkqhkiG9w0BAQEF)|MIGHAgEAMBMGByqGSM49AgEG)[A-Za-z0-9+/]{120,7000}={0,2}/y,
    clears: [IN_PEM],
    weigh: ({ secret, path }) => {
      if (keyBody(secret) !== "der") return { cleared: "no-private-key" };
      return isTest(path) ? "medium" : "high";
    },
  },
  {
    id: "putty-private-key",
    kind: "PuTTY private key",
    vendor: "PuTTY",
    harm: "critical",
    source: "https://the.earth.li/~sgtatham/putty/0.83/htmldoc/AppendixC.html",
    keywords: ["putty-user-key-file-"],
    pattern: /PuTTY-User-Key-File-\d: ?[a-z0-9-]{3,40}/y,
    clears: [],
    weigh: ({ text, at }) => {
      const after = text.slice(at, at + REACH);
      if (!/Private-Lines: ?\d{1,3}(?:\s|\\[rn]){1,4}[A-Za-z0-9+/]{16}/.test(after)) return "low";
      return /Encryption: ?none/.test(after) ? "high" : "medium";
    },
  },
  {
    id: "json-web-key",
    kind: "private JSON web key",
    vendor: "IETF",
    harm: "critical",
    source: "https://www.rfc-editor.org/rfc/rfc7518#section-6",
    keywords: ["kty"],
    pattern: /(?<![\w$.-])["']?(?:d|k)["']?\s{0,4}:\s{0,4}["'`]([\w-]{20,800})["'`]/g,
    near: 1500,
    entropy: 3.6,
    weigh: (match) => {
      const around = match.text.slice(Math.max(0, match.at - 1500), match.at + 1500);
      const oct = /["']?k["']?\s{0,4}:\s{0,4}["'`]$/.test(
        match.text.slice(match.at - 16, match.at),
      );
      const kinds = oct
        ? /kty["']?\s{0,4}:\s{0,4}["'`]oct/
        : /kty["']?\s{0,4}:\s{0,4}["'`](?:RSA|EC|OKP)/;
      return kinds.test(around) ? "high" : { cleared: "no-private-key" };
    },
  },
  {
    id: "xml-private-key",
    kind: "private key in XML",
    vendor: "W3C",
    harm: "critical",
    source: "https://www.w3.org/TR/xmldsig-core1/#sec-RSAKeyValue",
    keywords: ["<rsakeyvalue"],
    pattern: /<RSAKeyValue>[\sA-Za-z0-9+/=<>]{40,2400}?<D>([A-Za-z0-9+/=\s]{40,1200})<\/D>/y,
  },
]);

/** Characters after the header in which a body must begin and show what it is. */
const REACH = 4000;
