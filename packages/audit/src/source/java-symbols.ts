/** Java: declarations and their modifiers. What an annotation's processor makes is in no tree. */
import { arityOf, definition, everyNode } from "./collect.ts";
import type { Definition, Exported, LanguageTable, SymbolKind } from "./symbols.ts";
import type { SyntaxNode } from "./syntax-tree.ts";
import { above, childOf, wholeText } from "./syntax-tree.ts";

const KINDS: Readonly<Record<string, readonly SymbolKind[]>> = {
  class_declaration: ["class", "type"],
  record_declaration: ["class", "type"],
  interface_declaration: ["interface", "type"],
  annotation_type_declaration: ["interface", "type"],
  enum_declaration: ["enum", "type", "class"],
  enum_constant: ["constant"],
  method_declaration: ["method", "function"],
  constructor_declaration: ["method", "function"],
  annotation_type_element_declaration: ["method"],
};
const TYPES = new Set([
  "class_declaration",
  "record_declaration",
  "interface_declaration",
  "enum_declaration",
  "annotation_type_declaration",
]);
const BODIES = new Set(["method_declaration", "constructor_declaration", "lambda_expression"]);
const ARITY = { one: new Set(["formal_parameter"]), rest: new Set(["spread_parameter"]) };
/** Lombok, AutoValue, Immutables, MapStruct and their kin write members when it is compiled. */
const MAKING =
  /^(?:Data|Value|Getter|Setter|Builder|SuperBuilder|With|ToString|EqualsAndHashCode|\w*ArgsConstructor|AutoValue|Immutable|Mapper|Slf4j|Log\w*|Delegate)$/;

export const javaTable: LanguageTable = {
  names: new Set(["identifier", "type_identifier"]),
  strings: new Set(["string_fragment"]),
  uses: new Set([
    ...[
      "method_invocation",
      "field_access",
      "argument_list",
      "object_creation_expression",
      "generic_type",
    ],
    ...["type_arguments", "superclass", "type_list", "scoped_identifier", "scoped_type_identifier"],
    ...[
      "import_declaration",
      "package_declaration",
      "annotation",
      "marker_annotation",
      "binary_expression",
    ],
    ...[
      "return_statement",
      "method_reference",
      "formal_parameter.type",
      "method_declaration.type",
      "array_type",
    ],
    ...[
      "field_declaration.type",
      "local_variable_declaration.type",
      "variable_declarator.value",
      "cast_expression",
    ],
    ...[
      "assignment_expression.right",
      "parenthesized_expression",
      "unary_expression",
      "array_access",
      "throws",
    ],
  ]),
  read: (root) => {
    const definitions: Definition[] = [];
    let dynamic: string | undefined;
    for (const node of everyNode(root)) {
      if (Object.hasOwn(KINDS, node.kind)) definitions.push(...declared(node));
      else if (node.kind === "variable_declarator") definitions.push(...variable(node));
      else if (
        node.kind === "formal_parameter" &&
        node.parent?.parent?.kind === "record_declaration"
      )
        definitions.push(...component(node));
      else if (/^(?:marker_)?annotation$/.test(node.kind)) {
        const name = wholeText(childOf(node, "name"));
        if (MAKING.test(name))
          dynamic ??= `the annotation @${name} makes members when it is compiled`;
      }
    }
    return { definitions, exports: new Map(), dynamic, dynamicExports: dynamic };
  },
};

function declared(node: SyntaxNode): Definition[] {
  const name = childOf(node, "name");
  if (name === undefined) return [];
  const arity = arityOf(childOf(node, "parameters"), ARITY);
  const isType = TYPES.has(node.kind);
  return [
    definition(name, KINDS[node.kind] ?? [], {
      ...place(node),
      ...(isType || arity === undefined ? {} : { arity }),
    }),
  ];
}

function variable(node: SyntaxNode): Definition[] {
  const name = childOf(node, "name");
  if (name === undefined || node.parent === undefined) return [];
  const isFinal = /\bfinal\b/.test(modifiers(node.parent));
  return [definition(name, isFinal ? ["variable", "constant"] : ["variable"], place(node.parent))];
}

/** A record's component is a field and a method. */
function component(node: SyntaxNode): Definition[] {
  const name = childOf(node, "name");
  return name === undefined
    ? []
    : [definition(name, ["variable", "method"], { ...place(node), exported: "yes" })];
}

function place(node: SyntaxNode): { container?: string; local: boolean; exported: Exported } {
  const owner = above(node, TYPES);
  const container = wholeText(childOf(owner, "name"));
  const said = modifiers(node);
  // Members of interfaces are public without a word; what nothing says is the package's.
  const exported: Exported = /\bpublic\b/.test(said)
    ? "yes"
    : /\bprivate\b/.test(said)
      ? "no"
      : owner?.kind === "interface_declaration"
        ? "yes"
        : { unsure: "it is seen in its own package" };
  return {
    ...(container === "" ? {} : { container }),
    local: above(node, BODIES) !== undefined,
    exported,
  };
}

function modifiers(node: SyntaxNode): string {
  const list = node.children.find((child) => child.kind === "modifiers");
  return list?.children.map((child) => child.kind).join(" ") ?? "";
}
