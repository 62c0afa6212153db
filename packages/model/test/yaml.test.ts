/** YAML: what is read, where it stands, and the inputs that end other processes. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseYaml } from "../src/yaml.ts";

const read = (input: string | Uint8Array, lineOffset = 0) =>
  parseYaml(input, { what: "the file", lineOffset });

function codes(input: string | Uint8Array): string[] {
  const parsed = read(input);
  return parsed.ok ? [] : parsed.problems.map((one) => `${one.code}@${one.line}:${one.column}`);
}

function yamlValue(input: string | Uint8Array): unknown {
  const parsed = read(input);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value.value;
}

describe("values", () => {
  test("plain YAML 1.2: no is a word, a date is text", () => {
    const text = "a: no\nb: 012\nc: [1, two, {d: null}]\nwhen: 2026-12-22T00:00:00.000Z\n";
    expect(yamlValue(text)).toEqual({
      a: "no",
      b: 12,
      c: [1, "two", { d: null }],
      when: "2026-12-22T00:00:00.000Z",
    });
  });

  test("a byte order mark is no content and moves no column", () => {
    expect(yamlValue("\ufeffa: 1\n")).toEqual({ a: 1 });
    expect(codes("\ufeffa: 1\na: 2\n")).toEqual(["format/duplicate-key@2:1"]);
  });

  test("keys that objects have by nature are keys", () => {
    const value = yamlValue("constructor: 1\ntoString: 2\n") as Record<string, unknown>;
    expect(Object.hasOwn(value, "constructor")).toBe(true);
  });

  test("an empty text is null", () => {
    expect(yamlValue("")).toBe(null);
    expect(yamlValue("# only a comment\n")).toBe(null);
  });

  test("CRLF is read, positions stay right", () => {
    expect(yamlValue("a: 1\r\nb:\r\n  - x\r\n")).toEqual({ a: 1, b: ["x"] });
    expect(codes("a: 1\r\nb: 2\r\na: 3\r\n")).toEqual(["format/duplicate-key@3:1"]);
  });
});

describe("positions", () => {
  test("values, keys, list items, and the nearest parent of what is not there", () => {
    const parsed = read("a: 1\nrules:\n  - {id: x, why: y}\n  - id: z\n", 1);
    if (!parsed.ok) throw new Error("not read");
    const doc = parsed.value;
    expect(doc.at("/a")).toEqual({ line: 2, column: 4 });
    expect(doc.keyAt("/rules/0/why")).toEqual({ line: 4, column: 13 });
    expect(doc.at(["rules", 0, "why"])).toEqual({ line: 4, column: 18 });
    expect(doc.at("/rules/1")).toEqual({ line: 5, column: 5 });
    expect(doc.at("/rules/1/none")).toEqual({ line: 5, column: 5 });
    expect(doc.at("")).toEqual({ line: 2, column: 1 });
  });

  test("escaped pointers", () => {
    const parsed = read('"a/b~c": 1\n');
    expect(parsed.ok && parsed.value.at("/a~1b~0c")).toEqual({ line: 1, column: 10 });
  });
});

describe("refused", () => {
  const cases: readonly (readonly [string, string | Uint8Array, string])[] = [
    ["anchor", "a: &x 1\n", "format/alias@1:7"],
    ["alias", "a: *x\n", "format/alias@1:4"],
    ["merge key", "a: 1\n<<: {b: 2}\n", "format/merge-key@2:1"],
    ["unknown tag", "a: !!js/function 'x'\n", "format/tag@1:4"],
    ["known tag", "a: !!str 1\n", "format/tag@1:10"],
    ["two documents", "a: 1\n---\nb: 2\n", "format/documents@2:1"],
    ["directive", "%YAML 1.1\n---\na: no\n", "format/directive@1:1"],
    ["prototype", "a:\n  __proto__: {x: 1}\n", "format/key@2:3"],
    ["number as key", "1: a\n", "format/key@1:1"],
    ["map as key", "? {a: 1}\n: b\n", "format/key@1:3"],
    ["NUL", "a: 1\nb: \0\n", "format/nul@2:4"],
    [
      "not UTF-8",
      Buffer.from("61 3a 0a 62 3a 20 ff 0a".replaceAll(" ", ""), "hex"),
      "format/encoding@2:4",
    ],
    ["infinity", "a: .inf\n", "format/number@1:4"],
    ["unclosed", "a: [1, 2\n", "format/yaml@2:1"],
    ["tab indentation", "a:\n\tb: 1\n", "format/yaml@2:1"],
    ["alias bomb", bomb(), "format/alias@1:7"],
  ];
  for (const [name, input, code] of cases) {
    test(name, () => expect(codes(input)[0]).toBe(code));
  }

  test("size before all else", () => {
    const bytes = Buffer.alloc(50_000_000, "[");
    expect(codes(bytes)).toEqual(["format/size@1:1"]);
  });
});

function bomb(): string {
  const rows = ["a: &a [x, x, x, x, x, x, x, x, x]"];
  for (let at = 1; at < 9; at += 1) {
    const before = String.fromCharCode(96 + at);
    rows.push(
      `${String.fromCharCode(97 + at)}: &${String.fromCharCode(97 + at)} [${`*${before},`.repeat(9)}]`,
    );
  }
  return rows.join("\n");
}

describe("hostile", () => {
  const nested = (unit: string, count: number) => unit.repeat(count);
  const blocks = (count: number) =>
    Array.from({ length: count }, (_, at) => `${" ".repeat(at)}a:`).join("\n");
  const inputs: Readonly<Record<string, string>> = {
    brackets: nested("[", 25_000),
    "790 brackets": nested("[", 790) + nested("]", 790),
    braces: nested("{", 25_000),
    "mixed flow": nested("[{a: ", 10_000),
    "sequences in one line": nested("- ", 25_000),
    "explicit keys": nested("? ", 25_000),
    "explicit keys in flow": `[${nested("? ", 25_000)}`,
    colons: nested(": ", 25_000),
    "values in one line": nested("a: ", 15_000),
    "bare tags": nested("! ", 25_000),
    "verbatim tags": nested("!<a>", 15_000),
    "tags in flow": `[${nested("!<a>", 15_000)}`,
    anchors: nested("&a ", 20_000),
    "deep blocks": blocks(600),
    "deep sequences": Array.from({ length: 600 }, (_, at) => `${" ".repeat(at)}-`).join("\n"),
    "brackets in lines": nested("[\n", 25_000),
    "sequences by tab": nested("-\t", 25_000),
    "flow after a key": `a: ${nested("[", 5_000)}`,
    quotes: nested('"', 15_001),
    "single quotes": nested("'", 50_001),
    documents: nested("---\n", 15_000),
    ends: nested("...\n", 15_000),
    comments: nested("#\n", 30_000),
    newlines: nested("\n", 50_000),
    directives: nested("%a\n", 20_000),
    "template in a flow map": "{a: ${VAR}, b: ${VAR:-{}}}",
    "many keys": Array.from({ length: 8_000 }, (_, at) => `k${at}: ${at}`).join("\n"),
    "same key": nested("k: 1\n", 12_500),
    "many items": nested("- a\n", 15_000),
    "many flow items": `[${nested("a,", 30_000)}]`,
    "block scalars": nested("a: |\n b\n", 7_000),
    "long plain": nested("a ", 30_000),
    "multi-line plain": nested("a\n", 30_000),
    "carriage returns": nested("a: 1\r", 12_500),
    "closing only": nested("]", 15_000),
    "commas only": `[${nested(",", 15_000)}`,
    "alternating flow": nested("[]{}", 5_000),
    "empty values": nested("? a\n:\n", 10_000),
    "percent and tags": `!${nested("%21", 20_000)} a`,
  };
  for (const [name, input] of Object.entries(inputs)) {
    test(name, () => {
      expect(() => read(input)).not.toThrow();
    });
  }

  test("64 levels are read, 70 are not", () => {
    const deep = (levels: number) => nested("[", levels) + nested("]", levels);
    expect(codes(deep(60))).toEqual([]);
    expect(codes(deep(70))[0]).toMatch(/^format\/depth@1:6\d$/);
    expect(codes(blocks(70))[0]).toMatch(/^format\/depth@6\d:/);
  });
});

describe("properties", () => {
  const pieces = fc.constantFrom(
    ..."[ ] { } - ? : , | > & * ! % @ ` # ' \" \\ a b 1 ~ << $ ${X} --- ... \n \t \r \0 é 😀".split(
      " ",
    ),
    " ",
    "  ",
    "\n",
    "\n  ",
    ": ",
    "- ",
    "\ud800",
  );

  test("no text makes it throw; problems have places", () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
        const parsed = read(parts.join(""));
        if (!parsed.ok) {
          expect(parsed.problems.length).toBeGreaterThan(0);
          for (const one of parsed.problems) {
            expect(one.line).toBeGreaterThan(0);
            expect(one.column).toBeGreaterThan(0);
          }
        }
      }),
      { numRuns: 3_000 },
    );
  });

  test("no bytes make it throw", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void read(bytes)));
  });

  test("JSON is YAML: values come back", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value);
        if (/"(__proto__|<<)"/.test(text)) return;
        expect(yamlValue(text)).toEqual(JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });
});
