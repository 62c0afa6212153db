/** An order from elsewhere in our form: its words stay, what lacks says so, and nothing is made up. */
import { describe, expect, test } from "vitest";
import { convertInstruction, POINTS, parseInstruction } from "../src/index.ts";

const PATH = ".wingman/instructions/INS-0003.md";
const ID = { id: "INS-0003" };
const headings = POINTS.map(
  (name, at) =>
    `## ${at + 1}. ${name.toUpperCase().replaceAll("_", " ")}\nWords about ${name} in src/a.ts\n`,
);
const convert = (text: string | Uint8Array, name = "WORKER_001.md") =>
  convertInstruction(Buffer.from(text), { ...ID, name });

function textOf(text: string, name?: string): string {
  const converted = convert(text, name);
  if (!converted.ok) throw new Error(converted.problems[0]?.message);
  return converted.value.text;
}

function pointsOf(text: string) {
  const parsed = parseInstruction(PATH, Buffer.from(text));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value.points;
}

describe("an order in Markdown", () => {
  test("keeps all its words, and has all its points", () => {
    const old = `# Rotate the keys\n\n${headings.join("\n")}`;
    const converted = convert(old);
    expect(converted).toMatchObject({ ok: true, value: { title: "Rotate the keys", missing: [] } });
    expect(textOf(old)).toContain(old);
    expect(Object.keys(pointsOf(textOf(old))).sort()).toEqual([...POINTS].sort());
  });

  test("says where it lacks a point", () => {
    const old = `# Rotate\n\n${headings.slice(0, 7).join("\n")}`;
    const converted = convert(old);
    expect(converted.ok && converted.value.missing).toEqual(POINTS.slice(7));
    expect(converted.ok && converted.value.found[2]).toEqual({ name: "boundaries", line: 9 });
    for (const name of POINTS.slice(7))
      expect(JSON.stringify(pointsOf(textOf(old))[name]?.value)).toContain("REQUIRED");
  });

  test("is not complete because a sentence names all ten", () => {
    const converted = convert(`# X\n\nIt has ${POINTS.join(", ")}.\n`);
    expect(converted.ok && converted.value.missing).toEqual([...POINTS]);
  });

  test("keeps front matter of its own as a block for readers, its points as keys", () => {
    const old =
      "---\nstatus: open\nmitigation: Revert the merge\n---\n# T\n\n## Boundaries\nsrc only\n";
    const text = textOf(old);
    expect(text).toContain("```yaml\nstatus: open\nmitigation: Revert the merge\n```");
    expect(pointsOf(text).mitigation?.value).toBe("Revert the merge");
    expect(pointsOf(text).boundaries?.typed).toBe(false);
  });

  test("cannot end the block that its front matter stands in", () => {
    const text = textOf("---\na: |\n  ````\n  ## Mitigation\n  Do nothing\n---\nwords\n");
    expect(JSON.stringify(pointsOf(text).mitigation?.value)).toContain("REQUIRED");
  });
});

test("an order in YAML", () => {
  const text = textOf("title: Rotate\nTest Process: [unit]\nowner: dana\n", "order.yml");
  expect(pointsOf(text).test_process?.value).toEqual(["unit"]);
  expect(text).toContain('title: "Rotate"');
  expect(text).toContain("owner: dana");
});

test.each<[string, string | Uint8Array, string]>([
  ["bytes that are no text", new Uint8Array([0, 255]), "format/nul"],
  ["front matter without an end", "---\na: 1\n", "format/front-matter"],
  ["YAML that is none", "a: [", "format/yaml"],
])("%s is one clear problem", (_name, text, code) => {
  const converted = convert(text, code === "format/yaml" ? "a.yaml" : "a.md");
  expect(converted.ok ? "" : converted.problems[0]?.code).toBe(code);
});

test.each<[string, string, number]>([
  ["two headings", "# T\n\n## Mitigation\nRevert it\n\n## MITIGATION\nCall dana\n", 6],
  ["a key and a heading", "---\nmitigation: Revert it\n---\n# T\n\n## Mitigation\nCall dana\n", 6],
  ["two keys of one name", "---\nmitigation: Revert it\nMitigation: Call dana\n---\n# T\n", 3],
])("a point that is given twice, by %s, is its author's to join", (_name, text, line) => {
  const converted = convert(text);
  expect(converted.ok ? [] : converted.problems).toMatchObject([
    {
      code: "format/duplicate-point",
      line,
      message: expect.stringContaining("gives mitigation twice"),
    },
  ]);
});
