/** Cases of rows/hashes.ts. */
import { casesOf, type FamilyCases } from "./row-cases.ts";

export const HASHES_CASES: FamilyCases = casesOf({
  "crypt-hash": {
    bad: ["hash $6$<w16>$<w86>", "hash $2y$10$<w53>", "hash $apr1$<w8>$<w22>"],
    ok: ["price $6$<w4>", "$2y$10$<w9>"],
  },
  "argon2-hash": {
    bad: ["$argon2id$v=19$m=65536,t=3,p=4$<w22>$<w43>"],
    ok: ["$argon2id$v=19$m=65536"],
  },
  "django-hash": { bad: ["pbkdf2_sha256$600000$<w22>$<p43>="], ok: ["pbkdf2_sha256$600000$x"] },
  "ldap-hash": { bad: ["userPassword: {SSHA}<p32>"], ok: ["{SSHA}x"] },
  "kerberos-hash": { bad: ["$krb5asrep$23$acme@ACME:<h32>$<h128>"], ok: ["$krb5asrep$23$x"] },
});
