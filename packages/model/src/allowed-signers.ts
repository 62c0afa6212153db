/**
 * The signers of `.wingman/allowed_signers`, in ssh-keygen's ALLOWED SIGNERS format (ssh-keygen(1)).
 * A line that ssh-keygen would not read is a problem with its number, never skipped: a skipped line
 * would silently turn a proven administrator into nobody.
 */
import type { Parsed, Problem } from "./problem.ts";
import { parseSshPublicKey } from "./ssh-key.ts";

/** One line of the file. */
export interface AllowedSigner {
  readonly principals: readonly string[];
  /** Empty: every namespace. Patterns as ssh-keygen's. */
  readonly namespaces: readonly string[];
  /** Milliseconds since 1970, inclusive. */
  readonly validAfter?: number;
  /** Milliseconds since 1970, inclusive. */
  readonly validBefore?: number;
  readonly certAuthority: boolean;
  /** The key blob (base64-decoded second field). */
  readonly key: Uint8Array;
  readonly line: number;
}

const MAX_BYTES = 1024 * 1024;

/**
 * Reads the whole file. Times without `Z` count as UTC: ssh-keygen takes the machine's zone, and one
 * file would then mean different things on different surfaces. Never throws.
 */
export function parseAllowedSigners(bytes: Uint8Array): Parsed<AllowedSigner[]> {
  if (bytes.length > MAX_BYTES) return broken(1, 1, `the file is longer than ${MAX_BYTES} bytes`);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return broken(1, 1, "the file is not UTF-8");
  }
  if (text.includes("\0")) return broken(1, 1, "the file holds a NUL byte");
  const value: AllowedSigner[] = [];
  const problems: Problem[] = [];
  for (const [at, raw] of text.split("\n").entries()) {
    const line = raw.replace(/\r$/, "");
    if (/^[ \t]*(#|$)/.test(line)) continue;
    const signer = parseLine(line, at + 1);
    if ("message" in signer) problems.push(signer);
    else value.push(signer);
  }
  return problems.length === 0 ? { ok: true, value } : { ok: false, problems };
}

function broken(line: number, column: number, message: string): { ok: false; problems: [Problem] } {
  return { ok: false, problems: [problem(line, column, message)] };
}

function problem(line: number, column: number, message: string): Problem {
  const help = 'dana@acme.example namespaces="git" ssh-ed25519 AAAAC3…';
  return { code: "format/signers", message, line, column, help };
}

// principals (quoted or not), then options or a key type, each parted by blanks.
const FIELD = /^[ \t]*(?:"([^"]*)"|([^ \t"]+))[ \t]+/;
const KEY = /^((?:sk-)?(?:ssh|ecdsa)-[a-z0-9@.-]+)[ \t]+([A-Za-z0-9+/=]+)(?:[ \t].*)?$/;
// One option: a name, or a name with a value in double quotes in which \" stands for a quote.
const OPTION = /^([A-Za-z-]+)(?:="((?:[^"\\]|\\.)*)")?(,|[ \t]+|$)/;

function parseLine(line: string, number: number): AllowedSigner | Problem {
  const field = FIELD.exec(line);
  const names = field?.[1] ?? field?.[2];
  if (field === null || names === undefined || names === "")
    return problem(number, 1, "the line has no principals and key");
  const principals = names.split(",");
  if (principals.some((name) => name === "" || name === "!" || /[\s"]/.test(name)))
    return problem(number, 1, "one of the principals is empty or holds a blank");
  let rest = line.slice(field[0].length);
  const options = new Map<string, string>();
  while (!KEY.test(rest)) {
    const column = line.length - rest.length + 1;
    const option = OPTION.exec(rest);
    const name = option?.[1]?.toLowerCase() ?? "";
    const wanted = OPTIONS[name];
    if (
      option === null ||
      wanted === undefined ||
      (wanted === "value") !== (option[2] !== undefined)
    )
      return problem(number, column, "neither a key nor an option that is known");
    if (options.has(name)) return problem(number, column, `${name} stands twice`);
    options.set(name, (option[2] ?? "").replace(/\\(.)/g, "$1"));
    rest = rest.slice(option[0].length);
    // A comma promises one more option, a blank promises the key.
    if ((option[3] === ",") === KEY.test(rest))
      return problem(
        number,
        line.length - rest.length + 1,
        "a known key type and its base64 belong here, after a blank",
      );
  }
  return withKey(rest, line.length - rest.length + 1, { principals, options, line: number });
}

const OPTIONS: Readonly<Record<string, "flag" | "value">> = {
  "cert-authority": "flag",
  namespaces: "value",
  "valid-after": "value",
  "valid-before": "value",
};

function withKey(
  rest: string,
  column: number,
  head: { principals: string[]; options: ReadonlyMap<string, string>; line: number },
): AllowedSigner | Problem {
  const match = KEY.exec(rest);
  const type = match?.[1] ?? "";
  const base64 = match?.[2] ?? "";
  const key = Buffer.from(base64, "base64");
  if (key.toString("base64") !== base64)
    return problem(head.line, column, "the key's base64 is broken");
  const parsed = parseSshPublicKey(key);
  if ("bad" in parsed) return problem(head.line, column, parsed.bad);
  if (parsed.type !== type)
    return problem(head.line, column, `the key is of type ${parsed.type}, the line says ${type}`);
  const namespaces = head.options.get("namespaces")?.split(",") ?? [];
  if (namespaces.includes("")) return problem(head.line, column, "one of the namespaces is empty");
  const times: { validAfter?: number; validBefore?: number } = {};
  for (const [name, field] of [
    ["valid-after", "validAfter"],
    ["valid-before", "validBefore"],
  ] as const) {
    const text = head.options.get(name);
    if (text === undefined) continue;
    const time = parseTime(text);
    if (time === undefined)
      return problem(head.line, 1, `${name} is no time as 20261231 or 20261231235959Z`);
    times[field] = time;
  }
  if (
    times.validAfter !== undefined &&
    times.validBefore !== undefined &&
    times.validAfter >= times.validBefore
  )
    return problem(
      head.line,
      1,
      "valid-after is not before valid-before: the key would never be valid",
    );
  const certAuthority = head.options.has("cert-authority");
  return { principals: head.principals, namespaces, ...times, certAuthority, key, line: head.line };
}

/** `YYYYMMDD[HHMM[SS]][Z]` in milliseconds, or undefined where it is no such time. */
function parseTime(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?Z?$/.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1).map((part) => part ?? "00");
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const time = Date.parse(iso);
  // Date.parse takes 30 February for 2 March in some engines: only the way back proves the date.
  return Number.isNaN(time) || new Date(time).toISOString() !== iso ? undefined : time;
}

/**
 * ssh's pattern lists (ssh_config(5) PATTERNS): `*`, `?`, and `!` for names that must not match.
 * True where at least one pattern matches and no negated one does.
 */
export function matchesPatterns(patterns: readonly string[], name: string): boolean {
  let found = false;
  for (const pattern of patterns) {
    const negated = pattern.startsWith("!");
    if (!matchesPattern(negated ? pattern.slice(1) : pattern, name)) continue;
    if (negated) return false;
    found = true;
  }
  return found;
}

/** One pattern, in time linear in pattern times name: a regular expression could be made to backtrack. */
function matchesPattern(pattern: string, name: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  let index = 0;
  while (index < name.length) {
    if (pattern[at] === "*") {
      star = at++;
      resume = index;
    } else if (at < pattern.length && (pattern[at] === "?" || pattern[at] === name[index])) {
      at++;
      index++;
    } else if (star >= 0) {
      at = star + 1;
      index = ++resume;
    } else return false;
  }
  while (pattern[at] === "*") at++;
  return at === pattern.length;
}
