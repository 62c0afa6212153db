/** Python: functions, classes, assignments; a module's names are all importable, `__all__` names some. */
import { arityOf, definition, everyNode } from "./collect.ts";
import type { Definition, Exported, LanguageTable, SymbolKind } from "./symbols.ts";
import type { SyntaxNode } from "./syntax-tree.ts";
import { above, childOf, wholeText } from "./syntax-tree.ts";

const SCOPES = new Set(["function_definition", "lambda"]);
const CLASS = new Set(["class_definition"]);
const ARITY = {
  one: new Set(["identifier", "typed_parameter"]),
  optional: new Set(["default_parameter", "typed_default_parameter"]),
  rest: new Set(["list_splat_pattern", "dictionary_splat_pattern"]),
};
const EVALUATING = /^(?:exec|eval|setattr|globals|locals|vars|__import__|type)$/;

export const pythonTable: LanguageTable = {
  names: new Set(["identifier"]),
  strings: new Set(["string_content"]),
  uses: new Set([
    ...["call.function", "argument_list", "attribute.attribute", "attribute.object", "subscript"],
    ...[
      "binary_operator",
      "boolean_operator",
      "comparison_operator",
      "not_operator",
      "unary_operator",
    ],
    ...[
      "return_statement",
      "decorator",
      "type",
      "dotted_name",
      "assignment.right",
      "keyword_argument.value",
    ],
    ...[
      "keyword_argument.name",
      "raise_statement",
      "await",
      "list",
      "tuple",
      "pair.value",
      "interpolation",
    ],
    ...[
      "parenthesized_expression",
      "expression_statement",
      "conditional_expression",
      "if_statement",
    ],
    ...["default_parameter.value", "list_splat", "dictionary_splat", "augmented_assignment.right"],
  ]),
  read: (root) => {
    const definitions: Definition[] = [];
    const exports = new Map<string, Exported>();
    let all: string[] | "unsure" | undefined;
    let dynamic: string | undefined;
    let star: string | undefined;
    for (const node of everyNode(root)) {
      if (node.kind === "function_definition" || node.kind === "class_definition") {
        definitions.push(...declared(node));
        if (wholeText(childOf(node, "name")) === "__getattr__" && above(node, CLASS) === undefined)
          dynamic ??= "the module makes attributes when asked (__getattr__)";
      } else if (node.kind === "assignment" || node.kind === "named_expression") {
        definitions.push(...assigned(node));
        if (wholeText(childOf(node, "left")) === "__all__") all = listed(childOf(node, "right"));
      } else if (
        node.kind === "augmented_assignment" &&
        wholeText(childOf(node, "left")) === "__all__"
      )
        all = added(all, childOf(node, "right"));
      else if (node.kind === "type_alias_statement") definitions.push(...alias(node));
      else if (/^import_(?:from_)?statement$/.test(node.kind)) {
        for (const name of imported(node)) if (!exports.has(name)) exports.set(name, IMPORTED);
      } else if (node.kind === "wildcard_import") star ??= "it imports all of another module";
      else if (node.kind === "call") {
        const called = wholeText(childOf(node, "function"));
        if (EVALUATING.test(called) && (called !== "type" || commas(node) >= 2))
          dynamic ??= `it calls ${called}()`;
      }
    }
    const listedAll = all;
    const exported = definitions.map((one) => ({ ...one, exported: exportOf(one, listedAll) }));
    if (Array.isArray(all)) for (const name of all) exports.set(name, "yes");
    return {
      definitions: exported,
      exports,
      dynamic,
      dynamicExports:
        dynamic ?? star ?? (all === "unsure" ? "__all__ is made at run time" : undefined),
    };
  },
};

/** `from .keys import rotate` in a package's `__init__.py` is how Python exports a name. */
const IMPORTED: Exported = { unsure: "it is imported there, and can be imported from there" };

function imported(node: SyntaxNode): string[] {
  return node.children
    .filter((child) => child.field === "name")
    .map((child) => wholeText(childOf(child, "alias") ?? child).replace(/\..*$/, ""));
}

/** `type Alias = int` */
function alias(node: SyntaxNode): Definition[] {
  const left = childOf(node, "left");
  const name = left && [...everyNode(left)].find((one) => one.kind === "identifier");
  return name === undefined
    ? []
    : [
        definition(name, ["type", "class", "variable"], {
          exported: "no",
          local: above(node, SCOPES) !== undefined,
        }),
      ];
}

function commas(call: SyntaxNode): number {
  const list = childOf(call, "arguments");
  return list?.children.filter((child) => child.kind === ",").length ?? 0;
}

function exportOf(one: Definition, all: string[] | "unsure" | undefined): Exported {
  if (one.container !== undefined || one.local)
    return { unsure: "it is a member: what exports is its container" };
  if (all === "unsure") return { unsure: "__all__ is made at run time" };
  // Without __all__ an underscore only hides a name from `import *`.
  if (all === undefined)
    return one.name.startsWith("_") ? { unsure: "a name with an underscore" } : "yes";
  return all.includes(one.name)
    ? "yes"
    : { unsure: "__all__ leaves it out, and it can be imported" };
}

function listed(list: SyntaxNode | undefined): string[] | "unsure" {
  if (list === undefined || !/^(?:list|tuple)$/.test(list.kind)) return "unsure";
  const names: string[] = [];
  for (const child of list.children) {
    if (/^[[\](),]$/.test(child.kind) || child.kind === "comment") continue;
    if (child.kind !== "string") return "unsure";
    names.push(wholeText(child.children.find((one) => one.kind === "string_content")));
  }
  return names;
}

/** `__all__ += ["b"]` */
function added(
  all: string[] | "unsure" | undefined,
  list: SyntaxNode | undefined,
): string[] | "unsure" {
  const more = listed(list);
  return Array.isArray(all) && more !== "unsure" ? [...all, ...more] : "unsure";
}

function declared(node: SyntaxNode): Definition[] {
  const name = childOf(node, "name");
  if (name === undefined) return [];
  const owner = containerOf(node);
  const isFunction = node.kind === "function_definition";
  const kinds: SymbolKind[] = isFunction
    ? owner === undefined
      ? ["function"]
      : ["method", "function"]
    : ["class", "type"];
  const arity = isFunction
    ? pythonArity(childOf(node, "parameters"), owner !== undefined)
    : undefined;
  return [
    definition(name, kinds, {
      exported: "no",
      local: above(node, SCOPES) !== undefined,
      ...(owner === undefined ? {} : { container: owner }),
      ...(arity === undefined ? {} : { arity }),
    }),
  ];
}

/** `self` may be counted or not. */
function pythonArity(list: SyntaxNode | undefined, method: boolean) {
  const arity = arityOf(list, ARITY);
  if (arity === undefined || !method || arity.most === 0) return arity;
  return { least: Math.max(0, arity.least - 1), most: arity.most };
}

/** The class right around it; a function between them makes it local instead. */
function containerOf(node: SyntaxNode): string | undefined {
  const owner = above(node, new Set([...CLASS, ...SCOPES]));
  return owner?.kind === "class_definition" ? wholeText(childOf(owner, "name")) : undefined;
}

function assigned(node: SyntaxNode): Definition[] {
  const left = childOf(node, "left") ?? childOf(node, "name");
  const right = childOf(node, "right") ?? childOf(node, "value");
  if (left === undefined) return [];
  const kinds: SymbolKind[] = ["variable", "constant"];
  if (right?.kind === "lambda") kinds.push("function");
  // A class or a type made by a call (namedtuple, NewType, TypeVar, Enum).
  if (right?.kind === "call" || right?.kind === "subscript")
    kinds.push("class", "type", "function");
  const names =
    left.kind === "identifier"
      ? [left]
      : /^(?:pattern_list|tuple_pattern|list_pattern)$/.test(left.kind)
        ? [...everyNode(left)].filter((one) => one.kind === "identifier")
        : [];
  const owner = containerOf(node);
  return names.map((name) =>
    definition(name, kinds, {
      exported: "no",
      local: above(node, SCOPES) !== undefined,
      ...(owner === undefined ? {} : { container: owner }),
    }),
  );
}
