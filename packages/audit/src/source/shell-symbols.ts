/** Shell (bash): functions, variables, `export` and `declare`. */
import { definition, everyNode } from "./collect.ts";
import type { Definition, Exported, LanguageTable, SymbolKind } from "./symbols.ts";
import type { SyntaxNode } from "./syntax-tree.ts";
import { above, childOf, wholeText } from "./syntax-tree.ts";

const FUNCTIONS = new Set(["function_definition"]);

export const shellTable: LanguageTable = {
  names: new Set(["word", "variable_name"]),
  strings: new Set(["string_content", "raw_string"]),
  uses: new Set(["command_name", "simple_expansion", "expansion", "binary_expression"]),
  read: (root) => {
    const definitions: Definition[] = [];
    const exports = new Map<string, Exported>();
    let dynamic: string | undefined;
    for (const node of everyNode(root)) {
      if (node.kind === "function_definition") {
        const name = childOf(node, "name");
        if (name !== undefined) definitions.push(made(name, ["function"], node));
      } else if (node.kind === "variable_assignment") {
        const name = childOf(node, "name");
        if (name?.kind === "variable_name")
          definitions.push(made(name, ["variable", "constant"], node));
      } else if (node.kind === "declaration_command") exported(node, exports);
      else if (node.kind === "command") {
        const called = wholeText(childOf(node, "name"));
        if (called === "eval") dynamic ??= "it evaluates texts";
        if (called === "source" || called === ".") dynamic ??= "it runs another file in its place";
      }
    }
    return {
      definitions: definitions.map((one) => ({ ...one, exported: exports.get(one.name) ?? "no" })),
      exports,
      dynamic,
      dynamicExports: dynamic,
    };
  },
};

function made(name: SyntaxNode, kinds: readonly SymbolKind[], node: SyntaxNode): Definition {
  return definition(name, kinds, { exported: "no", local: above(node, FUNCTIONS) !== undefined });
}

/** `export A=1 B`, `declare -x C`, `export -f f`. */
function exported(node: SyntaxNode, exports: Map<string, Exported>): void {
  const words = node.children.map(wholeText);
  const isExport =
    words[0] === "export" || (words[0] === "declare" && words.some((one) => /^-\w*x/.test(one)));
  if (!isExport) return;
  for (const child of node.children.slice(1)) {
    const name =
      child.kind === "variable_assignment" ? wholeText(childOf(child, "name")) : child.text;
    if (/^[A-Za-z_][\w-]*$/.test(name)) exports.set(name, "yes");
  }
}
