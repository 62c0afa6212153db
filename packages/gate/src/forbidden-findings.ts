/**
 * The offences of one instruction file, each placed where a reader sees it. Apart from the rule, with the
 * table of actions: a hook loads neither before an instruction changes.
 */
import type { Change, Finding, Instruction, RepoPath } from "@wingman/model";
import { POINTS, parseInstruction, quotePath, visible } from "@wingman/model";
import type { Offence } from "./forbidden-scan.ts";
import { actionsOf, offencesIn } from "./forbidden-scan.ts";

/** The findings of one instruction file. One that cannot be parsed is scanned as plain text. */
export function forbiddenFindings(change: Change, path: RepoPath, bytes: Uint8Array): Finding[] {
  const text = Buffer.from(bytes)
    .toString("utf8")
    .replace(/^\ufeff/, "");
  const actions = actionsOf(change.trusted.policy.forbidden.extend);
  const parsed = parseInstruction(path, bytes);
  if (
    !parsed.ok &&
    parsed.problems.some((one) => one.code === "format/size" || one.code === "format/nul")
  )
    return [];
  const places = new Places(text);
  const findings = new Map<string, Finding>();
  const add = (offence: Offence, at: number, end: number, why: string): void => {
    const { line, column } = places.of(at);
    const key = `${offence.action.id} ${line}`;
    if (findings.has(key)) return;
    const shown = visible(text.slice(at, Math.min(end, at + 80)).split(/\r?\n/)[0] ?? "").trim();
    findings.set(key, {
      code: `forbidden/${offence.action.id}`,
      severity: offence.action.severity ?? "block",
      message: `${quotePath(path)} orders ${offence.action.severity === "warn" ? "a risky" : "a forbidden"} action: ${shown}`,
      path,
      line,
      column,
      frame: visible(places.line(line).slice(0, 200)),
      why: `${why}${offence.action.why}`,
      help: offence.action.help,
      ...(change.ref === undefined ? {} : { ref: change.ref.name }),
    });
  };
  if (!parsed.ok) {
    for (const one of offencesIn(text, actions)) add(one, one.at, one.end, "");
    return [...findings.values()];
  }
  const start = places.start(parsed.value.bodyLine);
  const body = parsed.value.body === "" ? "" : text.slice(start);
  for (const one of offencesIn(body, actions)) add(one, start + one.at, start + one.end, "");
  for (const piece of piecesOf(parsed.value, text, places, start)) {
    for (const one of offencesIn(piece.text, actions)) {
      const said = piece.text.slice(one.at, one.end);
      const exact = text.indexOf(said, places.start(piece.line));
      // YAML folds and unescapes: where the words do not stand in the file so, their value's place does.
      const near =
        exact !== -1 && (exact < start || body === "")
          ? exact
          : places.start(piece.line) + piece.column - 1;
      add(one, near, near + Math.max(one.end - one.at, 1), piece.why);
    }
  }
  return [...findings.values()];
}

interface Piece {
  readonly text: string;
  readonly line: number;
  readonly column: number;
  readonly why: string;
}

/** What front matter or YAML says: the title, each text of a typed point, and comments. */
function piecesOf(
  instruction: Instruction,
  text: string,
  places: Places,
  bodyStart: number,
): Piece[] {
  const pieces: Piece[] = [{ text: instruction.title, line: 1, column: 1, why: "" }];
  for (const name of POINTS) {
    const point = instruction.points[name];
    if (point === undefined) continue;
    const why = `point ${POINTS.indexOf(name) + 1} of ${POINTS.length}: ${name}; `;
    const inBody = (line: number): boolean =>
      instruction.body !== "" && places.start(line) >= bodyStart;
    for (const piece of point.texts) if (!inBody(piece.line)) pieces.push({ ...piece, why });
    // `[git, push, --force]`: a command written as a list of its words.
    const words = Array.isArray(point.value)
      ? point.value.filter((one) => typeof one === "string")
      : [];
    if (words.length > 1 && words.every((one) => /^\S+$/.test(one))) {
      pieces.push({ text: `\`${words.join(" ")}\``, line: point.line, column: point.column, why });
    }
  }
  const head = instruction.body === "" ? text : text.slice(0, bodyStart);
  for (const match of head.matchAll(/(?:^|[ \t])#[ \t]*(\S.*)$/gm)) {
    const { line, column } = places.of(match.index);
    pieces.push({ text: match[1] ?? "", line, column, why: "" });
  }
  return pieces;
}

/** Lines of a text, by offset. */
class Places {
  readonly #text: string;
  readonly #starts: number[] = [0];

  constructor(text: string) {
    this.#text = text;
    for (const match of text.matchAll(/\r\n|\n|\r/g))
      this.#starts.push(match.index + match[0].length);
  }

  of(at: number): { line: number; column: number } {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: at - (this.#starts[low] ?? 0) + 1 };
  }

  start(line: number): number {
    return this.#starts[line - 1] ?? this.#text.length;
  }

  line(line: number): string {
    return this.#text.slice(this.start(line), this.start(line + 1)).replace(/[\r\n]+$/, "");
  }
}
