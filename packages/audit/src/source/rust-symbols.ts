/** Rust: items and their visibility. What a macro makes is in no tree, so a name in one is unsure. */
import { arityOf, definition, everyNode } from "./collect.ts";
import type { Definition, Exported, LanguageTable, SymbolKind } from "./symbols.ts";
import type { SyntaxNode } from "./syntax-tree.ts";
import { above, childOf, wholeText } from "./syntax-tree.ts";

const KINDS: Readonly<Record<string, readonly SymbolKind[]>> = {
  function_item: ["function"],
  function_signature_item: ["function"],
  struct_item: ["type", "class"],
  union_item: ["type"],
  enum_item: ["enum", "type"],
  trait_item: ["interface", "type"],
  type_item: ["type"],
  associated_type: ["type"],
  const_item: ["constant", "variable"],
  static_item: ["variable", "constant"],
  mod_item: ["module"],
  macro_definition: ["function"],
  enum_variant: ["constant"],
  field_declaration: ["variable"],
};
const OWNERS = new Set(["impl_item", "trait_item", "mod_item", "struct_item", "enum_item"]);
const FUNCTIONS = new Set(["function_item", "closure_expression"]);
const ARITY = {
  one: new Set(["parameter", "type_identifier", "_type"]),
  optional: new Set(["self_parameter"]),
};

export const rustTable: LanguageTable = {
  names: new Set([
    "identifier",
    "type_identifier",
    "field_identifier",
    "shorthand_field_identifier",
  ]),
  strings: new Set(["string_content"]),
  uses: new Set([
    ...[
      "call_expression.function",
      "arguments",
      "field_expression",
      "scoped_identifier",
      "scoped_type_identifier",
    ],
    ...[
      "use_declaration",
      "use_list",
      "use_as_clause",
      "scoped_use_list",
      "type_arguments",
      "generic_type",
    ],
    ...[
      "reference_type",
      "parameter.type",
      "function_item.return_type",
      "binary_expression",
      "unary_expression",
    ],
    ...[
      "reference_expression",
      "return_expression",
      "macro_invocation.macro",
      "impl_item.type",
      "impl_item.trait",
    ],
    ...[
      "struct_expression",
      "try_expression",
      "await_expression",
      "index_expression",
      "generic_function",
    ],
    ...[
      "let_declaration.type",
      "let_declaration.value",
      "field_declaration.type",
      "attribute",
      "if_expression",
    ],
  ]),
  read: (root) => {
    const definitions: Definition[] = [];
    const exports = new Map<string, Exported>();
    let dynamic: string | undefined;
    let dynamicExports: string | undefined;
    for (const node of everyNode(root)) {
      if (Object.hasOwn(KINDS, node.kind)) definitions.push(...item(node));
      else if (node.kind === "let_declaration") definitions.push(...bound(node));
      else if (node.kind === "use_declaration" && visible(node) !== "no") {
        const why = reexported(node, exports);
        dynamicExports ??= why;
      } else dynamic ??= generated(node);
    }
    return { definitions, exports, dynamic, dynamicExports: dynamicExports ?? dynamic };
  },
};

function item(node: SyntaxNode): Definition[] {
  const name = childOf(node, "name");
  if (name === undefined) return [];
  const owner = above(node, OWNERS);
  const container = wholeText(childOf(owner, "type") ?? childOf(owner, "name")).replace(
    /<.*$/s,
    "",
  );
  const kinds = [...(KINDS[node.kind] ?? [])];
  const method =
    node.kind.startsWith("function") && /^(?:impl|trait)_item$/.test(owner?.kind ?? "");
  if (method) kinds.push("method");
  const arity = arityOf(childOf(node, "parameters"), ARITY);
  const exported: Exported =
    owner?.kind === "trait_item" || node.kind === "enum_variant" || node.kind === "macro_definition"
      ? { unsure: "it is as visible as what it stands in" }
      : visible(node);
  return [
    definition(name, kinds, {
      exported,
      local: above(node, FUNCTIONS) !== undefined,
      ...(container === "" ? {} : { container }),
      ...(arity === undefined ? {} : { arity }),
    }),
  ];
}

const ITEMS = new Set(["source_file", "declaration_list"]);
/** Item macros that define only what their tokens name. */
const NAMING =
  /^(?:thread_local|lazy_static|macro_rules|compile_error|const_assert|assert_impl_all)$/;
/** Derives that implement a trait and name nothing new. */
const IMPLEMENTING =
  /^(?:Debug|Clone|Copy|PartialEq|Eq|Hash|PartialOrd|Ord|Default|Serialize|Deserialize|Error|Display|From|Into|Parser|Args|Subcommand|ValueEnum|Zeroize|ZeroizeOnDrop|Arbitrary)$/;

/** Items that stand in no tree: `include!("a.rs");`, `#[derive(Builder)]`. */
function generated(node: SyntaxNode): string | undefined {
  if (node.kind === "macro_invocation") {
    const at = node.parent?.kind === "expression_statement" ? node.parent : node;
    const called = wholeText(childOf(node, "macro")).replace(/^.*::/, "");
    return ITEMS.has(at.parent?.kind ?? "") && !NAMING.test(called)
      ? `the macro ${called}! may define it`
      : undefined;
  }
  if (node.kind !== "attribute" || wholeText(node.children[0]) !== "derive") return undefined;
  const derives = wholeText(childOf(node, "arguments")).match(/\w+(?=\s*[,)])/g) ?? [];
  const unknown = derives.find((name) => !IMPLEMENTING.test(name));
  return unknown === undefined ? undefined : `derive(${unknown}) may define it`;
}

function visible(node: SyntaxNode): Exported {
  const modifier = node.children.find((child) => child.kind === "visibility_modifier");
  if (modifier === undefined) return "no";
  return wholeText(modifier) === "pub" ? "yes" : { unsure: `it is ${wholeText(modifier)}` };
}

function bound(node: SyntaxNode): Definition[] {
  const pattern = childOf(node, "pattern");
  if (pattern === undefined) return [];
  return [...everyNode(pattern)]
    .filter((one) => one.kind === "identifier")
    .map((name) => definition(name, ["variable"], { exported: "no", local: true }));
}

/** `pub use a::{b, c as d};` Gives why names may be missing. */
function reexported(node: SyntaxNode, exports: Map<string, Exported>): string | undefined {
  const tree = childOf(node, "argument");
  for (const one of tree === undefined ? [] : everyNode(tree)) {
    if (one.kind === "use_wildcard") return "it re-exports all of another module";
    if (one.kind !== "identifier" && one.kind !== "type_identifier") continue;
    const alias = one.parent?.kind === "use_as_clause" ? childOf(one.parent, "alias") : undefined;
    if (one.field === "path") continue;
    exports.set(alias?.text ?? one.text, "yes");
  }
  return undefined;
}
