/**
 * Programs that run what is written behind them (`sudo`, `env`, `xargs`), and programs that hand a
 * text to another shell (`sh -c`, `ssh`, `docker exec`, an interpreter's one-liner).
 */
import { namesProgram, programName } from "./program-name.ts";
import type { Word } from "./shell-words.ts";

/** Each with the options that take the next word. */
const WRAPPERS: Readonly<Record<string, RegExp>> = {
  sudo: /^-[A-Za-z]*[ugCDhpRrTtU]$|^--(?:user|group|host|prompt|chdir|chroot|role|type)$/,
  doas: /^-[uC]$/,
  pkexec: /^--user$/,
  env: /^-[uCS]$|^--(?:unset|chdir)$/,
  command: /^$/,
  exec: /^-a$/,
  builtin: /^$/,
  nohup: /^$/,
  time: /^-[fo]$/,
  nice: /^-n$|^--adjustment$/,
  ionice: /^-[cnp]$/,
  chrt: /^-[pT]$/,
  taskset: /^$/,
  stdbuf: /^-[ioe]$/,
  setsid: /^$/,
  timeout: /^-[ks]$|^--(?:kill-after|signal)$/,
  xargs: /^-[InPLdsEa]$|^--(?:max-args|max-procs|replace|delimiter|arg-file)$/,
  parallel: /^-[jIN]$|^--jobs$/,
  watch: /^-[nd]$|^--interval$/,
  busybox: /^$/,
  toybox: /^$/,
  npx: /^-p$|^--package$/,
  bunx: /^$/,
  pnpx: /^$/,
  uvx: /^$/,
  caffeinate: /^-t$/,
  fakeroot: /^$/,
  chroot: /^$/,
  unshare: /^$/,
  firejail: /^$/,
  strace: /^-[eopsP]$/,
  ltrace: /^-[eop]$/,
  flock: /^-[wE]$/,
  "systemd-run": /^-[pu]$/,
  "dbus-run-session": /^$/,
  torsocks: /^$/,
  proxychains: /^-f$/,
  proxychains4: /^-f$/,
  catchsegv: /^$/,
  runuser: /^-[ugc]$/,
  gosu: /^$/,
  "su-exec": /^$/,
  winpty: /^$/,
  "cross-env": /^$/,
  dotenv: /^-e$/,
  dotenvx: /^-f$/,
  wsl: /^-[du]$/,
  start: /^$/,
};
/** One operand of theirs stands before the command: `chroot DIR rm`, `timeout 5 rm`, `gosu app rm`. */
const OPERAND = /^(?:chroot|timeout|flock|gosu|su-exec|taskset)$/;
/** Runners whose own subcommand stands between: `bundle exec rake`, `uv run python`. */
const RUNNERS: Readonly<Record<string, RegExp>> = {
  bundle: /^exec$/,
  npm: /^(?:exec|x)$/,
  pnpm: /^(?:exec|dlx)$/,
  yarn: /^(?:exec|dlx)$/,
  bun: /^x$/,
  poetry: /^run$/,
  uv: /^run$/,
  pipenv: /^run$/,
  mise: /^(?:exec|x)$/,
  doppler: /^run$/,
  op: /^run$/,
};
/** Shell's own words, and what a prompt or a diff leaves in front. */
const WORDS = new Set([
  "then",
  "do",
  "else",
  "elif",
  "!",
  "if",
  "while",
  "until",
  "$",
  "%",
  ">",
  ">>>",
  "PS>",
  "+",
  "@",
]);

/** Where the command itself begins, what is set in front of it, and who runs it. */
export function wrappedAt(words: readonly Word[]): {
  first: number;
  assigned: string[];
  wrappers: string[];
} {
  const assigned: string[] = [];
  const wrappers: string[] = [];
  let first = cronTimes(words);
  while (first < words.length) {
    const text = words[first]?.text ?? "";
    const name = programName(text);
    if (/^[A-Za-z_]\w*\+?=/.test(text)) assigned.push(text);
    else if (WORDS.has(text)) {
      first += 1;
      continue;
    } else if (
      isUnknown(text) &&
      !namesProgram(text) &&
      first + 1 < words.length &&
      !startsOption(words[first + 1])
    ) {
      // `$SUDO rm -rf /`: whatever it is, the command stands behind it.
    } else if (runs(name, words[first + 1])) {
      wrappers.push(name);
      first = behindOptions(words, first + 2, name);
      continue;
    } else if (Object.hasOwn(WRAPPERS, name)) {
      wrappers.push(name);
      first = behindOptions(words, first + 1, name);
      continue;
    } else break;
    first += 1;
  }
  return { first, assigned, wrappers };
}

/** Own keys only: a word `constructor` stands in no table. */
function runs(name: string, next: Word | undefined): boolean {
  return Object.hasOwn(RUNNERS, name) && RUNNERS[name]?.test(next?.text ?? "") === true;
}

function isUnknown(text: string): boolean {
  return /^\$(?:\w+|\{\w+\})$/.test(text);
}

function startsOption(word: Word | undefined): boolean {
  return word?.text.startsWith("-") === true;
}

function behindOptions(words: readonly Word[], from: number, name: string): number {
  const valued = Object.hasOwn(WRAPPERS, name) ? WRAPPERS[name] : undefined;
  let at = from;
  let operand = OPERAND.test(name);
  for (; at < words.length; at += 1) {
    const text = words[at]?.text ?? "";
    if (text === "--") return at + 1;
    if (text === "-" && name === "env") continue;
    if (text.startsWith("-") && text.length > 1) {
      // `env -S "rm -rf /"` is read as an inner text.
      if (valued?.test(text) === true && text !== "-S") at += 1;
    } else if (/^\d+(?:\.\d+)?[smhd]?$/.test(text) && !operand) continue;
    else if (operand) operand = false;
    else break;
  }
  return at;
}

/** `0 3 * * * rm -rf /`: a crontab's line. */
function cronTimes(words: readonly Word[]): number {
  if (words.length < 6 || !/[*\d]/.test(words[0]?.text ?? "")) return 0;
  const times = words.slice(0, 5).every((word) => /^(?:\*|[\d,/*-]+|[A-Za-z]{3})$/.test(word.text));
  return times && words.slice(0, 5).some((word) => word.text.includes("*")) ? 5 : 0;
}

const SHELLS = /^(?:sh|bash|zsh|dash|ksh|ash|fish|csh|tcsh|pwsh|powershell|cmd|su|script|busybox)$/;
const INTERPRETERS = /^(?:python[\d.]*|node|perl|ruby|php|deno|bun)$/;
/** Programs that hand over everything behind `--`, or a text behind an option. */
const CARRIERS =
  /^(?:docker|podman|nerdctl|docker-compose|kubectl|oc|lxc|vagrant|gcloud|aws|az|tmux|screen|nix-shell|nix|git|ansible|salt|rclone|heroku|flyctl|fly|devcontainer|limactl|multipass|adb)$/;
const COMMAND_OPTION =
  /^(?:-[a-zA-Z]*c|\/[cCkK]|-(?:Command|EncodedCommand|command)|--(?:command|run|exec|eval))$/;

interface Said {
  readonly said: readonly Word[];
}

/** The texts that a command hands to another shell. */
export function innerTexts(name: string, rest: readonly Word[], { said }: Said): Word[] {
  const found: (Word | undefined)[] = [];
  if (name === "eval" || name === "iex" || name === "invoke-expression") found.push(joined(rest));
  else if (name === "trap" || name === "alias" || name === "at" || name === "batch")
    found.push(...rest.map((word) => ({ ...word, text: word.text.replace(/^[\w.-]+=/, "") })));
  else if (name === "ssh" || name === "mosh") found.push(joined(rest.slice(hostAt(rest) + 1)));
  else if (name === "find") found.push(...execs(rest));
  else if (SHELLS.test(name)) {
    found.push(behindOption(rest), hereString(rest));
    // `echo 'rm -rf /' | sh`
    if (said.length > 0 && rest.every((word) => word.text.startsWith("-")))
      found.push(joined(said));
  } else if (INTERPRETERS.test(name)) {
    const script = rest[1 + rest.findIndex((word) => /^-[a-zA-Z]*[cer]$|^--eval$/.test(word.text))];
    if (script !== undefined && script !== rest[0]) found.push(unwrapped(script));
  } else if (CARRIERS.test(name)) found.push(...carried(name, rest));
  const split = rest.findIndex((word) => word.text === "-S" || word.text === "--split-string");
  if (name === "env" && split !== -1) found.push(rest[split + 1]);
  return found.filter((one) => one !== undefined && one.text !== "") as Word[];
}

function hostAt(rest: readonly Word[]): number {
  for (let at = 0; at < rest.length; at += 1) {
    const text = rest[at]?.text ?? "";
    if (/^-[BbcDEeFIiJLlmOopQRSWw]$/.test(text)) at += 1;
    else if (!text.startsWith("-")) return at;
  }
  return rest.length;
}

function behindOption(rest: readonly Word[]): Word | undefined {
  const flag = rest.findIndex((word) => COMMAND_OPTION.test(word.text));
  if (flag !== -1)
    return /^\/|^-[cC]ommand$/.test(rest[flag]?.text ?? "")
      ? joined(rest.slice(flag + 1))
      : rest[flag + 1];
  const set = rest.find((word) => /^--(?:command|run|exec)=./.test(word.text));
  return set === undefined
    ? undefined
    : { at: set.at, text: set.text.slice(set.text.indexOf("=") + 1) };
}

function hereString(rest: readonly Word[]): Word | undefined {
  const at = rest.findIndex((word) => word.text.startsWith("<<<"));
  const word = rest[at];
  if (word === undefined) return undefined;
  return word.text === "<<<" ? rest[at + 1] : { at: word.at, text: word.text.slice(3) };
}

/** What `-exec`, `-ok` and `-execdir` run, each up to `;` or `+`. */
function execs(rest: readonly Word[]): Word[] {
  const found: Word[] = [];
  for (let at = 0; at < rest.length; at += 1) {
    if (!/^-(?:exec|execdir|ok|okdir)$/.test(rest[at]?.text ?? "")) continue;
    let end = at + 1;
    while (end < rest.length && !/^[;+]$/.test(rest[end]?.text ?? "")) end += 1;
    const run = joined(rest.slice(at + 1, end));
    if (run !== undefined) found.push(run);
    at = end;
  }
  return found;
}

function carried(name: string, rest: readonly Word[]): Word[] {
  const found: (Word | undefined)[] = [behindOption(rest)];
  if (name === "git") return gitCarries(rest);
  const dashes = rest.findIndex((word) => word.text === "--");
  if (dashes !== -1) found.push(joined(rest.slice(dashes + 1)));
  const shell = rest.findIndex((word) => SHELLS.test(programName(word.text)));
  if (shell !== -1 && dashes === -1) found.push(joined(rest.slice(shell)));
  // `docker exec web rm -rf /`, `docker run --rm alpine rm -rf /`: what stands behind the first plain word.
  const verb = rest.findIndex((word) => /^(?:exec|run)$/.test(word.text));
  if (verb !== -1 && shell === -1 && dashes === -1) {
    const image = rest.findIndex((word, index) => index > verb && !word.text.startsWith("-"));
    for (let at = image + 1; image !== -1 && at < Math.min(rest.length, image + 4); at += 1)
      found.push(joined(rest.slice(at)));
  }
  const module = rest.findIndex((word) => word.text === "-a" || word.text === "--args");
  if (name === "ansible" && module !== -1) found.push(rest[module + 1]);
  if (name === "tmux" || name === "screen")
    found.push(...rest.filter((word) => /\s/.test(word.text)));
  return found.filter((one) => one !== undefined) as Word[];
}

/** `rebase --exec "…"`, `submodule foreach "…"`, `bisect run …`, and aliases, which are git or a shell. */
function gitCarries(rest: readonly Word[]): Word[] {
  const found: (Word | undefined)[] = [];
  // All that stands behind the first one, and only behind that: else a row of them would be quadratic.
  const from = rest.findIndex(
    (word, index) =>
      word.text === "foreach" || (word.text === "run" && rest[index - 1]?.text === "bisect"),
  );
  if (from !== -1)
    found.push(joined(rest.slice(from + 1).filter((one) => !one.text.startsWith("--"))));
  for (const [index, word] of rest.entries()) {
    const next = rest[index + 1];
    if (/^(?:--exec|-x|--tree-filter|--index-filter|--msg-filter)$/.test(word.text))
      found.push(next);
    else if (/^(?:--exec|-x)=?./.test(word.text) && word.text.startsWith("--exec="))
      found.push({ at: word.at, text: word.text.slice(7) });
    const set = /^alias\.[\w-]+(?:=([^]*))?$/i.exec(word.text);
    const value = set === null ? undefined : (set[1] ?? next?.text);
    if (value !== undefined)
      found.push({ at: word.at, text: value.startsWith("!") ? value.slice(1) : `git ${value}` });
  }
  return found.filter((one) => one !== undefined) as Word[];
}

/** An interpreter's one-liner with its brackets opened: `subprocess.run(["rm","-rf","/"])`. */
function unwrapped(script: Word): Word {
  return { at: script.at, text: script.text.replace(/[()[\]{}]/g, "\n").replace(/["',]/g, " ") };
}

function joined(words: readonly Word[]): Word | undefined {
  const [first] = words;
  if (first === undefined) return undefined;
  return { text: words.map((word) => word.text).join(" "), at: first.at };
}
