/**
 * What a file of TypeScript or JavaScript exports, by ES statements and by CommonJS assignments. What is
 * named at run time is said to be so, never guessed.
 */
import { definition, everyNode } from "./collect.ts";
import { CONTAINERS, FUNCTIONS, place } from "./script-place.ts";
import type { Definition, Exported, SymbolKind } from "./symbols.ts";
import type { SyntaxNode } from "./syntax-tree.ts";
import { above, childOf, wholeText } from "./syntax-tree.ts";

/** What kind of module a file is, and whether `exports` is a variable of its own. */
interface Marks {
  readonly isEs: boolean;
  readonly isCommon: boolean;
  readonly isShadowed: boolean;
}

export function marksOf(root: SyntaxNode): Marks {
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

/** `exports.a = …`, `module.exports = {a, b}`, `A.prototype.m = …`, `f = …`. */
export function assigned(
  node: SyntaxNode,
  named: Map<string, Exported>,
  marks: Marks,
): { readonly definitions: readonly Definition[]; readonly dynamicExports?: string } {
  const [left, right] = [childOf(node, "left"), childOf(node, "right")];
  if (left === undefined || right === undefined) return { definitions: [] };
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
      return plain
        ? { definitions: [] }
        : { definitions: [], dynamicExports: "module.exports is made at run time" };
    }
    const why = objectExports(right, named);
    return { definitions: [], ...(why === undefined ? {} : { dynamicExports: why }) };
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
    if (property === undefined) return { definitions: [] };
    if (!counts) return { definitions: [propertySet(left, property, marks)] };
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
    };
  }
  return {
    definitions:
      left.kind === "identifier" && isFunction ? [definition(left, kinds, place(node))] : [],
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

/** `export {a as b}`, `export default a`, `export * from "x"`. Gives why names may be missing. */
export function exportStatement(
  node: SyntaxNode,
  named: Map<string, Exported>,
): string | undefined {
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
