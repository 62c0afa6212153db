/** Go: an upper-case first letter exports; nothing is defined at run time. */
import { definition, everyNode } from "./collect.ts";
import type { Definition, Exported, LanguageTable, SymbolKind } from "./symbols.ts";
import type { SyntaxNode } from "./syntax-tree.ts";
import { above, childOf, wholeText } from "./syntax-tree.ts";

const FUNCTIONS = new Set(["function_declaration", "method_declaration", "func_literal"]);

export const goTable: LanguageTable = {
  names: new Set([
    "identifier",
    "type_identifier",
    "field_identifier",
    "package_identifier",
    "label_name",
  ]),
  strings: new Set(["interpreted_string_literal_content", "raw_string_literal_content"]),
  uses: new Set([
    ...["call_expression.function", "argument_list", "selector_expression", "binary_expression"],
    ...["unary_expression", "return_statement", "qualified_type", "pointer_type"],
    ...["slice_type", "array_type", "map_type", "parameter_declaration.type", "index_expression"],
    ...[
      "literal_element",
      "composite_literal",
      "type_conversion_expression",
      "generic_type",
      "type_arguments",
    ],
    ...[
      "parenthesized_expression",
      "field_declaration.type",
      "if_statement",
      "type_elem",
      "channel_type",
    ],
    ...[
      "function_declaration.result",
      "method_declaration.result",
      "go_statement",
      "defer_statement",
    ],
  ]),
  read: (root) => {
    const definitions: Definition[] = [];
    for (const node of everyNode(root)) definitions.push(...definedBy(node));
    return { definitions, exports: new Map(), dynamic: undefined, dynamicExports: undefined };
  },
};

function definedBy(node: SyntaxNode): Definition[] {
  const local = above(node, FUNCTIONS) !== undefined;
  switch (node.kind) {
    case "function_declaration":
      return one(node, ["function"], local);
    case "method_declaration":
      return one(node, ["method", "function"], local, receiverOf(node));
    case "method_elem":
      return one(node, ["method", "function"], local, typeAround(node));
    case "type_spec":
    case "type_alias":
      return one(node, typeKinds(childOf(node, "type")?.kind ?? ""), local);
    case "const_spec":
      return several(node, ["constant", "variable"], local);
    case "var_spec":
      return several(node, ["variable"], local);
    case "field_declaration":
      return several(node, ["variable"], local, typeAround(node));
    case "short_var_declaration":
    case "range_clause": {
      const left = childOf(node, "left");
      const names = left?.children.filter((child) => child.kind === "identifier") ?? [];
      return names.map((name) => made(name, ["variable"], true));
    }
    default:
      return [];
  }
}

function typeKinds(kind: string): SymbolKind[] {
  if (kind === "interface_type") return ["interface", "type"];
  return kind === "struct_type" ? ["type", "class"] : ["type"];
}

function one(
  node: SyntaxNode,
  kinds: readonly SymbolKind[],
  local: boolean,
  container?: string,
): Definition[] {
  const name = childOf(node, "name");
  if (name === undefined) return [];
  const arity = parameters(childOf(node, "parameters"));
  return [{ ...made(name, kinds, local, container), arity }];
}

function several(
  node: SyntaxNode,
  kinds: readonly SymbolKind[],
  local: boolean,
  container?: string,
): Definition[] {
  return node.children
    .filter((child) => child.field === "name")
    .map((name) => made(name, kinds, local, container));
}

function made(
  name: SyntaxNode,
  kinds: readonly SymbolKind[],
  local: boolean,
  container?: string,
): Definition {
  const exported: Exported = /^\p{Lu}/u.test(name.text) && !local ? "yes" : "no";
  return definition(name, kinds, {
    exported,
    local,
    ...(container === undefined || container === "" ? {} : { container }),
  });
}

/** `(a, b int, c ...string)`: each name counts; a type alone is one. */
function parameters(list: SyntaxNode | undefined): { least: number; most: number } | undefined {
  if (list === undefined) return undefined;
  let [least, most] = [0, 0];
  for (const child of list.children) {
    const names = Math.max(1, child.children.filter((inner) => inner.field === "name").length);
    if (child.kind === "parameter_declaration") {
      least += names;
      most += names;
    } else if (child.kind === "variadic_parameter_declaration") most = Number.POSITIVE_INFINITY;
  }
  return { least, most };
}

function receiverOf(node: SyntaxNode): string {
  const type = childOf(
    childOf(node, "receiver")?.children.find((child) => child.kind === "parameter_declaration"),
    "type",
  );
  return /[\p{L}_][\p{L}\p{N}_]*/u.exec(wholeText(type))?.[0] ?? "";
}

function typeAround(node: SyntaxNode): string {
  return wholeText(childOf(above(node, new Set(["type_spec"])), "name"));
}
