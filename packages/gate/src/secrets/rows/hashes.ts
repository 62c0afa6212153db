/** Hashes of passwords: whoever has one can guess at it for as long as he likes. */
import { isTestOrDocs } from "../path-kind.ts";
import { inFamily, type SecretRow } from "../row.ts";

const CRYPT = "https://man7.org/linux/man-pages/man5/crypt.5.html";
const inPlace: SecretRow["weigh"] = ({ text, at, path }) => {
  // A line of shadow, htpasswd or chpasswd names whose password it is.
  const named = /(?:^|\n)[\w.@-]{1,64}:$/.test(text.slice(Math.max(0, at - 66), at));
  if (isTestOrDocs(path)) return named ? "medium" : "low";
  return named ? "high" : "medium";
};

export const HASH_ROWS: readonly SecretRow[] = inFamily("hashes", [
  {
    id: "crypt-hash",
    kind: "password hash",
    vendor: "any",
    harm: "medium",
    source: CRYPT,
    keywords: ["$1$", "$5$", "$6$", "$y$", "$gy$", "$7$", "$apr1$", "$2a$", "$2b$", "$2y$", "$2x$"],
    pattern:
      /\$(?:2[abxy]\$\d\d\$[./A-Za-z0-9]{53}|(?:1|apr1)\$[./A-Za-z0-9]{1,8}\$[./A-Za-z0-9]{22}|5\$(?:rounds=\d{1,9}\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{43}|6\$(?:rounds=\d{1,9}\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{86}|g?y\$[./A-Za-z0-9]{3,8}\$[./A-Za-z0-9]{1,86}\$[./A-Za-z0-9]{43}|7\$[./A-Za-z0-9]{11,97}\$[./A-Za-z0-9]{43})(?![./A-Za-z0-9])/y,
    confidence: "medium",
    weigh: inPlace,
  },
  {
    id: "argon2-hash",
    kind: "password hash",
    vendor: "any",
    harm: "medium",
    source: "https://www.rfc-editor.org/rfc/rfc9106",
    keywords: ["$argon2"],
    pattern:
      /\$argon2(?:id|i|d)\$v=\d{1,3}\$m=\d{1,9},t=\d{1,4},p=\d{1,4}\$[A-Za-z0-9+/]{8,90}\$[A-Za-z0-9+/]{16,120}/y,
    confidence: "medium",
    weigh: inPlace,
  },
  {
    id: "django-hash",
    kind: "password hash",
    vendor: "Django",
    harm: "medium",
    source: "https://docs.djangoproject.com/en/5.2/topics/auth/passwords/",
    keywords: ["pbkdf2_sha", "bcrypt_sha256$"],
    pattern: /pbkdf2_sha(?:1|256|512)\$\d{3,8}\$[A-Za-z0-9+/=]{4,40}\$[A-Za-z0-9+/]{27,88}={0,2}/y,
    confidence: "medium",
  },
  {
    id: "ldap-hash",
    kind: "password hash",
    vendor: "OpenLDAP",
    harm: "medium",
    source: "https://www.openldap.org/doc/admin26/security.html#Password%20Storage",
    keywords: ["{ssha", "{sha}", "{smd5}"],
    pattern: /\{(?:SSHA(?:256|384|512)?|SHA|SMD5)\}[A-Za-z0-9+/]{24,120}={0,2}/y,
    confidence: "medium",
  },
  {
    id: "kerberos-hash",
    kind: "Kerberos ticket to guess at",
    vendor: "Microsoft",
    harm: "high",
    source: "https://attack.mitre.org/techniques/T1558/",
    keywords: ["$krb5"],
    pattern: /\$krb5(?:asrep|tgs|pa)\$\d{1,2}\$[^\s"'`]{0,160}\$[a-fA-F0-9]{64,4000}/y,
  },
]);
