/**
 * `wingman:allow RULE reason` on a secret's own line or the line above it. Only what it says is read
 * here; whether it counts is decided by the rule, from the trusted side. Comments of other tools mean
 * nothing.
 */

/** What somebody wrote beside a secret. */
export interface Allowance {
  readonly rule: string;
  readonly reason: string;
}

/** How far around a hit it is looked for. */
const REACH = 2000;
const WRITTEN = /wingman:allow[ \t]{1,8}([a-z0-9-]{1,80})[ \t]{1,8}(\S[^\r\n]{1,200})/;

/** The allowance for `rule` beside the text at `index`, or undefined. */
export function allowanceAt(bytes: Buffer, index: number, rule: string): Allowance | undefined {
  const window = bytes.toString("latin1", Math.max(0, index - REACH), index + REACH);
  const at = Math.min(index, REACH);
  const lineStart = window.lastIndexOf("\n", at - 1);
  const aboveStart = lineStart <= 0 ? lineStart : window.lastIndexOf("\n", lineStart - 1);
  const end = window.indexOf("\n", at);
  const lines = window.slice(aboveStart + 1, end === -1 ? undefined : end).split("\n");
  for (const line of lines) {
    const [, named, reason = ""] = WRITTEN.exec(line) ?? [];
    if (named === rule) return { rule, reason: reason.replace(/\s*(?:\*\/|-->)?\s*$/, "") };
  }
  return undefined;
}
