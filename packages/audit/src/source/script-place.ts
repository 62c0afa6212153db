/** Where a definition of TypeScript or JavaScript stands: in which container, in a function, exported or not. */
import type { Exported } from "./symbols.ts";
import type { SyntaxNode } from "./syntax-tree.ts";
import { above, childOf, wholeText } from "./syntax-tree.ts";

export const FUNCTIONS = new Set([
  "function_declaration",
  "generator_function_declaration",
  "function_expression",
  "generator_function",
  "arrow_function",
  "method_definition",
]);
export const CONTAINERS = new Set([
  "class_declaration",
  "abstract_class_declaration",
  "class",
  "interface_declaration",
  "enum_declaration",
  "internal_module",
  "module",
]);

/** Of a declaration, or of a variable by its whole statement. */
export function place(node: SyntaxNode): {
  container?: string;
  local: boolean;
  exported: Exported;
} {
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
