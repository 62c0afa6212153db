/** Ruby: methods, classes, modules, constants, attr_*. Much is defined at run time: then absence is unsure. */
import { arityOf, definition, everyNode } from "./collect.ts";
import type { Definition, Exported, LanguageTable, SymbolKind } from "./symbols.ts";
import type { SyntaxNode } from "./syntax-tree.ts";
import { above, childOf, wholeText } from "./syntax-tree.ts";

const OWNERS = new Set(["class", "module", "singleton_class"]);
const METHODS = new Set(["method", "singleton_method"]);
const ARITY = {
  one: new Set(["identifier", "keyword_parameter"]),
  optional: new Set(["optional_parameter"]),
  rest: new Set(["splat_parameter", "hash_splat_parameter", "block_parameter"]),
};
const MAKING =
  /^(?:define_method|define_singleton_method|class_eval|module_eval|instance_eval|eval|const_set|send|public_send|method_missing|instance_variable_set|class_exec|module_exec)$/;

export const rubyTable: LanguageTable = {
  names: new Set([
    "identifier",
    "constant",
    "instance_variable",
    "class_variable",
    "global_variable",
    "hash_key_symbol",
  ]),
  strings: new Set(["string_content", "simple_symbol", "bare_symbol", "hash_key_symbol"]),
  uses: new Set([
    ...[
      "call",
      "argument_list",
      "binary",
      "unary",
      "scope_resolution",
      "superclass",
      "return",
      "array",
    ],
    ...[
      "pair.value",
      "interpolation",
      "conditional",
      "element_reference",
      "assignment.right",
      "body_statement",
    ],
    ...["parenthesized_statements", "block_argument", "program", "then", "if", "unless", "rescue"],
  ]),
  read: (root) => {
    const definitions: Definition[] = [];
    let dynamic: string | undefined;
    let hides = false;
    for (const node of everyNode(root)) {
      if (METHODS.has(node.kind)) {
        definitions.push(...method(node));
        if (wholeText(childOf(node, "name")) === "method_missing")
          dynamic ??= "it has method_missing";
      } else if (node.kind === "class" || node.kind === "module") definitions.push(...named(node));
      else if (node.kind === "assignment") definitions.push(...assigned(node));
      else if (node.kind === "alias") {
        const name = childOf(node, "name");
        if (name !== undefined)
          definitions.push(definition(name, ["method", "function"], place(node)));
      } else if (node.kind === "call") {
        const called = wholeText(childOf(node, "method"));
        if (/^attr_(?:reader|writer|accessor)$/.test(called)) definitions.push(...attributes(node));
        if (MAKING.test(called)) dynamic ??= `it calls ${called}`;
      }
      if (
        node.kind === "identifier" &&
        /^(?:private|protected|private_constant|private_class_method)$/.test(node.text)
      )
        hides = true;
    }
    const unsure: Exported = { unsure: "the file hides some of what it defines" };
    return {
      definitions: hides ? definitions.map((one) => ({ ...one, exported: unsure })) : definitions,
      exports: new Map(),
      dynamic,
      dynamicExports: dynamic,
    };
  },
};

function method(node: SyntaxNode): Definition[] {
  const name = childOf(node, "name");
  if (name === undefined) return [];
  const arity = arityOf(childOf(node, "parameters"), ARITY) ?? { least: 0, most: 0 };
  return [definition(name, ["method", "function"], { ...place(node), arity })];
}

function named(node: SyntaxNode): Definition[] {
  const name = childOf(node, "name");
  const last = name?.children.length === 0 ? name : childOf(name, "name");
  if (last === undefined) return [];
  return [definition(last, node.kind === "class" ? ["class", "type"] : ["module"], place(node))];
}

function assigned(node: SyntaxNode): Definition[] {
  const [left, right] = [childOf(node, "left"), childOf(node, "right")];
  if (left === undefined || left.children.length > 0) return [];
  const kinds: SymbolKind[] = left.kind === "constant" ? ["constant", "variable"] : ["variable"];
  if (left.kind === "constant" && right?.kind === "call") kinds.push("class", "module", "type");
  return [definition(left, kinds, place(node))];
}

function attributes(node: SyntaxNode): Definition[] {
  const list = childOf(node, "arguments")?.children ?? [];
  return list
    .filter((child) => child.kind === "simple_symbol")
    .map((child) => ({
      ...definition(child, ["method", "variable", "function"], place(node)),
      name: child.text.replace(/^:/, ""),
    }));
}

function place(node: SyntaxNode): { container?: string; local: boolean; exported: Exported } {
  const owner = above(node, OWNERS);
  const container = wholeText(childOf(owner, "name"));
  const last = container.slice(container.lastIndexOf(":") + 1);
  return {
    ...(last === "" ? {} : { container: last }),
    local: above(node, METHODS) !== undefined,
    exported: "yes",
  };
}
