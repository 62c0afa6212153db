/**
 * A document with places: its value, and the line and column of everything in it. What a schema or a
 * rule finds wrong can be said where it stands.
 */

/** From 1; columns in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A place in a document: JSON pointer (ajv's `instancePath`) or its keys. */
export type DocPath = string | readonly (string | number)[];

/** A YAML document and where its parts stand. */
export interface YamlDoc {
  /** Plain objects, arrays, strings, numbers, booleans, null. No key is `__proto__`. */
  readonly value: unknown;
  /** The value at a path; of the nearest parent that exists where it does not. */
  at(path: DocPath): Position;
  /** The key (or the list item) at a path; as {@link YamlDoc.at} where it does not exist. */
  keyAt(path: DocPath): Position;
}

/** Where one node stands, and what is in it. Offsets into the text. */
export interface Place {
  readonly value: number;
  readonly key: number;
  readonly parts?: ReadonlyMap<string, Place>;
}

/** A document of a value, its places, and what an offset's line and column are. */
export function locatedDoc(
  value: unknown,
  root: Place,
  position: (offset: number) => Position,
): YamlDoc {
  const find = (path: DocPath): Place => {
    let place = root;
    for (const key of typeof path === "string" ? keysOfPointer(path) : path) {
      const next = place.parts?.get(String(key));
      if (next === undefined) return place;
      place = next;
    }
    return place;
  };
  return {
    value,
    at: (path) => position(find(path).value),
    keyAt: (path) => position(find(path).key),
  };
}

/** A document whose every part stands at one line: a record. */
export function oneLine(value: unknown, line: number): YamlDoc {
  const position: Position = { line, column: 1 };
  return { value, at: () => position, keyAt: () => position };
}

/** The keys of a JSON pointer (RFC 6901): `/rules/1` → rules, 1. */
export function keysOfPointer(pointer: string): string[] {
  if (pointer === "") return [];
  const parts = pointer.split("/").slice(1);
  return parts.map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}
