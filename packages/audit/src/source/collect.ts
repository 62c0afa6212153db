/** Small steps that the languages' tables share: walking, kinds, and arities. */
import type { Definition, Exported, SymbolKind } from "./symbols.ts";
import type { SyntaxNode } from "./syntax-tree.ts";

/** Every node of a tree, parents first. */
export function* everyNode(root: SyntaxNode): Generator<SyntaxNode> {
  const todo = [root];
  for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
    yield at;
    for (let index = at.children.length - 1; index >= 0; index -= 1) {
      const child = at.children[index];
      if (child !== undefined) todo.push(child);
    }
  }
}

/** A definition whose unsaid parts are the usual ones. */
export function definition(
  name: SyntaxNode,
  kinds: readonly SymbolKind[],
  more: Partial<Omit<Definition, "name" | "kinds" | "line">> & { readonly exported: Exported },
): Definition {
  return {
    name: name.text,
    kinds: new Set(kinds),
    container: more.container,
    local: more.local ?? false,
    exported: more.exported,
    arity: more.arity,
    line: name.line,
  };
}

/** Parameters by the kinds of their nodes; undefined where the list is not there. */
export function arityOf(
  list: SyntaxNode | undefined,
  kinds: {
    readonly one: ReadonlySet<string>;
    readonly optional?: ReadonlySet<string>;
    readonly rest?: ReadonlySet<string>;
  },
): { least: number; most: number } | undefined {
  if (list === undefined) return undefined;
  let [least, most] = [0, 0];
  for (const { kind } of list.children) {
    if (kinds.rest?.has(kind)) most = Number.POSITIVE_INFINITY;
    else if (kinds.optional?.has(kind)) most += 1;
    else if (kinds.one.has(kind)) {
      least += 1;
      most += 1;
    }
  }
  return { least, most };
}
