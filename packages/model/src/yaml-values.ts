/**
 * The yaml library's nodes into plain values with their places. Refuses what makes a text mean more
 * than it shows: anchors, aliases, tags, merge keys, doubled keys, keys that are no text.
 */
import type { Node, Range } from "yaml";
import { isAlias, isMap, isPair, isScalar, isSeq } from "yaml";
import type { Place, Position } from "./located.ts";
import { visible } from "./path.ts";
import type { Problem } from "./problem.ts";

export const MAX_PROBLEMS = 100;

/** Turns nodes into plain values, noting where each stands. Recursion is bounded by the depth check. */
export class YamlValues {
  readonly problems: Problem[] = [];
  readonly #what: string;
  readonly #where: (offset: number) => Position;

  constructor(what: string, where: (offset: number) => Position) {
    this.#what = what;
    this.#where = where;
  }

  node(
    node: Node | null | undefined,
    key: number,
    fallback: number,
  ): { value: unknown; place: Place } {
    const start = startOf(node) ?? fallback;
    if (isAlias(node) || (node && "anchor" in node && node.anchor !== undefined)) {
      // One line of aliases can stand for gigabytes, and a reader cannot see what a key holds.
      this.#refuse(
        "format/alias",
        "anchors and aliases are not read",
        start,
        "write the value out",
      );
    } else if (node?.tag !== undefined) {
      this.#refuse("format/tag", `the tag ${node.tag} is not read`, start, "remove the tag");
    } else if (isMap(node)) {
      return this.#map(node.items, key, start);
    } else if (isSeq(node)) {
      const parts = new Map<string, Place>();
      const value = node.items.map((item, index) => {
        const found = this.node(item as Node | null, startOf(item as Node | null) ?? start, start);
        parts.set(String(index), found.place);
        return found.value;
      });
      return { value, place: { value: start, key, parts } };
    } else if (isScalar(node)) {
      return { value: this.#scalar(node.value, start), place: { value: start, key } };
    }
    return { value: null, place: { value: start, key } };
  }

  #map(items: readonly unknown[], key: number, start: number): { value: unknown; place: Place } {
    const value: Record<string, unknown> = {};
    const parts = new Map<string, Place>();
    for (const item of items) {
      if (!isPair(item)) continue;
      const keyNode = item.key as Node | null;
      const at = startOf(keyNode) ?? start;
      const name =
        isScalar(keyNode) && typeof keyNode.value === "string" ? keyNode.value : undefined;
      if (name === undefined) {
        this.#refuse("format/key", "a key that is no text", at, "quote the key");
        continue;
      }
      if (keyNode && "anchor" in keyNode && keyNode.anchor !== undefined) {
        this.#refuse("format/alias", "anchors and aliases are not read", at, "write the value out");
      }
      if (name === "<<")
        this.#refuse("format/merge-key", "merge keys (<<) are not read", at, "write the keys out");
      // Assigning `__proto__` would change the object's prototype instead of adding a key.
      if (name === "__proto__") this.#refuse("format/key", 'no key may be named "__proto__"', at);
      if (parts.has(name)) {
        const first = this.#where(parts.get(name)?.key ?? at).line;
        const message = `the key ${shown(name)} stands twice (first in line ${first})`;
        this.#refuse("format/duplicate-key", message, at, "keep one of them");
        continue;
      }
      const found = this.node(item.value as Node | null, at, at);
      parts.set(name, found.place);
      if (name !== "__proto__") value[name] = found.value;
    }
    return { value, place: { value: start, key, parts } };
  }

  #scalar(value: unknown, at: number): unknown {
    if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
    if (typeof value === "number" && Number.isFinite(value)) return value;
    if (value === undefined) return null;
    this.#refuse("format/number", "infinity and not-a-number are not read", at, "quote the text");
    return null;
  }

  #refuse(code: string, message: string, offset: number, help?: string): void {
    if (this.problems.length >= MAX_PROBLEMS) return;
    const problem = { code, message: `${this.#what}: ${message}`, ...this.#where(offset) };
    this.problems.push(help === undefined ? problem : { ...problem, help });
  }
}

function startOf(node: Node | null | undefined): number | undefined {
  return (node?.range as Range | null | undefined)?.[0];
}

function shown(key: string): string {
  return `"${visible(key.length > 60 ? `${key.slice(0, 60)}…` : key)}"`;
}
