/** What is mended has one right answer; whatever a person must decide stays as it was. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mendInstruction, mendLines, parseInstruction } from "../src/index.ts";
import { scaffoldInstruction } from "../src/instruction-scaffold.ts";

const PATH = ".wingman/instructions/INS-0007.md";
const good = scaffoldInstruction({ id: "INS-0007", title: "Rotate the keys" });
const mend = (text: string, path = PATH) => mendInstruction(path, Buffer.from(text));
const fieldsOf = (text: string) => {
  const parsed = parseInstruction(PATH, Buffer.from(text));
  return parsed.ok ? Object.keys(parsed.value.points) : parsed.problems;
};

describe("mended", () => {
  test.each<[string, string, string]>([
    ["line ends", good.replaceAll("\n", "\r\n"), good],
    ["a byte order mark", `\ufeff${good}`, good],
    ["no final newline", good.trimEnd(), good],
    ["three final newlines", `${good}\n\n`, good],
    ["blanks at line ends", good.replace("draft", "draft").replace(/^(title.*)$/m, "$1  \t"), good],
    ["another file's id", good.replace("id: INS-0007", "id: INS-0070"), good],
    [
      "an id and its comment",
      good.replace("id: INS-0007", "id: ins-7  # mine"),
      good.replace("INS-0007", "INS-0007  # mine"),
    ],
    ["a key with a slip", good.replace("mitigation:", "mitigaton:"), good],
    ["a key with a blank", good.replace("success_criteria:", "success criteria:"), good],
  ])("%s", (_name, broken, whole) => {
    const mended = mend(broken);
    expect(mended?.text).toBe(whole);
    expect(mended?.changes).toHaveLength(1);
    expect(mend(mended?.text ?? "")?.changes).toEqual([]);
  });

  test("keys in their order, with the comments above them", () => {
    const lines = good.split("\n");
    const title = lines.findIndex((line) => line.startsWith("title:"));
    const [moved = ""] = lines.splice(title, 1);
    const end = lines.lastIndexOf("---");
    lines.splice(end, 0, "# what it is about", moved);
    const mended = mend(lines.join("\n"));
    expect(mended?.text.split("\n").slice(1, 4)).toEqual([
      "id: INS-0007",
      "# what it is about",
      moved,
    ]);
    expect(mended?.changes).toHaveLength(1);
  });
});

describe("left as it was", () => {
  test.each<[string, string]>([
    [
      "a key that is there already",
      good.replace("---\nWrite", "mitigaton: Revert the merge\n---\nWrite"),
    ],
    ["a key that is none of ours", good.replace("---\nWrite", "colour: green\n---\nWrite")],
    ["a missing point", good.replace(/^mitigation:.*\n/m, "")],
    ["an environment that is none", good.replace("environment: dev", "environment: staging")],
    ["two blanks that break a line of the body", `${good}one  \ntwo\n`],
    [
      "blanks that a text in the front matter holds",
      good.replace(/^mitigation:.*$/m, "mitigation: |\n  Revert the merge  \n  and tell"),
    ],
    ["a text without front matter", "# INS\n\n## Deliverables\nA file\n"],
    ["what is no YAML", good.replace("title:", "title: [")],
  ])("%s", (_name, text) => {
    expect(mend(text)).toEqual({ text, changes: [] });
  });

  test("what is no text", () => {
    expect(mendInstruction(PATH, Buffer.from([0xff, 0xfe, 0x00]))).toBeUndefined();
  });
});

test("whatever is mended says the same as before, and needs no second mending", () => {
  const pieces = good.split(/(?<=\n)/);
  fc.assert(
    fc.property(fc.shuffledSubarray(pieces), fc.constantFrom("\n", "\r\n"), (some, end) => {
      const text = `---\n${some.join("")}---\n`.replaceAll("\n", end);
      const mended = mend(text);
      expect(mended).toBeDefined();
      const places = (given: unknown) => JSON.stringify(given).replace(/"(line|column)":\d+/g, "");
      if (mended?.changes.every((one) => !/where|named/.test(one)))
        expect(places(fieldsOf(mended.text)).length).toBe(places(fieldsOf(text)).length);
      expect(mend(mended?.text ?? "")?.changes).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

test("lines alone, of any other file", () => {
  expect(mendLines("a: 1\r\n\r\n")).toEqual({
    text: "a: 1\n",
    changes: ["line ends are LF", "the file ends in one newline"],
  });
});
