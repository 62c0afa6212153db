/**
 * What of a compose file must not be written out: credentials block; hosts, published ports and
 * passwords that protect nothing warn, since nearly every honest file has one. `${VAR}` passes, and so
 * does a default of what is no credential.
 */
import type { ComposeValue } from "./compose-file.ts";
import { interpolated, splitColons } from "./interpolation.ts";

export type ComposeFault = "credential" | "weak-credential" | "host" | "port";

/** Names that hold a credential. The end decides: `DB_PASSWORD_FILE` and `ACCESS_KEY_ID` hold none. */
const CREDENTIAL =
  /(?:password|passwd|passphrase|secret|credentials?|(?:^|[_.-])(?:pass|pwd|pw|requirepass|api[_.-]?key|apikey|token|auth[_.-]?key|access[_.-]?key|secret[_.-]?key(?:[_.-]base)?|private[_.-]?key|encryption[_.-]?key|signing[_.-]?key|master[_.-]?key|app[_.-]?key)|[a-z](?:Token|ApiKey|AccessKey|SecretKey|PrivateKey)|secret_?key|access_?token|auth_?token|bot_?token|api_?token)(?:s|[_.-]?\d{1,3})?$/i;
/** `MAX_TOKENS`, `TOKEN_TTL`-like counts and switches: numbers and flags, whoever they are about. */
const NO_CREDENTIAL =
  /(?:^|[_.-])(?:max|min|num|count|limit|allow|allowed|enable|enabled|disable|require|required|random|no|use|has|show|reset|without|skip)(?:[_.-]|$)/i;
const HOST =
  /^(?:[A-Z][A-Z0-9]*_)*(?:HOST|HOSTS|HOSTNAME|ADDR|ADDRESS|ENDPOINT|SERVER|SERVERS|URL|URI|DSN|BROKER|BROKERS)$/;
/**
 * What the manuals of the images themselves show. Everybody knows them, so they are no secret; they
 * protect nothing either, so they are told.
 */
const WEAK =
  /^(?:|[-x*]+|root|(?:root|admin|user|my|db|app|super|test)[-_]?(?:password|passwd|pass|pw|secret)\d{0,4}|admin|administrator|postgres|mysql|mariadb|mongo|redis|rabbitmq|guest|user|username|test(?:ing|user|password)?|dev(?:elopment)?|demo|local|default|docker|example|sample|dummy|fake|none|password\d{0,4}|passw0rd|passwd|pass|secret|secretpassword|mysecretpassword|my-secret-pw|verysecret|changeme|change[-_ ]?me|change[-_ ]?this.{0,40}|changeit|replace[-_ ]?me|your[-_ ].{1,60}|<.{1,60}>|letmein|qwerty|minio(?:admin|123)?|1234\d{0,6}|abc123|foobared|guest|root123|sa|toor|insecure.{0,40}|not[-_]?secret|not[-_ ]?so[-_ ]?secret.{0,20})$/i;

/**
 * Users, databases and services that a file names, in lower case: `app` as the password of `app` is
 * no secret to anybody who reads it.
 */
export function namesIn(values: readonly ComposeValue[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { key, value } of values) {
    if (!/(?:user|username|usr|login|database|db|db_?name|container_name|hostname)$/i.test(key))
      continue;
    const { literal } = interpolated(value);
    if (literal.length <= 40) names.add(literal.toLowerCase());
  }
  return names;
}

/** What is wrong with one value, or nothing. `names` as {@link namesIn} gives them. */
export function composeFaults(value: ComposeValue, names: ReadonlySet<string>): ComposeFault[] {
  switch (value.kind) {
    case "port":
      return portIsLiteral(value.value) ? ["port"] : [];
    case "published":
      return /^[\d\s-]+$/.test(value.value) ? ["port"] : [];
    case "host":
      return isAddress(value.value) ? ["host"] : [];
    case "text":
      return textFaults(value.value, names);
    case "pair":
      return pairFaults(value.key, value.value, names);
  }
}

function pairFaults(key: string, value: string, names: ReadonlySet<string>): ComposeFault[] {
  if (CREDENTIAL.test(key) && !NO_CREDENTIAL.test(key)) {
    const found = credentialFault(value, names);
    if (found !== undefined) return [found];
  }
  const inText = textFaults(value, names);
  if (inText.length > 0) return inText;
  return HOST.test(key) && hostsOf(value).some(isElsewhere) ? ["host"] : [];
}

/** A credential's value: written out, a default, or from the environment. */
function credentialFault(value: string, names: ReadonlySet<string>): ComposeFault | undefined {
  const { literal, hasDefault, asks } = interpolated(value.trim());
  // `$$VAR` is a variable of the container; /run/secrets is where compose mounts what it keeps.
  if (/^\$[A-Za-z_{(]/.test(literal) || /^\.{0,2}\/[\w./-]*$/.test(literal)) return undefined;
  if (/^(?:true|false|yes|no|on|off|0|1|null|~)?$/i.test(literal) || asks) {
    return hasDefault ? "weak-credential" : undefined;
  }
  // Templates of other tools: `{{ password }}`, `<%= … %>`, `op://vault/item`, `%s`.
  if (
    /^(?:\{\{.*\}\}|<%.*%>|\{%.*|%\w|%\w+%|(?:op|vault|awssm|ref\+\w+):\/\/\S*|ENC\[.*)$/.test(
      literal,
    )
  )
    return undefined;
  return WEAK.test(literal) || names.has(literal.toLowerCase()) ? "weak-credential" : "credential";
}

/** Credentials inside of a text: in a URL, or behind an option of a command. */
function textFaults(text: string, names: ReadonlySet<string>): ComposeFault[] {
  const found = new Set<ComposeFault>();
  const add = (value: string): void => {
    const fault = credentialFault(value, names);
    if (fault !== undefined) found.add(fault);
  };
  for (const match of text.matchAll(/:\/\/([^\s/@:"'`<>]{0,200}):([^\s/@"'`<>]{1,500})@/g)) {
    // `postgres://app:app@db`: the user's own name.
    if (match[1] === match[2] && match[1] !== "") found.add("weak-credential");
    else add(match[2] ?? "");
  }
  const options =
    /(?<![\w-])--?(?:[\w-]{0,40}-)?(?:password|passwd|requirepass|masterauth|secret-key|api-key|auth-token)(?:=|\s{1,4})("[^"]{0,200}"|'[^']{0,200}'|[^\s"'-][^\s"']{0,200})/gi;
  for (const match of text.matchAll(options)) add((match[1] ?? "").replace(/^["']|["']$/g, ""));
  return [...found];
}

/** `5001:5001`, `127.0.0.1:5432:5432/tcp`: the host's port is written out. A container's own is none. */
function portIsLiteral(value: string): boolean {
  const parts = splitColons(value.trim());
  const host = parts.length < 2 ? undefined : parts.at(-2);
  return host !== undefined && /^\s*\d[\d\s-]*$/.test(host);
}

function hostsOf(value: string): string[] {
  return value.split(/[\s,;]+/, 50).flatMap((one) => {
    const url = /^[a-z][a-z0-9+.-]{0,30}:\/\/(?:[^/@]{0,500}@)?([^/?#]{0,300})/i.exec(one);
    const host = (url?.[1] ?? one).replace(/:\d{1,5}$/, "");
    return host.includes("$") || host.length > 253 ? [] : [host];
  });
}

/** A place outside of this compose file: an address, or a name with a domain. */
function isElsewhere(host: string): boolean {
  if (isAddress(host)) return true;
  if (!/^(?:[a-z0-9_](?:[a-z0-9_-]{0,62})\.)+[a-z]{2,24}\.?$/i.test(host)) return false;
  return !/(?:^|\.)(?:localhost|local|internal|localdomain|test|example|invalid|example\.(?:com|org|net)|sock|ya?ml|json|ini|conf|cfg|db|sqlite3?|js|ts|py|html|txt|xml)\.?$/i.test(
    host,
  );
}

function isAddress(host: string): boolean {
  return /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host) && !/^(?:127\.|0\.0\.0\.0$|255\.)/.test(host);
}
