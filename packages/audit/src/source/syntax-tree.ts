/**
 * Source text as a plain tree: kinds, fields, offsets. Made from tree-sitter's grammars, which recover
 * from anything: a tree with an error in it is no evidence, and is never handed out.
 */

export const LANGUAGES = [
  "typescript",
  "javascript",
  "python",
  "go",
  "rust",
  "java",
  "ruby",
  "shell",
] as const;
export type Language = (typeof LANGUAGES)[number];

/** One node. `text` only of leaves: the names and literals that claims ask for. */
export interface SyntaxNode {
  readonly kind: string;
  /** The field that it has in its parent, or "". */
  readonly field: string;
  readonly parent: SyntaxNode | undefined;
  readonly children: readonly SyntaxNode[];
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

/** A parsed text, or why there is none. */
export type Parsing =
  | { readonly root: SyntaxNode; readonly leaves: readonly SyntaxNode[] }
  | { readonly why: string; readonly reason: "UNSUPPORTED" | "BUDGET" | "TIMEOUT" };

/** Parses one language's texts. */
export interface SourceParser {
  /** `patience`: milliseconds. Garbage of 60 KB can keep an error-recovering parser busy for 8 s. */
  parse(text: string, patience: number): Parsing;
}

/** The grammars that a surface hands in; each is loaded when it is first asked for. */
export interface Grammars {
  parser(language: Language, jsx: boolean): Promise<SourceParser>;
}

/** The child of a field; undefined where there is none. */
export function childOf(node: SyntaxNode | undefined, field: string): SyntaxNode | undefined {
  return node?.children.find((child) => child.field === field);
}

/** The text of a node of any depth, its leaves joined. */
export function wholeText(node: SyntaxNode | undefined): string {
  if (node === undefined) return "";
  if (node.children.length === 0) return node.text;
  let text = "";
  const todo = [node];
  for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
    if (at.children.length === 0) text += at.text;
    else todo.push(...[...at.children].reverse());
  }
  return text;
}

/** The nearest node above of one of these kinds. */
export function above(node: SyntaxNode, kinds: ReadonlySet<string>): SyntaxNode | undefined {
  for (let at = node.parent; at !== undefined; at = at.parent) if (kinds.has(at.kind)) return at;
  return undefined;
}
