/**
 * What a parsed file defines, exports, and says by name. Only what the table of its language knows is a
 * definition; every other place of a name that could be one makes absence unsure, never certain.
 */
import type { Language, SyntaxNode } from "./syntax-tree.ts";

export const SYMBOL_KINDS = [
  "function",
  "class",
  "method",
  "variable",
  "constant",
  "type",
  "interface",
  "enum",
  "module",
] as const;
export type SymbolKind = (typeof SYMBOL_KINDS)[number];

/** `yes`, `no`, or why neither can be said. */
export type Exported = "yes" | "no" | { readonly unsure: string };

export interface Definition {
  readonly name: string;
  /** What people may call it: a constant that holds a function is both. */
  readonly kinds: ReadonlySet<SymbolKind>;
  /** The class, type or module that it stands in. */
  readonly container: string | undefined;
  /** True inside a function's body: another scope. */
  readonly local: boolean;
  readonly exported: Exported;
  /** Parameters: at least and at most; undefined where it takes none by its nature. */
  readonly arity: { readonly least: number; readonly most: number } | undefined;
  readonly line: number;
}

export interface Symbols {
  readonly definitions: readonly Definition[];
  /** Names that the file exports besides its own definitions. */
  readonly exports: ReadonlyMap<string, Exported>;
  /** Why a name that is not found may still be defined (or exported) when the file runs. */
  readonly dynamic: string | undefined;
  readonly dynamicExports: string | undefined;
}

/** How a language's trees are read. */
export interface LanguageTable {
  /** Leaves that are names. */
  readonly names: ReadonlySet<string>;
  /** Leaves that hold the text of a string: a name in there may define something at run time. */
  readonly strings: ReadonlySet<string>;
  /** Places of a name that only use it: `parent` or `parent.field`. */
  readonly uses: ReadonlySet<string>;
  read(root: SyntaxNode): Symbols;
}

/** Every place of a name, sorted into uses and what might define it. */
export interface Places {
  readonly uses: readonly SyntaxNode[];
  /** Neither a known definition nor a known use. */
  readonly unsure: readonly SyntaxNode[];
  /** Strings that are just the name. */
  readonly strings: readonly SyntaxNode[];
}

/** Sorts the leaves of that name; `defined` are the leaves that definitions were read from. */
export function placesOf(
  name: string,
  leaves: readonly SyntaxNode[],
  table: LanguageTable,
  definitions: readonly Definition[],
): Places {
  const lines = new Map<number, number>();
  for (const one of definitions)
    if (one.name === name) lines.set(one.line, (lines.get(one.line) ?? 0) + 1);
  const uses: SyntaxNode[] = [];
  const unsure: SyntaxNode[] = [];
  const strings: SyntaxNode[] = [];
  for (const leaf of leaves) {
    if (leaf.text !== name && unquoted(leaf.text) !== name) continue;
    if (table.strings.has(leaf.kind)) strings.push(leaf);
    else if (leaf.text === name && table.names.has(leaf.kind)) {
      const left = lines.get(leaf.line) ?? 0;
      if (isUse(leaf, table)) uses.push(leaf);
      else if (left > 0) lines.set(leaf.line, left - 1);
      else unsure.push(leaf);
    }
  }
  return { uses, unsure, strings };
}

function isUse(leaf: SyntaxNode, table: LanguageTable): boolean {
  const { parent } = leaf;
  if (parent === undefined) return false;
  return (
    table.uses.has(parent.kind) ||
    table.uses.has(`${parent.kind}.${leaf.field}`) ||
    table.uses.has(`*.${leaf.kind}`)
  );
}

function unquoted(text: string): string {
  return /^(["'`]|:).*/.test(text) ? text.replace(/^["'`:]|["'`]$/g, "") : text;
}

/** The table of a language, loaded when it is first asked for. */
export async function tableOf(language: Language): Promise<LanguageTable> {
  switch (language) {
    case "typescript":
    case "javascript":
      return (await import("./script-symbols.ts")).scriptTable;
    case "python":
      return (await import("./python-symbols.ts")).pythonTable;
    case "go":
      return (await import("./go-symbols.ts")).goTable;
    case "rust":
      return (await import("./rust-symbols.ts")).rustTable;
    case "java":
      return (await import("./java-symbols.ts")).javaTable;
    case "ruby":
      return (await import("./ruby-symbols.ts")).rubyTable;
    case "shell":
      return (await import("./shell-symbols.ts")).shellTable;
  }
}
