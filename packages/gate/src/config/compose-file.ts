/**
 * A compose file as the values that configure something: pairs of environment, arguments and
 * options, and published ports, each with its place. Anchors, merges and custom tags are read, not
 * expanded. What YAML cannot read is read line by line, and said to be so.
 */
import type { Position, YamlNodes } from "@wingman/model";
import { parseYamlNodes } from "@wingman/model";
import type { Node, Pair, Scalar } from "yaml";
import { isAlias, isMap, isScalar, isSeq } from "yaml";

/** One value of the file. */
export interface ComposeValue extends Position {
  readonly kind: "pair" | "text" | "port" | "published" | "host";
  /** The name that it is given to; "" for a text or a port. */
  readonly key: string;
  readonly value: string;
}

export interface ComposeFile {
  readonly values: readonly ComposeValue[];
  /** Where and why YAML stopped; the values were then read line by line. */
  readonly unread: (Position & { readonly message: string }) | undefined;
}

const MAX_BYTES = 1 << 20;

/** Reads a compose file. Never throws. */
export function composeFile(bytes: Uint8Array): ComposeFile {
  const parsed = parseYamlNodes(bytes, { what: "the compose file", maxBytes: MAX_BYTES });
  if (parsed.ok) return { values: new Values(parsed.value).read(), unread: undefined };
  const [first] = parsed.problems;
  const { line = 1, column = 1, message = "it cannot be read" } = first ?? {};
  return { values: byLine(bytes), unread: { line, column, message } };
}

class Values {
  readonly #nodes: YamlNodes;
  readonly #found: ComposeValue[] = [];
  readonly #anchors = new Map<string, Node>();

  constructor(nodes: YamlNodes) {
    this.#nodes = nodes;
  }

  read(): ComposeValue[] {
    for (const document of this.#nodes.documents) this.#walk(document, "");
    return this.#found;
  }

  /** `key` is what the node stands under. Depth is bounded by the parser. */
  #walk(node: Node | null, key: string): void {
    if (node === null || isAlias(node)) return;
    if ("anchor" in node && typeof node.anchor === "string") this.#anchors.set(node.anchor, node);
    if (isMap(node)) {
      for (const pair of node.items) this.#pair(pair as Pair<Node, Node | null>, key);
    } else if (isSeq(node)) {
      for (const item of node.items as (Node | null)[]) this.#item(item, key);
    }
  }

  #pair(pair: Pair<Node, Node | null>, under: string): void {
    const key = isScalar(pair.key) ? String(pair.key.value) : "";
    const scalar = this.#scalar(pair.value);
    if (scalar === undefined) return this.#walk(pair.value, key);
    this.#walk(pair.value, key);
    const at = pair.value ?? pair.key;
    if (key === "published" || (key === "ports" && under !== ""))
      this.#add(key === "ports" ? "port" : "published", "", scalar, at);
    else if (under === "extra_hosts") this.#add("host", key, scalar, at);
    else this.#add(under === "labels" ? "text" : "pair", key, scalar, at);
  }

  #item(item: Node | null, under: string): void {
    const scalar = this.#scalar(item);
    if (scalar === undefined || item === null) return this.#walk(item, under);
    this.#walk(item, under);
    if (under === "ports") return this.#add("port", "", scalar, item);
    const pair = /^([\w.-]{1,200})=([^]*)$/.exec(scalar);
    const host = /^([\w.-]{1,200})[=:]([^]*)$/.exec(scalar);
    if (under === "extra_hosts" && host !== null)
      this.#add("host", host[1] ?? "", host[2] ?? "", item);
    else if (pair !== null && under !== "labels")
      this.#add("pair", pair[1] ?? "", pair[2] ?? "", item);
    else this.#add("text", "", scalar, item);
  }

  /** The text of a scalar, also of one that an alias names; undefined for maps, lists and nothing. */
  #scalar(node: Node | null): string | undefined {
    const real = node !== null && isAlias(node) ? this.#anchors.get(node.source) : node;
    if (!isScalar(real)) return undefined;
    const { value, source } = real as Scalar;
    if (value === null || typeof value === "boolean") return "";
    return typeof value === "string" ? value : (source ?? String(value));
  }

  #add(kind: ComposeValue["kind"], key: string, value: string, at: Node): void {
    this.#found.push({ kind, key, value, ...this.#nodes.where(at.range?.[0] ?? 0) });
  }
}

/** `KEY: value` and `KEY=value` wherever they stand, for what is no YAML: templates, broken files. */
function byLine(bytes: Uint8Array): ComposeValue[] {
  const found: ComposeValue[] = [];
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, MAX_BYTES));
  for (const [index, line] of text
    .toString("utf8")
    .split(/\r\n|\n|\r/)
    .entries()) {
    if (/^\s*#/.test(line)) continue;
    const pairs =
      /(?<![\w.-])["']?([A-Za-z_][\w.-]{0,100})["']?[ \t]{0,8}[:=][ \t]{0,8}("[^"\n]{0,500}"|'[^'\n]{0,500}'|\$\{[^}\n]{0,200}\}[^\s,}]{0,200}|[^\s,{}"'#][^\s,}]{0,500})/g;
    for (const match of line.matchAll(pairs)) {
      const value = (match[2] ?? "").replace(/^(["'])(.*)\1$/, "$2");
      const place = { line: index + 1, column: match.index + 1 };
      found.push({ kind: "pair", key: match[1] ?? "", value, ...place });
    }
  }
  return found;
}
