/** Cases of rows/keys.ts. */
import { casesOf, type FamilyCases } from "./row-cases.ts";

export const KEYS_CASES: FamilyCases = casesOf({
  "private-key": {
    bad: ["<pem>", "  key: |\n    <pem>", "<pgp>"],
    ok: ["the words private key alone"],
  },
  "bare-private-key": {
    bad: ["<der>", 'private $key = "<der>";'],
    ok: ["MIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBa<p400>", "MIICXAIBAAKBgQ<p20>"],
  },
  "putty-private-key": {
    bad: [
      "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: acme\nPublic-Lines: 2\n<p64>\n<p20>\nPrivate-Lines: 1\n<p64>\n",
    ],
    ok: ["putty-user-key-file is a header"],
  },
  "json-web-key": {
    bad: [
      '{"kty":"EC","crv":"P-256","x":"<u43>","y":"<u43>","d":"<u43>"}',
      "{ kty: 'oct', k: '<u43>' }",
    ],
    ok: [
      '{"kty":"EC","crv":"P-256","x":"<u43>","y":"<u43>"}',
      '{"kty":"RSA","n":"<u342>","k":"<u43>"}',
    ],
  },
  "xml-private-key": {
    bad: [
      "<RSAKeyValue><Modulus><p172></Modulus><Exponent>AQAB</Exponent><D><p172></D></RSAKeyValue>",
    ],
    ok: ["<RSAKeyValue><Modulus><p172></Modulus><Exponent>AQAB</Exponent></RSAKeyValue>"],
  },
});
