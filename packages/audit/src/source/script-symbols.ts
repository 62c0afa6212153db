/** TypeScript and JavaScript, with JSX: declarations, members, CommonJS and ES exports. */
import { arityOf, definition, everyNode } from "./collect.ts";
import type { Definition, Exported, LanguageTable, SymbolKind } from "./symbols.ts";
import type { SyntaxNode } from "./syntax-tree.ts";
import { above, childOf, wholeText } from "./syntax-tree.ts";

const FUNCTIONS = new Set([
  "function_declaration",
  "generator_function_declaration",
  "function_expression",
  "generator_function",
  "arrow_function",
  "method_definition",
]);
const CONTAINERS = new Set([
  "class_declaration",
  "abstract_class_declaration",
  "class",
  "interface_declaration",
  "enum_declaration",
  "internal_module",
  "module",
]);
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

/** What kind of module a file is, and whether `exports` is a variable of its own. */
interface Marks {
  readonly isEs: boolean;
  readonly isCommon: boolean;
  readonly isShadowed: boolean;
}

function marksOf(root: SyntaxNode): Marks {
  let [isEs, isCommon, isShadowed] = [false, false, false];
  for (const node of everyNode(root)) {
    isEs ||= node.kind === "import_statement" || node.kind === "export_statement";
    if (node.kind !== "identifier") continue;
    isCommon ||= /^(?:module|exports|require)$/.test(node.text);
    isShadowed ||=
      node.parent?.kind === "variable_declarator" &&
      node.field === "name" &&
      /^(?:module|exports)$/.test(node.text);
  }
  return { isEs, isCommon, isShadowed };
}

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

/** `exports.a = …`, `module.exports = {a, b}`, `A.prototype.m = …`, `f = …`. */
function assigned(
  node: SyntaxNode,
  named: Map<string, Exported>,
  marks: Marks,
): { definitions: Definition[]; dynamicExports: string | undefined } {
  const [left, right] = [childOf(node, "left"), childOf(node, "right")];
  if (left === undefined || right === undefined)
    return { definitions: [], dynamicExports: undefined };
  const target = wholeText(left);
  if (marks.isShadowed && /^(?:module\b|exports\b)/.test(target))
    return { definitions: [], dynamicExports: "exports is a variable of its own there" };
  const isFunction = FUNCTIONS.has(right.kind);
  const kinds: SymbolKind[] = isFunction ? ["function", "method", "variable"] : ["variable"];
  if (right.kind === "class") kinds.push("class");
  if (target === "module.exports") {
    named.set("default", { unsure: "some readers take module.exports for the default" });
    if (right.kind !== "object") {
      if (right.kind === "identifier") named.set(right.text, "yes");
      const plain = right.kind === "identifier" || isFunction || right.kind === "class";
      const why = plain ? undefined : "module.exports is made at run time";
      return { definitions: [], dynamicExports: why };
    }
    return { definitions: [], dynamicExports: objectExports(right, named) };
  }
  const [, dotted, quotedName] =
    /^(?:module\.)?exports(?:\.([\w$]+)|\[["']([^"'\\]+)["']\])$/.exec(target) ?? [];
  const exported = dotted ?? quotedName;
  if (exported !== undefined) named.set(exported, "yes");
  if (quotedName === undefined && /^(?:module\.)?exports\[/.test(target))
    return { definitions: [], dynamicExports: "exports are named at run time" };
  if (left.kind === "member_expression") {
    const property = childOf(left, "property");
    const counts = exported !== undefined || isFunction || target.includes(".prototype.");
    if (property === undefined) return { definitions: [], dynamicExports: undefined };
    if (!counts)
      return { definitions: [propertySet(left, property, marks)], dynamicExports: undefined };
    const { container: _, ...more } = place(node);
    const about = exported === undefined ? more : { ...more, exported: "yes" as const };
    const owner = exported === undefined ? ownerOf(left) : undefined;
    return {
      definitions: [
        definition(property, kinds, {
          ...about,
          ...(owner === undefined ? {} : { container: owner }),
        }),
      ],
      dynamicExports: undefined,
    };
  }
  return {
    definitions:
      left.kind === "identifier" && isFunction ? [definition(left, kinds, place(node))] : [],
    dynamicExports: undefined,
  };
}

/** `this.a = 1`, `b.a = 1`: whether that defines `a` is anybody's way of speaking, so it is never said. */
function propertySet(left: SyntaxNode, property: SyntaxNode, marks: Marks): Definition {
  const owner =
    childOf(left, "object")?.kind === "this"
      ? wholeText(childOf(above(left, CONTAINERS), "name"))
      : (ownerOf(left) ?? "");
  return definition(property, ["variable"], {
    local: true,
    exported: marks.isEs ? "no" : { unsure: "it is set on an object" },
    ...(owner === "" ? {} : { container: owner }),
  });
}

/** `A.prototype.m`, `A.m`: A. */
function ownerOf(left: SyntaxNode): string | undefined {
  const object = wholeText(childOf(left, "object")).replace(/\.prototype$/, "");
  return /^[\w$]+$/.test(object) ? object : undefined;
}

function objectExports(object: SyntaxNode, named: Map<string, Exported>): string | undefined {
  let why: string | undefined;
  for (const child of object.children) {
    if (child.kind === "shorthand_property_identifier") named.set(child.text, "yes");
    else if (child.kind === "pair" || child.kind === "method_definition") {
      const key = childOf(child, "key") ?? childOf(child, "name");
      if (key?.kind === "computed_property_name") why = "exports are named at run time";
      else if (key !== undefined) named.set(unquoted(wholeText(key)), "yes");
    } else if (child.kind === "spread_element") why = "exports of another object are spread";
  }
  return why;
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

/** `export {a as b}`, `export default a`, `export * from "x"`. Gives why names may be missing. */
function exportStatement(node: SyntaxNode, named: Map<string, Exported>): string | undefined {
  if (above(node, CONTAINERS) !== undefined) return undefined;
  const from = childOf(node, "source");
  for (const child of node.children) {
    if (child.kind === "namespace_export") named.set(wholeText(child.children.at(-1)), "yes");
    if (child.kind === "export_clause")
      for (const specifier of child.children) {
        const [name, alias] = [childOf(specifier, "name"), childOf(specifier, "alias")];
        if (name === undefined) continue;
        named.set(unquoted(wholeText(alias ?? name)), "yes");
        if (alias !== undefined && !named.has(name.text))
          named.set(name.text, { unsure: `it is exported as ${alias.text}` });
      }
  }
  if (node.children.some((child) => child.kind === "default")) named.set("default", "yes");
  const value = childOf(node, "value");
  if (value?.kind === "identifier") named.set(value.text, "yes");
  // `export = a`
  const assigned = node.children.find((child) => child.kind === "identifier");
  if (assigned !== undefined) named.set(assigned.text, "yes");
  const all = node.children.some((child) => child.kind === "*");
  return all && from !== undefined ? "it exports all that another file exports" : undefined;
}

function unquoted(text: string): string {
  return text.replace(/^["']|["']$/g, "");
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

function place(node: SyntaxNode): { container?: string; local: boolean; exported: Exported } {
  const inside = node.kind === "variable_declarator" ? node.parent : node;
  const local = above(node, FUNCTIONS) !== undefined;
  const owner = above(node, CONTAINERS);
  const container = wholeText(childOf(owner, "name"));
  const isExported =
    inside?.parent?.kind === "export_statement" ||
    (inside?.parent?.kind === "ambient_declaration" &&
      inside.parent.parent?.kind === "export_statement");
  const exported: Exported =
    owner === undefined
      ? isExported
        ? "yes"
        : "no"
      : { unsure: "it is a member: what exports is its container" };
  return { ...(container === "" ? {} : { container }), local, exported };
}
