/**
 * A row of the table of forbidden actions, and what rows share: how options are matched in every
 * spelling. A row looks at one parsed command; it never looks at raw text where a command will do.
 */
import type { Command } from "../shell-words.ts";

export interface ForbiddenAction {
  /** The code is `forbidden/<id>`. */
  readonly id: string;
  readonly why: string;
  readonly help: string;
  /** `warn` where honest work needs it now and then: it is told, and let through. Else it blocks. */
  readonly severity?: "warn";
  /** True where this command does it. */
  command?(command: Command): boolean;
  /** What is no command of its own: SQL, a fork bomb, a phrase. Must be linear. */
  readonly pattern?: RegExp;
  /** True where prose matches `pattern` in upper case only: `delete from disk` is English. */
  readonly shouted?: boolean;
  /** A phrase of prose that orders it without a command line. */
  readonly phrase?: RegExp;
  /** Names of programs that `command` looks at, in lower case; prose is only cut into commands at one. */
  readonly names: readonly string[];
  /** True where `command` looks at every command, whatever its name. */
  readonly everyName?: boolean;
  readonly bad: readonly string[];
  readonly ok: readonly string[];
}

export const SHELL = /^(?:sh|bash|zsh|dash|ksh|ash|fish|pwsh|powershell|iex|csh|tcsh)$/;
export const INTERPRETER = /^(?:python[\d.]*|node|perl|ruby|php|deno|bun)$/;
export const FETCHER =
  /^(?:curl|wget|fetch|iwr|irm|aria2c|invoke-webrequest|invoke-restmethod|http|https|xh)$/;

export const has = (args: readonly string[], pattern: RegExp): boolean =>
  args.some((arg) => pattern.test(arg));

/** Arguments up to `--`: behind it nothing is an option. */
export function options(args: readonly string[]): readonly string[] {
  const end = args.indexOf("--");
  return end === -1 ? args : args.slice(0, end);
}

/** `-f`, `-rf`, `-fr`: a letter among short options, before `--`. */
export function hasShort(args: readonly string[], letters: string): boolean {
  return options(args).some(
    (arg) => /^-[A-Za-z]+$/.test(arg) && [...letters].some((letter) => arg.includes(letter)),
  );
}

/** `--recursive` and every unambiguous beginning of it from `least` letters on, with or without `=value`. */
export function hasLong(args: readonly string[], name: string, least = name.length): boolean {
  return options(args).some((arg) => {
    if (!arg.startsWith("--")) return false;
    const given = arg.slice(2).split("=", 1)[0] ?? "";
    return given.length >= least && name.startsWith(given);
  });
}

/** Arguments that are no options; `valued` options take the next one with them. */
export function operands(args: readonly string[], valued?: RegExp): string[] {
  const found: string[] = [];
  let open = true;
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? "";
    if (open && arg === "--") open = false;
    else if (open && arg.length > 1 && arg.startsWith("-")) {
      if (valued?.test(arg) === true) at += 1;
    } else found.push(arg);
  }
  return found;
}

/** True where the operands begin with these words: `docker`, `system prune`. */
export function begins(
  words: readonly string[],
  ...expected: readonly (string | RegExp)[]
): boolean {
  return expected.every((one, index) => {
    const word = (words[index] ?? "").toLowerCase();
    return typeof one === "string" ? word === one : one.test(word);
  });
}

/** Only shown: `--dry-run`, `--help`, `-h`, `--what-if`. */
export function isRehearsal(args: readonly string[]): boolean {
  return has(
    args,
    /^--(?:dry-?run(?:=(?!none|false).*)?|help|what-?if|dryrun|check|simulate|plan)$|^-(?:h|WhatIf)$/i,
  );
}
