/**
 * Credentials that travel with a request or a command: headers that authenticate, passwords in URLs
 * and connection strings, arguments of programs, the files that programs read them from.
 */

import { isTestOrDocs } from "../path-kind.ts";
import { inFamily, type SecretRow } from "../row.ts";
import {
  weighBasic,
  weighBearer,
  weighSqlPassword,
  weighUrlPassword,
} from "../weigh-credential.ts";
import { weighStored } from "../weigh-token.ts";

const RFC_BASIC = "https://www.rfc-editor.org/rfc/rfc7617";
const RFC_BEARER = "https://www.rfc-editor.org/rfc/rfc6750";
const RFC_URI = "https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1";

export const CREDENTIAL_ROWS: readonly SecretRow[] = inFamily("credentials", [
  {
    id: "bearer-token",
    kind: "bearer token",
    vendor: "any",
    harm: "high",
    source: RFC_BEARER,
    keywords: ["bearer"],
    pattern: /bearer["']?[ \t:=+]{1,4}["'`\\]{0,2}([\w.~+/=!@#%^*:-]{8,2000})/iy,
    clears: [],
    weigh: weighBearer,
  },
  {
    id: "authorization-token",
    kind: "token in an Authorization header",
    vendor: "any",
    harm: "high",
    source: "https://www.rfc-editor.org/rfc/rfc9110#section-11.6.2",
    keywords: ["authorization"],
    pattern:
      /authorization["'\]]{0,3}[ \t]{0,4}(?:=>|[:=,])[ \t]{0,4}["'`\\]{0,2}(?:(?:token|key|apikey|api-key|ssws|genietoken|bot|secret)[ \t:=]{1,3}(?:token=)?)?["']?([\w.~+/=!@#%^*:-]{16,2000})/iy,
    clears: [],
    weigh: weighBearer,
  },
  {
    id: "basic-credentials",
    kind: "basic credentials",
    vendor: "any",
    harm: "high",
    source: RFC_BASIC,
    keywords: ["basic"],
    pattern: /basic[ \t:=,+(]{1,4}["'`\\]{0,2}([A-Za-z0-9+/_-]{8,800}={0,2})(?![\w+/=])/iy,
    clears: [],
    weigh: weighBasic,
  },
  {
    id: "ntlm-authentication",
    kind: "NTLM authentication",
    vendor: "Microsoft",
    harm: "medium",
    source:
      "https://learn.microsoft.com/openspecs/windows_protocols/ms-ntht/4da12358-7cee-4104-b0da-0822d5768798",
    keywords: ["tlrmtvntuaad"],
    // Type 3: it answers a challenge with what a password is guessed from.
    pattern: /TlRMTVNTUAADAAAA[A-Za-z0-9+/]{60,2000}={0,2}/y,
  },
  {
    id: "key-in-header",
    kind: "key in a header",
    vendor: "any",
    harm: "high",
    source: "https://swagger.io/docs/specification/v3_0/authentication/api-keys/",
    keywords: [
      "x-api-key",
      "x-auth-token",
      "api-key",
      "x-access-token",
      "private-token",
      "apikey:",
    ],
    pattern:
      /(?:x-(?:api-key|auth-token|access-token)|api-key|private-token)["'\]]{0,3}[ \t]{0,4}(?:=>|[:=,])[ \t]{0,4}["'`\\]{0,2}([\w.~+/=!@#%^*-]{12,400})/iy,
    clears: [],
    weigh: weighBearer,
  },
  {
    id: "url-password",
    kind: "password in a URL",
    vendor: "any",
    harm: "high",
    source: RFC_URI,
    keywords: ["://"],
    // A user may be an address: `user@acme.test:password@host`.
    pattern: /:\/\/[^\s:/"'`<>\\|()]{0,120}:([^\s/"'`<>\\|]{1,200})@[\w[%${<*-]/y,
    clears: [],
    weigh: weighUrlPassword,
  },
  {
    id: "jdbc-password",
    kind: "password in a JDBC address",
    vendor: "Oracle",
    harm: "high",
    source: "https://docs.oracle.com/en/database/oracle/oracle-database/23/jjdbc/",
    keywords: ["jdbc:"],
    pattern: /jdbc:[\w:]{2,40}:[^\s"'`]{0,200}?(?:thin:[\w$#]{1,60}\/([^\s@"'`/]{3,100})@)/iy,
    clears: [],
    weigh: weighStored,
  },
  {
    id: "command-password",
    kind: "password of a command",
    vendor: "any",
    harm: "high",
    source: "https://curl.se/docs/manpage.html#-u",
    keywords: ["curl", "wget"],
    pattern:
      /(?:curl|wget)\b[^\r\n|;]{0,400}?[ \t](?:-u|--user|--proxy-user|-a|--auth)[ =]{0,2}["']?[^\s:"'$/]{1,100}:([^\s"'`]{3,200})/iy,
    clears: [],
    weigh: weighStored,
  },
  {
    id: "login-password",
    kind: "password of a command",
    vendor: "any",
    harm: "high",
    source: "https://docs.docker.com/reference/cli/docker/login/",
    keywords: ["login", "sshpass", "psexec", "mysql", "mongo", "ldapsearch"],
    pattern:
      /(?:(?<=\b(?:docker|podman|registry|az|oc|cf|acr|oras) )login|sshpass|psexec(?:\.exe)?|mysql(?:dump|admin|import)?|mongo(?:sh|dump)?|ldapsearch)(?=[ \t])[^\r\n|;]{0,300}?[ \t](?:-p|-w|--password|--token)(?:[ \t=]{1,2}|(?<=-p))["']?([^\s"'`$%<>=-][^\s"'`<>]{2,200})/iy,
    clears: [],
    weigh: weighStored,
  },
  {
    id: "sql-password",
    kind: "password in SQL",
    vendor: "any",
    harm: "high",
    source: "https://dev.mysql.com/doc/refman/8.4/en/create-user.html",
    keywords: ["identified", "password"],
    pattern:
      /(?:identified[ \t\r\n]{1,8}(?:with[ \t]{1,4}[\w'"`]{1,40}[ \t]{1,4})?by[ \t\r\n]{1,8}(?:password[ \t]{1,4})?|(?<![\w.])password[ \t]{0,4}\([ \t]{0,4}|(?<=\b(?:with|encrypted|user|role|login|set)\b[^;\r\n]{0,60} )password[ \t]{1,4}=?[ \t]{0,4})N?\\?["'`]([^"'`\r\n\\]{2,200})\\?["'`]/iy,
    clears: [],
    weigh: weighSqlPassword,
  },
  {
    id: "sql-bare-password",
    kind: "password in SQL",
    vendor: "Oracle",
    harm: "high",
    source: "https://docs.oracle.com/en/database/oracle/oracle-database/23/sqlrf/CREATE-USER.html",
    keywords: ["identified"],
    pattern: /identified[ \t\r\n]{1,8}by[ \t\r\n]{1,8}([A-Za-z][\w#$!]{2,60})(?=[\s;,]|$)/iy,
    clears: [],
    weigh: weighSqlPassword,
  },
  {
    id: "netrc-password",
    kind: "password of .netrc",
    vendor: "any",
    harm: "high",
    source: "https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html",
    keywords: ["machine"],
    pattern:
      /machine\s{1,8}\S{1,200}\s{1,20}login\s{1,8}\S{1,200}\s{1,20}password\s{1,8}(\S{3,300})/y,
    clears: [],
    weigh: weighStored,
  },
  {
    id: "pgpass-password",
    kind: "password of .pgpass",
    vendor: "PostgreSQL",
    harm: "high",
    source: "https://www.postgresql.org/docs/current/libpq-pgpass.html",
    keywords: [":5432:"],
    pattern: /(?<=^[\w.*-]{1,200}):5432:[\w*-]{1,100}:[\w.*-]{1,100}:(\S{3,300})\r?$/my,
    clears: [],
    weigh: weighStored,
  },
  {
    id: "filezilla-password",
    kind: "password of FileZilla",
    vendor: "FileZilla",
    harm: "high",
    source: "https://wiki.filezilla-project.org/Network_Configuration",
    keywords: ["<pass"],
    pattern: /<Pass(?: encoding="base64")?>([^<>\s]{3,200})<\/Pass>/y,
    clears: [],
    weigh: weighStored,
  },
  {
    id: "wordpress-salt",
    kind: "WordPress key or salt",
    vendor: "WordPress",
    harm: "high",
    source: "https://developer.wordpress.org/apis/wp-config-php/",
    keywords: [
      "auth_key",
      "auth_salt",
      "logged_in_key",
      "logged_in_salt",
      "nonce_key",
      "nonce_salt",
    ],
    // Any sign may be in it, spaces too: the generator of api.wordpress.org makes 64 of them.
    pattern:
      /(?:AUTH|LOGGED_IN|NONCE)_(?:KEY|SALT)["'],?\s{1,24}(?:=>\s{1,8})?'([\x20-\x26\x28-\x7e]{60,68})'/y,
    entropy: 4.2,
    clears: [],
    weigh: ({ path }) => (isTestOrDocs(path) ? "medium" : "high"),
  },
  {
    id: "firefox-login",
    kind: "stored login of Firefox",
    vendor: "Mozilla",
    harm: "high",
    source: "https://support.mozilla.org/kb/profiles-where-firefox-stores-user-data",
    keywords: ["encryptedusername", "encryptedpassword"],
    // DER: the key's id (248, 0, … 1), the cipher, the ciphertext. key4.db opens it, often without a password.
    pattern:
      /encrypted(?:Username|Password)"\s{0,2}:\s{0,2}"(M[A-Za-z]{2}EEPgAAAAAAAAAAAAAAAAAAAEw[A-Za-z0-9+/]{40,600}={0,2})"/y,
    clears: [],
    confidence: "medium",
  },
  {
    id: "secure-string",
    kind: "password as a secure string",
    vendor: "Microsoft",
    harm: "high",
    source:
      "https://learn.microsoft.com/powershell/module/microsoft.powershell.security/convertto-securestring",
    keywords: ["convertto-securestring", "networkcredential"],
    pattern:
      /(?:ConvertTo-SecureString[ \t]{1,4}(?:-AsPlainText[ \t]{1,4}|-Force[ \t]{1,4}|-String[ \t]{1,4}){0,3}|NetworkCredential\([ \t]{0,4}["'][^"'\r\n]{1,80}["'],[ \t]{0,4})["']([^"'\r\n]{3,200})["']/iy,
    clears: [],
    weigh: weighStored,
  },
]);
