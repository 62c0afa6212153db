/**
 * One addition to somebody's YAML file: a list's new last item, or a map's new key. Only lines are put
 * in between, so that comments, quotes and spacing stay as their author has them; where the result would
 * not say exactly the old content and the addition, there is none, and a person is asked to paste it.
 */
import { isMap, isScalar, isSeq, parseDocument, stringify, type YAMLMap, type YAMLSeq } from "yaml";

export interface YamlAddition {
  /** The keys that lead to the list or map; those that are absent are made. */
  readonly path: readonly string[];
  /** The new last item of the list at `path`, or the new key of the map there. */
  readonly put: { readonly item: unknown } | { readonly key: string; readonly value: unknown };
}

/** The text with the addition; undefined where it cannot be put in without rewriting what stands. */
export function withYamlAddition(text: string, addition: YamlAddition): string | undefined {
  try {
    return added(text, addition);
  } catch {
    // What the library cannot turn into values (aliases without end) is a person's to edit.
    return undefined;
  }
}

function added(text: string, addition: YamlAddition): string | undefined {
  const doc = parseDocument(text);
  if (doc.errors.length > 0 || text.startsWith("\ufeff")) return undefined;
  const before: unknown = doc.toJS() ?? {};
  const place = placeOf(text, doc.contents, addition);
  if (place === undefined) return undefined;
  const after = putLines(text, place);
  const again = parseDocument(after);
  if (again.errors.length > 0) return undefined;
  return same(again.toJS(), expected(before, addition)) ? after : undefined;
}

/** What the file says as a plain value; undefined where it is no single good document. */
export function yamlValue(text: string): unknown {
  try {
    const doc = parseDocument(text);
    return doc.errors.length > 0 ? undefined : doc.toJS();
  } catch {
    return undefined;
  }
}

interface Place {
  /** The collection that grows; undefined for a file that says nothing yet. */
  readonly grows: YAMLMap | YAMLSeq | undefined;
  readonly column: number;
  readonly style: Style;
  readonly value: unknown;
}

interface Style {
  readonly indent: number;
  readonly indentSeq: boolean;
}

function placeOf(text: string, root: unknown, { path, put }: YamlAddition): Place | undefined {
  if (root === null || (isScalar(root) && root.value === null))
    return {
      grows: undefined,
      column: 0,
      style: { indent: 2, indentSeq: true },
      value: nested(path, put),
    };
  let node: unknown = root;
  for (const [depth, key] of path.entries()) {
    if (!isMap(node)) return undefined;
    const next: unknown = node.get(key, true);
    if (next === undefined) return inMap(text, root, node, nested(path.slice(depth), put));
    node = next;
  }
  if ("item" in put) return isSeq(node) ? inSeq(text, node, put.item) : undefined;
  if (!isMap(node) || node.has(put.key)) return undefined;
  return inMap(text, root, node, { [put.key]: put.value });
}

function inMap(text: string, root: unknown, map: YAMLMap, value: unknown): Place | undefined {
  const start = offsetOf(map.items[0]?.key);
  if (map.flow === true || start === undefined) return undefined;
  return { grows: map, column: columnAt(text, start), style: styleOf(text, root), value };
}

function inSeq(text: string, seq: YAMLSeq, item: unknown): Place | undefined {
  const dash = seq.range?.[0];
  const first = offsetOf(seq.items[0]);
  if (seq.flow === true || dash === undefined || first === undefined) return undefined;
  const column = columnAt(text, dash);
  // `-   id: x` is one style, and `- id: x` another; a list in the item stands as this one does.
  const indent = Math.max(2, columnAt(text, first) - column);
  const style = { indent, indentSeq: column > keyColumn(text, dash) };
  return { grows: seq, column, style, value: [item] };
}

/** How far the first nested map or list of the file stands in. */
function styleOf(text: string, root: unknown): Style {
  const pairs = isMap(root) ? root.items : [];
  for (const { value } of pairs) {
    const inner = isMap(value) ? offsetOf(value.items[0]?.key) : undefined;
    if (inner !== undefined && isMap(value) && value.flow !== true)
      return { indent: Math.max(1, columnAt(text, inner)), indentSeq: true };
  }
  return { indent: 2, indentSeq: true };
}

function putLines(text: string, place: Place): string {
  const { grows, column } = place;
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  const block = linesOf(place)
    .map((line) => `${" ".repeat(column)}${line}${end}`)
    .join("");
  const at = lineEnd(text, grows?.range?.[1] ?? text.length);
  const head = text.slice(0, at);
  const joint = head === "" || head.endsWith("\n") ? "" : end;
  return `${head}${joint}${block}${text.slice(at)}`;
}

function linesOf({ grows, style: { indent, indentSeq }, value }: Place): string[] {
  const wide = isSeq(grows) && indent !== 2;
  const options = { indent: wide ? 2 : indent, indentSeq, lineWidth: 0 };
  const lines = stringify(value, options).trimEnd().split("\n");
  if (!wide) return lines;
  // The library sets one space behind a dash, whatever the indentation: widen each step of two.
  return lines.map((line) => {
    const [, lead = "", dash, rest = ""] = /^( *)(- )?(.*)$/.exec(line) ?? [];
    return `${" ".repeat((lead.length / 2) * indent)}${dash === undefined ? "" : "-".padEnd(indent)}${rest}`;
  });
}

/** Where the line that holds the last byte before `offset` is over. */
function lineEnd(text: string, offset: number): number {
  if (offset > 0 && text[offset - 1] === "\n") return offset;
  const newline = text.indexOf("\n", offset);
  return newline === -1 ? text.length : newline + 1;
}

function nested(path: readonly string[], put: YamlAddition["put"]): unknown {
  const last: unknown = "item" in put ? [put.item] : { [put.key]: put.value };
  return path.reduceRight<unknown>((value, key) => ({ [key]: value }), last);
}

function expected(before: unknown, { path, put }: YamlAddition): unknown {
  const copy: unknown = structuredClone(before);
  let node = copy as Record<string, unknown>;
  for (const [depth, key] of path.entries()) {
    if (node[key] === undefined) {
      Object.assign(node, nested(path.slice(depth), put));
      return copy;
    }
    node = node[key] as Record<string, unknown>;
  }
  if ("item" in put) (node as unknown as unknown[]).push(put.item);
  else node[put.key] = put.value;
  return copy;
}

/** Equal as YAML says it: the order of keys counts, for we put ours last. */
function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function offsetOf(node: unknown): number | undefined {
  const range =
    typeof node === "object" && node !== null && "range" in node ? node.range : undefined;
  return Array.isArray(range) && typeof range[0] === "number" ? range[0] : undefined;
}

function columnAt(text: string, offset: number): number {
  return offset - (text.lastIndexOf("\n", offset - 1) + 1);
}

/** The column of the key that the list at `dash` belongs to: the nearest line above with less or as much. */
function keyColumn(text: string, dash: number): number {
  const lines = text.slice(0, dash).split("\n").slice(0, -1).reverse();
  const key = lines.find((line) => /^\s*[^\s#]/.test(line));
  return key === undefined ? 0 : key.search(/\S/);
}
