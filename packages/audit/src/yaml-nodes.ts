/**
 * One YAML document into nodes, as its own tools read it: anchors, merge keys, tags. Refuses several
 * documents, doubled keys and bombs of aliases; what YAML 1.1 and 1.2 read differently is marked unsure.
 */
import { parseYamlNodes } from "@wingman/model";
import { isAlias, isMap, isPair, isScalar, isSeq, type Scalar, type Node as YamlNode } from "yaml";
import type { Node } from "./parsed-node.ts";
import { Unparsed } from "./parsed-node.ts";

const MOST_BYTES = 4 * 1024 * 1024;
/** Nodes with every alias written out: nine lines can stand for gigabytes. */
const MOST_NODES = 1_000_000;
const DEEPEST = 256;

/** Reads a file; throws {@link Unparsed}. */
export function yamlNodes(bytes: Buffer): Node {
  // `%YAML 1.1` turns `no` into false; other directives give tags another meaning.
  const directive = /^(?:\ufeff)?(?:#.*\r?\n|\r?\n)*%(?!YAML 1\.2[ \t\r]*$).*/m.exec(
    bytes.subarray(0, 4096).toString("utf8"),
  );
  if (directive?.index === 0) throw new Unparsed("UNSUPPORTED", "it has a YAML directive");
  const parsed = parseYamlNodes(bytes, { what: "it", maxBytes: MOST_BYTES });
  if (!parsed.ok) {
    const [first] = parsed.problems;
    throw new Unparsed(
      "UNSUPPORTED",
      `line ${first?.line ?? 1}: ${first?.message ?? "it is no YAML"}`,
    );
  }
  const { documents, where } = parsed.value;
  if (documents.length > 1)
    throw new Unparsed("UNSUPPORTED", "it holds more than one YAML document");
  return new Reader((node) => where(node?.range?.[0] ?? 0).line).read(documents[0] ?? null);
}

interface Size {
  readonly nodes: number;
  readonly depth: number;
}

class Reader {
  readonly #anchors = new Map<string, Node>();
  readonly #sizes = new Map<Node, Size>();
  readonly #lineOf: (node: YamlNode | null) => number;

  constructor(lineOf: (node: YamlNode | null) => number) {
    this.#lineOf = lineOf;
  }

  read(node: YamlNode | null): Node {
    if (isAlias(node)) {
      // An anchor within its own value is not there yet.
      const known = this.#anchors.get(node.source);
      return known ?? this.#refuse("UNSUPPORTED", node, `the alias ${node.source} has no value`);
    }
    const made = this.#measured(this.#made(node), node);
    if (node && "anchor" in node && typeof node.anchor === "string")
      this.#anchors.set(node.anchor, made);
    return made;
  }

  #made(node: YamlNode | null): Node {
    if (isMap(node)) return this.#map(node.items, node);
    if (isSeq(node))
      return { is: "list", items: node.items.map((item) => this.read(item as YamlNode | null)) };
    return isScalar(node) ? scalarNode(node) : { is: "null" };
  }

  #map(pairs: readonly unknown[], map: YamlNode): Node {
    const own = new Map<string, Node>();
    const merged = new Map<string, Node>();
    for (const pair of pairs) {
      if (!isPair(pair)) continue;
      const key = pair.key as YamlNode | null;
      const value = this.read(pair.value as YamlNode | null);
      if (isScalar(key) && key.value === "<<" && key.type === "PLAIN") {
        this.#merge(value, merged, key);
        continue;
      }
      const name = isScalar(key) ? keyText(key) : undefined;
      if (name === undefined) this.#refuse("UNSUPPORTED", key ?? map, "a key that is no text");
      if (own.has(name)) this.#refuse("AMBIGUOUS", key, "a key stands there twice");
      own.set(name, value);
    }
    for (const [name, value] of own) merged.set(name, value);
    return { is: "map", entries: merged };
  }

  /** `<<: *base`, `<<: [*a, *b]`: the first one that has a key gives it. */
  #merge(value: Node, into: Map<string, Node>, key: YamlNode): void {
    for (const one of value.is === "list" ? value.items : [value]) {
      if (one.is !== "map") this.#refuse("UNSUPPORTED", key, "a merge of what is no map");
      for (const [name, node] of one.entries) if (!into.has(name)) into.set(name, node);
    }
  }

  #measured(made: Node, node: YamlNode | null): Node {
    const parts =
      made.is === "map" ? [...made.entries.values()] : made.is === "list" ? made.items : [];
    let [nodes, depth] = [1, 0];
    for (const part of parts) {
      const size = this.#sizes.get(part) ?? { nodes: 1, depth: 0 };
      nodes += size.nodes;
      depth = Math.max(depth, size.depth);
    }
    if (nodes > MOST_NODES || depth >= DEEPEST)
      this.#refuse("BUDGET", node, "its aliases stand for too much");
    this.#sizes.set(made, { nodes, depth: depth + 1 });
    return made;
  }

  #refuse(reason: Unparsed["reason"], node: YamlNode | null, why: string): never {
    throw new Unparsed(reason, `line ${this.#lineOf(node)}: ${why}`);
  }
}

/** A key as it is written: `1`, `on`, `1.20`. */
function keyText(key: Scalar): string {
  return key.type === "PLAIN" && typeof key.source === "string" ? key.source : String(key.value);
}

const OWN_TAG = "a tag of its own may make anything of it";

function scalarNode(scalar: Scalar): Node {
  const { value, source = "", tag } = scalar;
  if (tag !== undefined && !tag.startsWith("tag:yaml.org,2002:"))
    return { is: "text", text: String(value), unsure: OWN_TAG };
  if (typeof value === "boolean") return { is: "flag", value };
  if (value === null || value === undefined) return { is: "null" };
  if (typeof value === "string")
    return /:(?:binary|timestamp)$/.test(tag ?? "")
      ? { is: "text", text: value, unsure: OWN_TAG }
      : { is: "text", text: value };
  // The text of a decimal keeps all its digits; 0x1F and .inf do not print as they stand.
  if (!/^[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?$/.test(source))
    return { is: "number", text: String(value) };
  const text = source.replace(/\.(?=$|[eE])/, "");
  return /^[+-]?0\d/.test(text)
    ? { is: "number", text, unsure: "YAML 1.1 reads that as octal" }
    : { is: "number", text };
}
