/**
 * Tree-sitter's grammars out of the program's own folder: the one place of this room that reads a file,
 * and it is never one of the judged side. Nothing is downloaded, nothing native is built.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Grammars, Language, Parsing, SourceParser, SyntaxNode } from "./syntax-tree.ts";

/** Tree-sitter's own objects, as far as they are used. */
interface Cursor {
  readonly nodeType: string;
  readonly currentFieldName: string | null;
  readonly startIndex: number;
  readonly endIndex: number;
  readonly startPosition: { readonly row: number };
  gotoFirstChild(): boolean;
  gotoNextSibling(): boolean;
  gotoParent(): boolean;
  delete(): void;
}
interface Engine {
  readonly Parser: {
    /** Once for each module. */
    init(options: { wasmBinary: Uint8Array }): Promise<void>;
    new (): {
      setLanguage(language: unknown): void;
      delete(): void;
      parse(
        text: string,
        old: null,
        options: { progressCallback: (state: { readonly hasError?: boolean }) => boolean },
      ): {
        readonly rootNode: { readonly hasError: boolean };
        walk(): Cursor;
        delete(): void;
      } | null;
    };
  };
  readonly Language: { load(bytes: Uint8Array): Promise<unknown> };
}

/** Nodes of one file: what a source of half a megabyte has, and no more. */
const MOST_NODES = 1_500_000;
/** Brackets within brackets: below some 20,000 of them the engine, recovering, ends in a trap. */
const DEEPEST = 2_000;

/** Grammars below a folder of packed files, as the build lays them down. */
export function grammarsAt(folder: string): Grammars {
  let engine: Promise<Engine> | undefined;
  const parsers = new Map<string, Promise<SourceParser>>();
  const load = async (name: string): Promise<SourceParser> => {
    engine ??= loadEngine(folder);
    const { Parser, Language } = await engine;
    const language = await Language.load(unpacked(folder, `tree-sitter-${name}.wasm`));
    return { parse: (text, patience) => parse(Parser, language, text, patience, renew) };
  };
  // After a trap the engine's memory is anybody's guess: it must judge nothing more.
  const renew = (): void => {
    engine = undefined;
    parsers.clear();
  };
  return {
    parser: (language, jsx) => {
      const name = grammarOf(language, jsx);
      const known = parsers.get(name) ?? load(name);
      parsers.set(name, known);
      return known;
    },
  };
}

function grammarOf(language: Language, jsx: boolean): string {
  if (language === "typescript") return jsx ? "tsx" : "typescript";
  return language === "shell" ? "bash" : language;
}

async function loadEngine(folder: string): Promise<Engine> {
  const load = createRequire(import.meta.url);
  const file = join(folder, "tree-sitter.cjs");
  // A new one each time: the module keeps its memory for itself.
  delete load.cache[load.resolve(file)];
  const engine = load(file) as Engine;
  await engine.Parser.init({ wasmBinary: unpacked(folder, "tree-sitter.wasm") });
  return engine;
}

function unpacked(folder: string, name: string): Uint8Array {
  return new Uint8Array(gunzipSync(readFileSync(join(folder, `${name}.gz`))));
}

function parse(
  Parser: Engine["Parser"],
  language: unknown,
  text: string,
  patience: number,
  renew: () => void,
): Parsing {
  if (depthOf(text) > DEEPEST)
    return { reason: "BUDGET", why: `brackets nested more than ${DEEPEST} deep` };
  const began = performance.now();
  let isBroken = false;
  try {
    const parser = new Parser();
    parser.setLanguage(language);
    const tree = parser.parse(text, null, {
      progressCallback: ({ hasError }) => {
        isBroken ||= hasError === true;
        return isBroken || performance.now() - began > patience;
      },
    });
    const isWhole = tree !== null && !tree.rootNode.hasError;
    const parsing = isWhole ? treeOf(tree.walk(), text) : undefined;
    tree?.delete();
    parser.delete();
    if (parsing !== undefined) return parsing;
    return tree !== null || isBroken
      ? { reason: "UNSUPPORTED", why: "it does not parse without error" }
      : { reason: "TIMEOUT", why: "parsing it takes too long" };
  } catch (error) {
    renew();
    // A trap of WebAssembly; anything else is a fault of ours.
    if (!(error instanceof Error) || !/^(?:RuntimeError|RangeError)$/.test(error.name)) throw error;
    return { reason: "UNSUPPORTED", why: "the parser gave up on it" };
  }
}

/** The deepest nesting that the text could have, strings and comments among it. */
function depthOf(text: string): number {
  let [depth, most] = [0, 0];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 40 || code === 91 || code === 123) depth += 1;
    else if (code === 41 || code === 93 || code === 125) depth -= 1;
    if (depth > most) most = depth;
  }
  return most;
}

type Growing = SyntaxNode & { readonly children: SyntaxNode[] };

/** The engine's tree into plain nodes, without recursion: its depth is the text's. */
function treeOf(cursor: Cursor, text: string): Parsing {
  try {
    const leaves: SyntaxNode[] = [];
    const root = nodeAt(cursor, undefined, text);
    let parent: Growing | undefined;
    let node: Growing = root;
    for (let count = 0; ; count += 1) {
      if (count > MOST_NODES) return { reason: "BUDGET", why: "it has too many parts" };
      if (cursor.gotoFirstChild()) parent = node;
      else {
        leaves.push(node);
        while (!cursor.gotoNextSibling()) {
          if (!cursor.gotoParent() || parent === undefined) return { root, leaves };
          parent = parent.parent as Growing | undefined;
        }
      }
      node = nodeAt(cursor, parent, text);
      parent?.children.push(node);
    }
  } finally {
    cursor.delete();
  }
}

function nodeAt(cursor: Cursor, parent: SyntaxNode | undefined, text: string): Growing {
  const { startIndex, endIndex } = cursor;
  const kind = cursor.nodeType;
  const written = text.slice(startIndex, endIndex);
  return {
    kind,
    field: cursor.currentFieldName ?? "",
    parent,
    children: [],
    // Of inner nodes it is a slice that nobody keeps: V8 shares the text.
    text: kind.endsWith("identifier") ? spelled(written) : written,
    line: cursor.startPosition.row + 1,
  };
}

/** A name as it is meant: `caf\\u00e9` of JavaScript is café, `r#match` of Rust is match. */
function spelled(name: string): string {
  if (name.startsWith("r#")) return name.slice(2);
  if (!name.includes("\\u")) return name;
  return name.replace(/\\u(?:\{([\da-fA-F]{1,6})\}|([\da-fA-F]{4}))/g, (whole, braced, four) => {
    const code = Number.parseInt(braced ?? four, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
