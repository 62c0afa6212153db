/**
 * Secrets without a shape of their own: a value given to a name that says what it is, in code, YAML,
 * JSON, XML, .env, INI and properties, on a command line, in a query. What the value is and what the
 * name and the path say decide how sure that is.
 */
import { inFamily, type SecretRow } from "../row.ts";
import { weighBare, weighCalled, weighQuoted, weighSpaced } from "../weigh-assigned.ts";

/** CWE-798: use of hard-coded credentials. */
const SOURCE = "https://cwe.mitre.org/data/definitions/798.html";

/** Words of which a secret's name holds one; each is a keyword, so a pattern begins with it. */
const KEYWORDS: readonly string[] = [
  ...[
    "pass",
    "pwd",
    "psw",
    "secret",
    "token",
    "credential",
    "auth",
    "key",
    "salt",
    "private",
    "access",
  ],
  ...["contrase", "senha", "parola", "kennwort", "mdp"],
];
const NAME = `(?:pass(?:word|wd|phrase|code|wort)?|pwd|psw|secret|token|credentials?|auth|key|salt|private|access|contrase(?:na|ña|Ã±a)|senha|parola|kennwort|mdp)`;
/** A name to its end, closed as code, JSON and escaped JSON close it: `apiKey_2"`, `['token']`, `\\"secret\\"`. */
const NAMED = `${NAME}[\\w-]{0,40}(?:\\[["']?\\w{0,30}["']?\\]|\\[\\])?[\\\\"'\\]\`]{0,4}`;
/** `: string =` in TypeScript, `: &str =` in Rust, `string =` in Go, `{ get; set; } =` in C#. */
const TYPE = `(?::[ \\t]{0,4}&?(?:'static )?[A-Za-z<>?|. ]{1,30}=|[ \\t]{1,4}(?:string|String|text|str|varchar|STRING)[ \\t]{0,4}:?=|[ \\t]{1,4}\\{ ?get;[^{}\\r\\n]{0,20}\\}[ \\t]{0,4}=)`;
/** Kubernetes, .NET and others give name and value keys of their own. */
const VALUE_KEY = `[ \\t\\r\\n,]{1,40}[\\\\"']{0,2}(?:value|Value|VALUE|defaultValue|default)[\\\\"']{0,2}[ \\t]{0,4}[:=][ \\t]{0,4}`;
const SIGN = `(?:\\s{0,8}(?:${TYPE}|::?:?=|=>|->|\\?=|\\|\\|=|[!=]={0,3}|:)\\s{0,8}|${VALUE_KEY})`;
const OPEN = `(?:new \\w{1,24}\\()?(?:[bBrRuUfF@]{1,2}|N)?\\\\{0,3}(?:"""|'''|["'\`])`;
const BARE = `[^\\s"'\`,;(){}\\[\\]<>\\\\|]`;
/** All of a value at once: giving back sign by sign would cost 300 tries at each of a million names. */
const whole = (least: number, sign = BARE): string => `(?=(${sign}{${least},300}))\\1`;

type Row = Omit<SecretRow, "family">;

const row = (id: string, pattern: string, rest: Pick<SecretRow, "weigh"> & Partial<Row>): Row => ({
  id,
  kind: "hard-coded secret",
  vendor: "any",
  harm: "high",
  source: SOURCE,
  keywords: KEYWORDS,
  pattern: new RegExp(pattern, "imy"),
  clears: [],
  ...rest,
});

export const ASSIGNMENT_ROWS: readonly SecretRow[] = inFamily("generic", [
  // password = "…", "client_secret": "…", setToken('…') is the next one.
  row(
    "quoted-secret",
    `${NAMED}${SIGN}${OPEN}((?:[^"'\`\\r\\n\\\\]|\\\\(?!["'nrt])){3,300})\\\\{0,3}["'\`]`,
    {
      weigh: weighQuoted,
    },
  ),
  // setPassword("…"), .password('…'), define('AUTH_KEY', '…'), password_verify("…").
  row(
    "secret-argument",
    `${NAMED}[)]?[ \\t]{0,2}\\([ \\t]{0,4}${OPEN}([^"'\`\\r\\n\\\\]{3,300})\\\\?["'\`]`,
    {
      weigh: weighCalled,
    },
  ),
  // define('API_KEY', '…'), setProperty("password", "…"): in a bare list two names stand so as well.
  row(
    "secret-pair",
    `(?<=\\(["'\`][\\w.-]{0,40})${NAME}[\\w-]{0,40}["'\`],\\s{0,8}["'\`]([^"'\`\\r\\n\\\\]{4,300})["'\`]`,
    {
      weigh: weighCalled,
    },
  ),
  // Bare values as .env, YAML, ini and properties files write them: to the end of the line.
  row(
    "bare-secret",
    `${NAMED}(?:[ \\t]{0,12}[=:]{1,2}[ \\t]{0,12}|${VALUE_KEY})${whole(3, "[^\\s\"'`,;(){}\\[\\]<>\\\\]")}(?=[ \\t]{0,8}(?:#|//|\\\\?\\r?$)|["'][ \\t]{0,4}[\\]},]{0,3}[ \\t]{0,4}\\r?$)`,
    { weigh: weighBare },
  ),
  // NAME=value without spaces ends where a shell, a query or a connection string ends it; {user: x, pass: y}.
  row(
    "inline-secret",
    `${NAMED}(?:=|:[ \\t]{0,4})${whole(3, "[^\\s\"'`,;(){}\\[\\]<>\\\\&|]")}(?=[\\s"'\`;&,)}\\]|\\\\]|$)`,
    {
      weigh: weighBare,
    },
  ),
  // --token VALUE, Docker's older ENV NAME VALUE, `password foo` of router and mail configurations.
  row(
    "spaced-secret",
    `${NAME}[\\w-]{0,24}(?:[ \\t]{1,8}(?:is|key|token|secret)(?=[ \\t:]))?:?[ \\t]{1,8}["'\`]?${whole(6)}(?=["'\`\\s,;.)]|$)`,
    { weigh: weighSpaced },
  ),
  // <password>…</password>
  row(
    "secret-in-xml",
    `(?<=<[\\w:.-]{0,40})${NAME}[\\w-]{0,40}(?: [^<>\\r\\n]{0,120})?>\\s{0,20}(?=([^\\s<>]{3,300}))\\1\\s{0,20}</`,
    {
      weigh: weighBare,
    },
  ),
]);
