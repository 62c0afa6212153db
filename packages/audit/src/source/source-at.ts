/** One source file as claims ask it: its language, its tree, its symbols; parsed once for all claims. */
import type { Observation, RepoPath } from "@wingman/model";
import type { ClaimPath } from "../claim-path.ts";
import { heldContentAt, tooMuch } from "../content.ts";
import { unverifiable } from "../observation.ts";
import type { Scene } from "../scene.ts";
import type { LanguageTable, Symbols } from "./symbols.ts";
import { tableOf } from "./symbols.ts";
import type { Language, SyntaxNode } from "./syntax-tree.ts";

export interface Source {
  readonly language: Language;
  readonly symbols: Symbols;
  readonly table: LanguageTable;
  readonly leaves: readonly SyntaxNode[];
}

/** Larger sources are generated, and a parser holds a hundred bytes for each of theirs. */
const LARGEST_SOURCE = 1024 * 1024;
const KEPT = 4;
/** Milliseconds for one file. */
const LONGEST = 5_000;

const EXTENSIONS: Readonly<Record<string, Language>> = {
  ts: "typescript",
  mts: "typescript",
  cts: "typescript",
  tsx: "typescript",
  js: "javascript",
  mjs: "javascript",
  cjs: "javascript",
  jsx: "javascript",
  py: "python",
  pyi: "python",
  go: "go",
  rs: "rust",
  java: "java",
  rb: "ruby",
  rake: "ruby",
  gemspec: "ruby",
  sh: "shell",
  bash: "shell",
};

/** The language that a name tells; undefined where it tells none. */
export function languageOf(path: RepoPath): Language | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (/^(?:Rakefile|Gemfile)$/.test(name)) return "ruby";
  const dot = name.lastIndexOf(".");
  const extension = dot < 0 ? "" : name.slice(dot + 1).toLowerCase();
  return Object.hasOwn(EXTENSIONS, extension) ? EXTENSIONS[extension] : undefined;
}

/** `#!/usr/bin/env python3` */
function languageOfShebang(text: string): Language | undefined {
  const program = /^#!\s*\S*\/(?:env\s+(?:-S\s+)?)?([a-z]+)/.exec(text)?.[1] ?? "";
  if (/^(?:bash|sh|dash)$/.test(program)) return "shell";
  if (program.startsWith("python")) return "python";
  return program === "node" ? "javascript" : program === "ruby" ? "ruby" : undefined;
}

/** The source at a path at P, or the whole answer where it cannot be judged. */
export async function sourceAt(
  scene: Scene,
  place: ClaimPath,
  said: Language | undefined,
  expected: string,
  whenMissing?: (why: string) => Observation,
): Promise<Source | Observation> {
  const standing = await scene.atEnd(place.path);
  const oid = "entry" in standing ? standing.entry.oid : "";
  const key = `${said ?? ""} ${place.path} ${oid}`;
  const { sources } = scene.stage;
  const known = oid === "" ? undefined : sources.get(key);
  if (known !== undefined) return reworded(await known, expected);
  const parsing = parsed(scene, place, said, expected, whenMissing);
  if (oid !== "") {
    for (const first of sources.keys()) if (sources.size >= KEPT) sources.delete(first);
    sources.set(key, parsing);
  }
  return await parsing;
}

/** What was answered for another claim on the same file, in this one's words. */
function reworded(known: Source | Observation, expected: string): Source | Observation {
  return "answer" in known ? { ...known, expected } : known;
}

async function parsed(
  scene: Scene,
  place: ClaimPath,
  said: Language | undefined,
  expected: string,
  whenMissing: ((why: string) => Observation) | undefined,
): Promise<Source | Observation> {
  const content = await heldContentAt(scene, place, expected, {
    parse: true,
    most: LARGEST_SOURCE,
    ...(whenMissing === undefined ? {} : { whenMissing }),
  });
  if ("answer" in content) return content;
  const text = content.bytes.toString("utf8");
  if (text.includes("\ufffd") || content.bytes.includes(0))
    return unverifiable("UNSUPPORTED", expected, "the file is no UTF-8 text");
  const language = said ?? languageOf(place.path) ?? languageOfShebang(text);
  if (language === undefined)
    return unverifiable("UNSUPPORTED", expected, "no language that is parsed; say language=…");
  const jsx = language === "typescript" && /\.tsx$/i.test(place.path);
  const parser = await scene.stage.reach.grammars?.parser(language, jsx);
  if (parser === undefined) return unverifiable("TOOL_MISSING", expected, "no grammar is here");
  const { budget } = scene.stage;
  if (budget.parsingMs <= 0) return tooMuch(expected);
  const began = performance.now();
  const parsing = parser.parse(
    language === "java" ? unescaped(text) : text,
    Math.min(LONGEST, budget.parsingMs),
  );
  budget.parsingMs -= performance.now() - began;
  if (!("root" in parsing)) return unverifiable(parsing.reason, expected, parsing.why);
  const table = await tableOf(language);
  return { language, table, leaves: parsing.leaves, symbols: table.read(parsing.root) };
}

/**
 * Java reads `\\u000a` as a line end wherever it stands, in a comment too (JLS 3.3): a method can hide
 * behind one. An odd number of backslashes before the u makes it an escape.
 */
function unescaped(text: string): string {
  return text.replace(/(\\+)u+([\da-fA-F]{4})/g, (whole, slashes: string, code: string) =>
    slashes.length % 2 === 0
      ? whole
      : `${slashes.slice(1)}${String.fromCharCode(Number.parseInt(code, 16))}`,
  );
}
