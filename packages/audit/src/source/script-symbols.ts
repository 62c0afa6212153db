/** TypeScript and JavaScript, with JSX: declarations, members, CommonJS and ES exports. */

import { arityOf, definition, everyNode } from "./collect.ts";
import { assigned, exportStatement, marksOf } from "./script-exports.ts";
import { FUNCTIONS, place } from "./script-place.ts";
import type { Definition, Exported, LanguageTable, SymbolKind } from "./symbols.ts";
import type { SyntaxNode } from "./syntax-tree.ts";
import { childOf, wholeText } from "./syntax-tree.ts";

const DECLARED: Readonly<Record<string, readonly SymbolKind[]>> = {
  function_declaration: ["function"],
  generator_function_declaration: ["function"],
  function_signature: ["function"],
  class_declaration: ["class"],
  abstract_class_declaration: ["class"],
  method_definition: ["method", "function"],
  method_signature: ["method", "function"],
  abstract_method_signature: ["method", "function"],
  public_field_definition: ["variable"],
  field_definition: ["variable"],
  property_signature: ["variable"],
  interface_declaration: ["interface", "type"],
  type_alias_declaration: ["type"],
  enum_declaration: ["enum", "type"],
  internal_module: ["module"],
  module: ["module"],
  enum_assignment: ["constant"],
};
const ARITY = {
  one: new Set(["required_parameter", "identifier", "object_pattern", "array_pattern"]),
  optional: new Set(["optional_parameter", "assignment_pattern"]),
  rest: new Set(["rest_pattern"]),
};

export const scriptTable: LanguageTable = {
  names: new Set([
    "identifier",
    "property_identifier",
    "private_property_identifier",
    "shorthand_property_identifier",
    "shorthand_property_identifier_pattern",
    "type_identifier",
    "statement_identifier",
  ]),
  strings: new Set(["string_fragment", "template_string"]),
  uses: new Set([
    ...["call_expression.function", "arguments", "new_expression.constructor", "await_expression"],
    ...["member_expression.property", "member_expression.object", "subscript_expression.object"],
    ...["subscript_expression.index", "binary_expression", "unary_expression", "return_statement"],
    ...[
      "parenthesized_expression",
      "template_substitution",
      "spread_element",
      "ternary_expression",
    ],
    ...["import_specifier", "import_clause", "namespace_import", "import_specifier.name"],
    ...[
      "type_annotation",
      "type_arguments",
      "extends_clause",
      "implements_clause",
      "class_heritage",
    ],
    ...[
      "generic_type",
      "union_type",
      "intersection_type",
      "array_type",
      "type_query",
      "nested_type_identifier",
    ],
    ...[
      "extends_type_clause",
      "type_predicate",
      "as_expression",
      "satisfies_expression",
      "non_null_expression",
    ],
    ...["jsx_opening_element", "jsx_closing_element", "jsx_self_closing_element", "jsx_expression"],
    ...["jsx_attribute", "variable_declarator.value", "pair.value", "array", "arrow_function.body"],
    "pair_pattern.key",
    ...[
      "export_specifier",
      "if_statement",
      "while_statement",
      "typeof_expression",
      "throw_statement",
    ],
    ...["sequence_expression", "yield_expression", "decorator", "assignment_expression.right"],
  ]),
  read: (root) => {
    const definitions: Definition[] = [];
    const named = new Map<string, Exported>();
    let dynamic: string | undefined;
    let dynamicExports: string | undefined;
    const marks = marksOf(root);
    for (const node of everyNode(root)) {
      if (Object.hasOwn(DECLARED, node.kind)) definitions.push(...declared(node));
      else if (node.kind === "variable_declarator") definitions.push(...declarator(node));
      else if (node.kind === "assignment_expression") {
        const made = assigned(node, named, marks);
        definitions.push(...made.definitions);
        dynamicExports ??= made.dynamicExports;
      } else if (node.kind === "pair") definitions.push(...pair(node));
      else if (node.kind === "export_statement") {
        // Not behind `??=`: what it names is read in any case.
        const why = exportStatement(node, named);
        dynamicExports ??= why;
      } else if (node.kind === "enum_body") definitions.push(...members(node));
      dynamic ??= dynamicIn(node);
    }
    const isModule = marks.isEs || marks.isCommon;
    return {
      definitions: isModule ? definitions : definitions.map(global),
      exports: named,
      dynamic,
      dynamicExports: dynamicExports ?? dynamic,
    };
  },
};

function global(one: Definition): Definition {
  if (one.exported !== "no" || one.local) return one;
  return { ...one, exported: { unsure: "it is no module: its names are global" } };
}

function declared(node: SyntaxNode): Definition[] {
  const name = childOf(node, "name") ?? childOf(node, "property");
  if (name === undefined || name.children.length > 0) return [];
  const kinds: SymbolKind[] = [...(DECLARED[node.kind] ?? [])];
  const value = childOf(node, "value");
  if (value !== undefined && FUNCTIONS.has(value.kind)) kinds.push("function", "method");
  const arity = arityOf(
    childOf(FUNCTIONS.has(value?.kind ?? "") ? value : node, "parameters"),
    ARITY,
  );
  return [definition(name, kinds, { ...place(node), ...(arity === undefined ? {} : { arity }) })];
}

function declarator(node: SyntaxNode): Definition[] {
  const [name, value] = [childOf(node, "name"), childOf(node, "value")];
  if (name === undefined) return [];
  const kinds: SymbolKind[] = ["variable"];
  const isConst = node.parent?.children.some((child) => child.kind === "const") === true;
  if (isConst) kinds.push("constant");
  const isFunction = value !== undefined && FUNCTIONS.has(value.kind);
  if (isFunction) kinds.push("function");
  if (value?.kind === "class") kinds.push("class");
  const single = childOf(value, "parameter");
  const arity =
    single === undefined
      ? arityOf(isFunction ? childOf(value, "parameters") : undefined, ARITY)
      : { least: 1, most: 1 };
  const more = { ...place(node), ...(arity === undefined ? {} : { arity }) };
  const names = name.children.length === 0 ? [name] : patternNames(name);
  return names.map((one) => definition(one, kinds, more));
}

/** `const {a, b: [c], ...d} = x`: a, c, d. */
function patternNames(pattern: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (const node of everyNode(pattern)) {
    if (node.kind === "shorthand_property_identifier_pattern") found.push(node);
    if (node.kind === "identifier" && !["right", "key"].includes(node.field)) found.push(node);
  }
  return found;
}

/** `{rotate: function () {}}` */
function pair(node: SyntaxNode): Definition[] {
  const [key, value] = [childOf(node, "key"), childOf(node, "value")];
  if (key?.kind !== "property_identifier" || value === undefined || !FUNCTIONS.has(value.kind))
    return [];
  return [definition(key, ["method", "function", "variable"], place(node))];
}

function members(body: SyntaxNode): Definition[] {
  return body.children
    .filter((child) => child.kind === "property_identifier")
    .map((child) => definition(child, ["constant"], place(child)));
}

function dynamicIn(node: SyntaxNode): string | undefined {
  if (node.kind === "call_expression") {
    const called = wholeText(childOf(node, "function"));
    const args = wholeText(childOf(node, "arguments"));
    if (called === "eval") return "it evaluates texts";
    if (
      /^Object\.(?:assign|define(?:Property|Properties))$/.test(called) &&
      /^\((?:module\.)?exports\b|^\(global(?:This)?\b|^\(window\b/.test(args) &&
      // The mark that compilers set.
      !/^\(exports,["']__esModule["']/.test(args)
    )
      return "it defines exports or globals at run time";
  }
  if (node.kind === "new_expression" && wholeText(childOf(node, "constructor")) === "Function")
    return "it evaluates texts";
  if (node.kind === "with_statement") return "it has a with statement";
  return undefined;
}
