/**
 * Finds forbidden actions in a text: commands in code, in inline code and in prose. What a sentence
 * forbids is no offence. Linear, and it never throws.
 */
import type { ForbiddenRow } from "@wingman/model";
import type { ForbiddenAction } from "./forbidden-actions.ts";
import { FORBIDDEN_ACTIONS } from "./forbidden-actions.ts";
import { forbids, forbidsBelow } from "./negation.ts";
import type { TextBlock } from "./order-text.ts";
import { blocksOf } from "./order-text.ts";
import type { Command } from "./shell-words.ts";
import { BOUNDLESS, commandsOf } from "./shell-words.ts";

/** One action at one place of the text. */
export interface Offence {
  readonly action: ForbiddenAction;
  /** Offsets into the text that was scanned. */
  readonly at: number;
  readonly end: number;
  /** Where negation has to stand in front of, if not `at`. */
  readonly hinge?: number;
}

/** The built-in rows and those of the policy. */
export function actionsOf(extend: readonly ForbiddenRow[]): readonly ForbiddenAction[] {
  return extend.length === 0 ? FORBIDDEN_ACTIONS : [...FORBIDDEN_ACTIONS, ...extend.map(extended)];
}

/** Each command word of prose is read on its own; more of them are no order for anybody. */
const MAX_COMMAND_WORDS = 2000;

/** What cannot be read whole is refused, never let through. */
export const TOO_MANY: ForbiddenAction = {
  id: "too-many-commands",
  why: `more than ${MAX_COMMAND_WORDS} command words cannot be told apart from an attempt to hide one`,
  help: "split the instruction, or move listings into code fences",
  names: [],
  bad: [],
  ok: [],
};

/** Every forbidden action that the Markdown text orders, by offset. */
export function offencesIn(text: string, actions: readonly ForbiddenAction[]): Offence[] {
  const { plain, offset } = foldText(text);
  const scan: Scan = { actions, ...indexOf(actions), left: MAX_COMMAND_WORDS };
  const found = new Map<string, Offence>();
  for (const block of blocksOf(plain)) {
    if (block.forbidden) continue;
    for (const one of block.kind === "code" ? inCode(block, scan) : inProse(block, scan)) {
      const at = offset(one.at);
      const key = `${one.action.id} ${at}`;
      if (!found.has(key))
        found.set(key, { action: one.action, at, end: Math.max(offset(one.end), at + 1) });
    }
  }
  return [...found.values()].sort((a, b) => a.at - b.at);
}

/** Rows by the program that they look at: a command is asked by a few of them, not by all. */
interface Index {
  readonly byName: ReadonlyMap<string, readonly ForbiddenAction[]>;
  readonly always: readonly ForbiddenAction[];
}

const indexes = new WeakMap<readonly ForbiddenAction[], Index>();

function indexOf(actions: readonly ForbiddenAction[]): Index {
  const known = indexes.get(actions);
  if (known !== undefined) return known;
  const byName = new Map<string, ForbiddenAction[]>();
  for (const action of actions) {
    for (const name of action.names) {
      const rows = byName.get(name) ?? [];
      rows.push(action);
      byName.set(name, rows);
    }
  }
  const always = actions.filter((one) => one.everyName === true && one.command !== undefined);
  const made = { byName, always };
  indexes.set(actions, made);
  return made;
}

interface Scan extends Index {
  readonly actions: readonly ForbiddenAction[];
  /** Command words of prose that may still be read. */
  left: number;
}

function inCode(block: TextBlock, scan: Scan): Offence[] {
  const { actions } = scan;
  const found = [
    ...byCommand(block.text, block.at, scan),
    ...byPattern(block.text, block.at, actions, false),
  ];
  // A comment in code is prose: `# never do this: rm -rf /`.
  const comments = [...block.text.matchAll(/^[ \t]*(?:#|\/\/|--)[ \t]+(.*)$/gm)].map((match) => {
    const text = match[1] ?? "";
    return {
      kind: "prose" as const,
      at: block.at + match.index + match[0].length - text.length,
      text,
      forbidden: false,
    };
  });
  const lines = comments.map((one) => ({ at: one.at, end: one.at + one.text.length }));
  const warned = shownAsBad(block);
  const kept = found.filter(
    (one) => spanAt(lines, one.at) === undefined && spanAt(warned, one.at) === undefined,
  );
  return [...kept, ...comments.flatMap((one) => inProse(one, scan))];
}

/** Lines below a comment that calls them bad, up to the next comment or empty line. */
function shownAsBad(block: TextBlock): Span[] {
  const spans: Span[] = [];
  const bad =
    /^[ \t]*(?:#|\/\/|--)[ \t]*(?:❌[ \t]*)?(?:bad|wrong|never|don'?t|do not|forbidden|not allowed|avoid)\b[^\n]{0,80}\n((?:(?![ \t]*(?:#|\/\/|--))[^\n]*\S[^\n]*(?:\n|$))*)/gim;
  for (const match of block.text.matchAll(bad)) {
    const lines = match[1] ?? "";
    // `# never mind, just run:` orders what stands below it.
    if (
      /[:;,]|\b(?:mind|but|just|then|run)\b/i.test(match[0].slice(0, match[0].indexOf("\n"))) &&
      !forbidsBelow(match[0].slice(0, match[0].indexOf("\n")))
    )
      continue;
    const end = block.at + match.index + match[0].length;
    spans.push({ at: end - lines.length, end });
  }
  return spans;
}

function byCommand(text: string, at: number, scan: Scan, inner?: number): Offence[] {
  const found: Offence[] = [];
  const ask = (command: Command, rows: readonly ForbiddenAction[]): void => {
    for (const action of rows) {
      if (action.command?.(command) === true)
        found.push({ action, at: command.at, end: command.end });
    }
  };
  for (const command of commandsOf(text, at, inner)) {
    if (command.name === BOUNDLESS)
      found.push({ action: TOO_MANY, at: command.at, end: command.end });
    ask(command, scan.always);
    const rows = scan.byName.get(command.name) ?? [];
    ask(
      command,
      rows.filter((one) => one.everyName !== true),
    );
  }
  return found;
}

const global = new WeakMap<RegExp, RegExp>();

/** A row's pattern with `g`; made once, for it is asked of every sentence. */
function everywhere(pattern: RegExp): RegExp {
  const known = global.get(pattern);
  if (known !== undefined) return known;
  const made = pattern.global ? pattern : new RegExp(pattern, `${pattern.flags}g`);
  global.set(pattern, made);
  return made;
}

function byPattern(
  text: string,
  at: number,
  actions: readonly ForbiddenAction[],
  prose: boolean,
): Offence[] {
  const found: Offence[] = [];
  for (const action of actions) {
    const patterns = [action.pattern, ...(prose ? [action.phrase] : [])];
    for (const pattern of patterns) {
      if (pattern === undefined) continue;
      for (const match of text.matchAll(everywhere(pattern))) {
        if (prose && action.shouted === true && !/^[A-Z]{6}/.test(match[0])) continue;
        // `Push without --force`: what forbids may stand inside the phrase.
        const flag = pattern === action.phrase ? match[0].lastIndexOf(" --") : -1;
        const hinge = flag === -1 ? {} : { hinge: at + match.index + flag + 1 };
        found.push({
          action,
          at: at + match.index,
          end: at + match.index + match[0].length,
          ...hinge,
        });
      }
    }
  }
  return found;
}

// A command in prose is looked at this far; English between two actions is longer.
const MAX_TAIL = 200;
const STOPS =
  /\s(?:and|then|or|nor|with|to|if|when|but|because|so|unless|until|after|before|while|is|are|was|must|may|should|can|will|would|has|does|which|that|for|by|into|as|never|not|no|instead|rather|the|it|this)\s/i;

function inProse(block: TextBlock, scan: Scan): Offence[] {
  const { actions } = scan;
  const { text } = block;
  const spans = codeSpans(text);
  const found: Offence[] = [...byPattern(text, 0, actions, true)];
  for (const span of spans) {
    const inner = text.slice(span.at, span.end);
    found.push(...byCommand(inner, span.at, scan), ...byPattern(inner, span.at, actions, false));
  }
  for (const word of text.matchAll(/[^\s`"'()[\]*,]+/g)) {
    const name = word[0].slice(word[0].lastIndexOf("/") + 1).toLowerCase();
    if (word[0].includes("://")) continue;
    const assigns = /^(?:husky|husky_skip_hooks|lefthook|skip|wingman_skip)=/.test(name);
    if (!assigns && !scan.byName.has(name)) continue;
    // Inside inline code it was read with the whole span, unless options follow the span.
    const span = spanAt(spans, word.index);
    if (span !== undefined && !/^`+\s+(?:with\s+)?`?-/.test(text.slice(span.end, span.end + 20)))
      continue;
    if (scan.left === 0) {
      found.push({ action: TOO_MANY, at: word.index, end: word.index + word[0].length });
      break;
    }
    scan.left -= 1;
    let tail = text.slice(word.index, word.index + MAX_TAIL).replace(/[`*]/g, " ");
    const line = tail.search(/\n\s*\n/);
    if (line !== -1) tail = tail.slice(0, line);
    const stop = STOPS.exec(tail.replace(/[“”"']/g, " "));
    if (stop !== null) tail = tail.slice(0, stop.index);
    const sentence = /[^\s.][.!?](?=\s|$)|[,)](?=\s|$)/.exec(tail);
    if (sentence !== null)
      tail = tail.slice(0, sentence.index + (/^[,)]/.test(sentence[0]) ? 0 : 1));
    if (name !== word[0]) tail = assigns ? tail : name + tail.slice(word[0].length);
    const shift = name !== word[0] && !assigns ? word[0].length - name.length : 0;
    const hits = byCommand(
      tail.replace(/(?<=\w)'(?=\w)/g, " ").replaceAll("\n", " "),
      word.index,
      scan,
      2,
    );
    for (const hit of hits) found.push({ ...hit, end: hit.end + shift });
  }
  return found
    .filter((one) => {
      if (one.action === TOO_MANY) return true;
      const { from, to } = sentenceAround(text, one.at, one.end, spans);
      return !forbids(text.slice(from, one.hinge ?? one.at), text.slice(one.end, to));
    })
    .map((one) => ({ ...one, at: one.at + block.at, end: one.end + block.at }));
}

interface Span {
  readonly at: number;
  readonly end: number;
}

/** The span that holds an offset; spans stand in order. */
function spanAt(spans: readonly Span[], at: number): Span | undefined {
  let low = 0;
  let high = spans.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const span = spans[middle];
    if (span === undefined || at < span.at) high = middle - 1;
    else if (at >= span.end) low = middle + 1;
    else return span;
  }
  return undefined;
}

/** Inline code, by runs of ticks of one length. */
function codeSpans(text: string): Span[] {
  const runs = [...text.matchAll(/`+/g)];
  const next = new Map<number, number[]>();
  for (const [index, run] of runs.entries()) {
    const list = next.get(run[0].length) ?? [];
    list.push(index);
    next.set(run[0].length, list);
  }
  const spans: Span[] = [];
  const cursor = new Map<number, number>();
  for (let index = 0; index < runs.length; index += 1) {
    const run = runs[index];
    if (run === undefined) break;
    const list = next.get(run[0].length) ?? [];
    let place = cursor.get(run[0].length) ?? 0;
    while (place < list.length && (list[place] ?? 0) <= index) place += 1;
    cursor.set(run[0].length, place);
    const closer = list[place];
    const end = closer === undefined ? undefined : runs[closer];
    if (closer === undefined || end === undefined) continue;
    spans.push({ at: run.index + run[0].length, end: end.index });
    index = closer;
  }
  return spans;
}

/** The sentence that holds a place, looked for within 500 characters; a full stop in code ends none. */
function sentenceAround(
  text: string,
  at: number,
  end: number,
  spans: readonly Span[],
): { from: number; to: number } {
  const low = Math.max(at - 500, 0);
  const high = Math.min(end + 500, text.length);
  const inside = (index: number): boolean => spanAt(spans, index) !== undefined;
  let from = low;
  let to = high;
  for (const match of text
    .slice(low, high)
    .matchAll(/(?<=[^\s.])[.!?](?=[\s"')*_]|$)|;|\n\s*\n/g)) {
    const index = low + match.index;
    if (
      inside(index) ||
      /\b(?:e\.g|i\.e|etc|vs|no)$/i.test(text.slice(Math.max(index - 4, 0), index))
    )
      continue;
    if (index < at) from = index + match[0].length;
    else if (index >= end) {
      to = index;
      break;
    }
  }
  return { from, to };
}

/**
 * NFKC without characters that show nothing, and every dash a hyphen: `git push ‑‑force` reads as
 * what it is. `offset` gives back the place in the text itself.
 */
export function foldText(given: string): { plain: string; offset: (at: number) => number } {
  if (/^[\x00-\x7f]*$/.test(given)) return { plain: given, offset: (at) => at };
  const text = withoutLookAlikes(given);
  let plain = "";
  const map: number[] = [];
  let at = 0;
  for (const char of text) {
    const word = /[\s`"'(]|^$/.test(text[at - 1] ?? "") && /\w/.test(text[at + 1] ?? "");
    let folded = char;
    if (char > "\x7f") {
      // Marks over letters change no command: `g\u0336it` is read as git by whoever carries it out.
      folded = char.normalize("NFKD").replace(/\p{Mn}+/gu, "");
      if (/^[\p{Cf}\p{Variation_Selector}\u034f\u115f\u1160\u3164]+$/u.test(folded)) folded = "";
      else if (/^[\p{Pd}\u2212]$/u.test(folded)) {
        // Editors turn `--force` into `–force`.
        folded = /^[–—]$/.test(char) && word ? "--" : /^[–—]$/.test(char) ? char : "-";
      } else if (/^\p{Zs}$/u.test(folded)) folded = " ";
    }
    for (let index = 0; index < folded.length; index += 1) map.push(at);
    plain += folded;
    at += char.length;
  }
  map.push(at);
  return { plain, offset: (index) => map[Math.min(index, map.length - 1)] ?? at };
}

// Letters of other scripts that are read as Latin ones; position by position.
const LOOK_ALIKE = "аеорсухіјѕԁһԛԝɡıοναρτκιυѵмтнвкАВЕКМНОРСТУХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧ";
const LATIN = "aeopcyxijsdhqwgiovaptkiuvmthbkABEKMHOPCTYXIJSABEZHIKMNOPTYX";
const MIXED = /[A-Za-z\d_-]{0,60}[\u0131\u0261\u0370-\u052f][\w\u0131\u0261\u0370-\u052f-]{0,60}/g;

/** `gіt рush` with Cyrillic letters: a word of two scripts is read as the Latin one that it looks like. */
function withoutLookAlikes(text: string): string {
  if (!/[\u0131\u0261\u0370-\u052f]/.test(text)) return text;
  return text.replace(MIXED, (word) => {
    if (!/[A-Za-z]/.test(word)) return word;
    return [...word].map((char) => LATIN[LOOK_ALIKE.indexOf(char)] ?? char).join("");
  });
}

/** A row of the policy: the first word is the program, each further one is found among its words, in order. */
function extended(row: ForbiddenRow): ForbiddenAction {
  const words = commandsOf(row.command)[0];
  const name = words?.name ?? "";
  const rest = words?.args ?? [];
  const anyName = name.includes("*");
  return {
    id: row.id,
    why: row.why,
    help: `leave it out: the policy forbids ${row.command}`,
    names: anyName ? [] : [name],
    everyName: anyName,
    command: (command) => {
      if (!fitsGlob(command.name, name)) return false;
      let next = 0;
      for (const arg of command.args) {
        const glob = rest[next];
        if (glob !== undefined && fitsGlob(arg, glob)) next += 1;
      }
      return next === rest.length;
    },
    bad: [row.command.replaceAll("*", "x")],
    ok: [],
  };
}

/** `*` stands for any characters, all else for itself in any case. Linear: no way back is ever needed. */
function fitsGlob(text: string, glob: string): boolean {
  const [head = "", ...others] = glob.toLowerCase().split(/\*+/);
  const folded = text.toLowerCase();
  const last = others.pop();
  if (last === undefined) return folded === head;
  if (!folded.startsWith(head)) return false;
  let at = head.length;
  for (const part of others) {
    const found = folded.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return folded.length - last.length >= at && folded.endsWith(last);
}
