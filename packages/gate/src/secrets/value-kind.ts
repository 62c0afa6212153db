/**
 * What a value is that stands where a secret would: a reference, a placeholder, code, or something of
 * its own, by how random it is. The kind is all that weighing needs; the value goes no further.
 */
import { entropy } from "./confidence.ts";
import { isFiller, isPublished, isSequence } from "./filler.ts";

export type ValueKind =
  /** Long, and as random as a generator makes it. */
  | "random"
  /** 16 and more hex digits: a key, or a hash. */
  | "hex"
  | "uuid"
  /** Shorter, or half a word, but with digits or signs in it: what people choose. */
  | "chosen"
  /** Words: a weak password, a name, an identifier. */
  | "word"
  /** An alphabet, a row of digits, one sign over and over. */
  | "filler";

/** Why a value is none: the name of the filter that clears it. */
export type NoValue =
  | "reference"
  | "placeholder"
  | "published"
  | "pattern"
  | "code"
  | "date"
  | "password-hash"
  | "fingerprint"
  | "path"
  | "prose"
  | "version"
  | "encrypted";

/** Takes a value without its quotes. */
export function kindOfValue(value: string): ValueKind | { readonly none: NoValue } {
  // Words of a language that ASCII does not hold, and escapes: no password that a program sends.
  if (/[^\x20-\x7e]|\\[xu]/.test(value)) return { none: "prose" };
  if (isReference(value)) return { none: "reference" };
  if (
    /^(?:npm:|workspace:)?[\^~<>=v]{0,3}\d{1,4}(?:\.[\dx*]{1,6}){1,3}(?:-[a-z]{1,10}[\d.]{0,10})?$/i.test(
      value,
    )
  )
    return { none: "version" };
  if (isPlaceholder(value)) return { none: "placeholder" };
  if (isPublished(value)) return { none: "published" };
  // Our own: `github-token:1f0c9a4d27b3:5be01` in an allowance or a report.
  if (/^[0-9a-f]{12}:[0-9a-f]{5}$/.test(value)) return { none: "fingerprint" };
  if (/^\d{4}-\d\d-\d\d(?:$|[T ]\d)/.test(value)) return { none: "date" };
  // Has a row of its own.
  if (/\$(?:2[abxy]|1|5|6|apr1|g?y|argon2id?)\$/.test(value)) return { none: "password-hash" };
  if (isPattern(value)) return { none: "pattern" };
  // Between two quotes of minified code: `"),e.limit=[t,"`.
  if (value.length > 12 && /\)[,;{.]|=>|&&|\|\||\]\.|\.\w{1,40}\(/.test(value))
    return { none: "code" };
  if (/^(?:ENC[[(]|\{cipher\}|\$ANSIBLE_VAULT|Ag[A-Za-z0-9+/]{200}|enc:|encrypted:)/.test(value))
    return { none: "encrypted" };
  if (isPath(value)) return { none: "path" };
  if (/^[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}$/i.test(value)) {
    return isEmpty(value) ? "filler" : "uuid";
  }
  if (value.length >= 16 && /^[0-9a-f]+$/i.test(value) && /\d/.test(value)) {
    return isEmpty(value) || entropy(value) < 2.8 ? "filler" : "hex";
  }
  if (isEmpty(value)) return value.length < 12 && isMixed(value) ? "chosen" : "filler";
  if (isRandom(value)) return "random";
  return isMixed(value) ? "chosen" : "word";
}

const isEmpty = (value: string): boolean => isFiller(value) || isSequence(value);

const REFERENCE =
  /^(?:\$[\w({[]|\$$|%[A-Za-z_]\w{1,60}%|%[({]|#\{|\{\{|\{%|<%|<\?|@@|@\{|@Microsoft\.|&[\w]|\*[\w]|!(?:Ref|Sub|vault|GetAtt)|process\.|os\.|env[.:([]|ENV\[|System\.|getenv|secrets?[.:/](?!\d)|vault:|op:\/\/|bw:\/\/|arn:|projects\/|ref\+|file:|classpath:|https?:\/\/|ssm:|resolve:|var\.|local\.|data\.|module\.|config\.|self\.|this\.|args\.|opts?\.|options\.|settings\.|params?\.|req(?:uest)?\.)/i;

/** True where a value only points at a secret: `${X}`, `process.env.X`, `vault:…`, a template, a call. */
export function isReference(value: string): boolean {
  return (
    REFERENCE.test(value) ||
    /[$#%@]\{|\$\(|\{\{|\}\}|<%|%>|process\.env|\benv\(|[\w\]]\([^()]{0,80}\)$|^\{[\w.:-]{0,40}\}$|%[sdv@]|\{\w{0,40}\}|\(\?/.test(
      value,
    )
  );
}

const PLACEHOLDER =
  /example|placeholder|change[-_ .]?(?:me|it|this|my)?|replace[-_ ]?(?:me|this|with)?|your[-_ ]?|do[-_]?not[-_]?use|redacted|dummy|sample|not[-_ ]?a?[-_ ]?(?:real|secret)|x{4,}|\*{3}|\.{3}|…|^<[^>]{0,80}>?$|^\[[^\]]{0,60}\]$|\[[A-Za-z _-]{2,40}\]|todo|insert[-_ ]|enter[-_ ]|fake|lorem|generate|goes[-_]?here|put[-_]|_here$|provided|removed|hidden|masked|stripped|obfuscated|truncated|unspecified/i;
const NO_VALUE =
  /^(?:null|nil|none|undefined|true|false|yes|no|on|off|empty|default|n\/a|na|optional|required|string|str|text|bytes?|int|integer|number|boolean|bool|object|array|any|void|unknown|unset|disabled?|enabled?|auto|missing|invalid|wrong|foo|bar|baz|qux|foobar|hidden|original|set|exclusive|password|passwd|pass|pwd|pw|pswd|passphrase|secret|token|apikey|key|value|credential|credentials|user|username|name|bearer|basic|test|tests|testing|(?:scram-|pbkdf2-|hmac-?)?(?:sha|md|aes|rsa|des|hs|rs|es|ps)[-_]?\d{1,3}[\w-]{0,12}|bcrypt|argon2i?d?|plain(?:text)?|md5)$/i;

/** True where a value is plainly no secret: a placeholder, or one sign over and over. */
export function isPlaceholder(value: string): boolean {
  return (
    PLACEHOLDER.test(value) ||
    NO_VALUE.test(value) ||
    // @@KEY@@, ###PASSWORD###, __TOKEN__: what a program puts something for.
    /^([#@%_$~!])\1.{1,60}\1\1$/.test(value) ||
    // NATS_PASSWORD: the name of a variable, or of what to put here.
    /^[?:=-]{0,2}[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(value) ||
    new Set(value).size < 3
  );
}

/** A regular expression: `ntn_[0-9]{11}`. */
function isPattern(value: string): boolean {
  return /\[(?:\^|\\?[\w]-[\w])|\\[dwsb][+*{]|\(\?[:=!<]|\]\{\d|\.[*+][?)]/.test(value);
}

/** Paths, file names, addresses and MIME types. */
function isPath(value: string): boolean {
  return (
    (/^(?:\.{0,2}\/|~\/|[A-Za-z]:\\)[\w./\\@-]+$/.test(value) &&
      !/[A-Za-z0-9+/]{40}/.test(value)) ||
    /^[\w@-]+(?:\/[\w.@-]+)+\.\w{1,6}$/.test(value) ||
    /^[\w.-]+\.(?:pem|key|crt|cer|json|ya?ml|txt|p12|pfx|jks|env|conf|cfg|ini|xml|html?|js|ts|py|rb|go|java|php|sh|md|log|properties|com|org|net|io)$/i.test(
      value,
    ) ||
    /^(?:application|text|image|audio|video|multipart)\/[\w.+-]+$/.test(value)
  );
}

/** Upper case, lower case, digits or signs in no order that words have. */
function isRandom(value: string): boolean {
  if (value.length < 16 || isJoined(value) || !/[a-z]/i.test(value)) return false;
  const bits = entropy(value);
  if (isWordy(value))
    return value.length >= 20 && bits >= 3.7 && value.replace(/\D/g, "").length >= 5;
  if (value.length >= 20) return bits >= 3.4;
  return bits >= 3.4 && [/[A-Z]/, /[a-z]/, /\d/].every((kind) => kind.test(value));
}

/** Letters with digits or signs among them: `s3cr3t!`, `Welcome1`. */
function isMixed(value: string): boolean {
  return /[A-Za-z]/.test(value) && (/\d/.test(value) || /[^\w.\s-]/.test(value));
}

/** Words joined by dots, dashes, underscores or slashes: names, paths and messages. */
function isJoined(value: string): boolean {
  return (
    /^(?:[A-Za-z]{2,}\d{0,4}|\d{1,4})(?:[._/:+-](?:[A-Za-z]{1,}\d{0,4}|\d{1,4}|[vV]\d))+$/.test(
      value,
    ) && isWordy(value, 3)
  );
}

/** True where most letters stand in words of some length, camel case or not: in what can be spoken. */
function isWordy(value: string, least = 4): boolean {
  const letters = value.replace(/[^A-Za-z]/g, "").length;
  const runs = value.match(/[A-Z]?[a-z]+|[A-Z]+|\d+/g) ?? [];
  // Random letters change their kind at every second sign.
  if (runs.join("").length < 3 * runs.length || letters === 0) return false;
  const spoken = runs.filter((run) => run.length >= least && isSpoken(run));
  return spoken.join("").length >= 0.6 * letters;
}

/** Vowels between consonants, as in words; five consonants in a row are in none but a few. */
function isSpoken(piece: string): boolean {
  const vowels = piece.match(/[aeiouy]/gi)?.length ?? 0;
  return (
    vowels >= 0.2 * piece.length && vowels <= 0.75 * piece.length && !/[^aeiouy]{5}/i.test(piece)
  );
}

/** `S3cr3t`, `P@ssw0rd`: signs for letters in a word that says what it stands for. */
export function isJoke(value: string): boolean {
  const plain = value.toLowerCase().replace(/[013457@$!]/g, (sign) => LETTER_OF[sign] ?? sign);
  return /secret|passw|token/.test(plain);
}

const LETTER_OF: Readonly<Record<string, string>> = {
  ...{ "0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t" },
  ...{ "@": "a", $: "s", "!": "i" },
};

/** Letters and digits of some length that name nothing made up: `welcome1` opens many a server. */
export function isOwnChoice(value: string): boolean {
  return (
    value.length >= 8 &&
    /\d/.test(value) &&
    /^[\x21-\x7e]+$/.test(value) &&
    !isJoke(value) &&
    (/[A-Z]/.test(value) || !isJoined(value)) &&
    !/test|demo|foo|bar\d|base64|1234567|^(?:new|bad|my)?pass?\d|[:/=;]/i.test(value)
  );
}

/** Letters alone whose case changes as no name's does: `sVNoccqwvXxE`. */
export function isShuffled(value: string): boolean {
  return (
    value.length >= 10 && /[a-z][A-Z]{2,}[a-z]/.test(value) && !isJoined(value) && !isWordy(value)
  );
}

/** `minio123`: what documents print for everybody. */
export function isEverybodys(value: string): boolean {
  return /^[a-z]{3,12}[-_]?(?:12|123|1234|12345)$/.test(value);
}

/** Ten letters and digits, or more, that nobody can say: what is too short for a random value. */
export function isUnspoken(value: string): boolean {
  return (
    value.length >= 10 &&
    /^\w+$/.test(value) &&
    /\d/.test(value) &&
    !isJoined(value) &&
    !isWordy(value)
  );
}

/**
 * The text that a value is base64 of, or undefined: a Kubernetes secret wraps words as well. Of
 * `user:password` the password.
 */
export function wrappedText(value: string): string | undefined {
  if (value.length % 4 !== 0 || !/^[A-Za-z0-9+/]{6,}={0,2}$/.test(value)) return undefined;
  const inner = Buffer.from(value, "base64").toString("latin1");
  if (!/^[\x20-\x7e]{4,}[\r\n]?$/.test(inner)) return undefined;
  return inner.trimEnd().replace(/^[\w.@-]{1,64}:(?=.)/, "");
}
