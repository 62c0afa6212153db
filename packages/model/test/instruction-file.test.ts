import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Instruction } from "../src/instruction.ts";
import { POINTS } from "../src/instruction.ts";
import { parseInstruction } from "../src/instruction-file.ts";
import { scaffoldInstruction } from "../src/instruction-scaffold.ts";
import { substanceProblems } from "../src/substance.ts";
import { bytes, codes, GOOD, good, PATH, read, TEXT } from "./instruction-samples.ts";

describe("typed form", () => {
  test("reads the example of FORMATS.md", () => {
    const instruction = good(GOOD);
    expect(Object.keys(instruction.points)).toEqual([...POINTS]);
    expect(instruction).toMatchObject({
      id: "INS-0007",
      title: "Rotate the signing keys every 30 days",
      form: "typed",
      draft: false,
      environment: "test",
      worker: "claude-code/alice",
      risk: "medium",
      boundaries: {
        allow: ["src/keys/**", "test/keys/**", "docs/rotation.md"],
        deny: ["src/keys/vault/**"],
      },
    });
    expect(instruction.claims.map((claim) => claim.type)).toEqual([
      "file.exists",
      "file.contains",
      "suite.passes",
    ]);
    expect(instruction.body.trim()).toBe(
      "Write `src/keys/rotate.mjs`. Do not use --force. Nothing under `src/keys/vault` may change.",
    );
    expect(instruction.bodyLine).toBe(GOOD.slice(0, GOOD.indexOf("Write `src")).split("\n").length);
    expect(instruction.points.mitigation?.line).toBe(lineOf(GOOD, "mitigation:"));
    expect(substanceProblems(instruction, { commands: ["unit"] })).toEqual([]);
  });

  test("a YAML file is the same without a body", () => {
    const yaml = GOOD.slice(4, GOOD.indexOf("\n---\nWrite") + 1);
    const instruction = good(yaml, "INS-0007.yaml");
    expect(instruction.form).toBe("typed");
    expect(substanceProblems(instruction)).toEqual([]);
  });

  test("CRLF and a byte order mark keep every line", () => {
    const instruction = good(`\ufeff${GOOD.replaceAll("\n", "\r\n")}`);
    expect(instruction.points.quality_metrics?.line).toBe(lineOf(GOOD, "quality_metrics:"));
    expect(instruction.points.quality_metrics?.texts[0]?.line).toBe(
      lineOf(GOOD, "quality_metrics:") + 1,
    );
    expect(instruction.bodyLine).toBe(good(GOOD).bodyLine);
    expect(substanceProblems(instruction)).toEqual([]);
  });

  test.each([
    ["format/id", "id: INS-0007", "id: INS-0008"],
    ["format/unknown-key", "mitigation:", "mitigatoin:"],
    ["format/value", "environment: test", "environment: prod"],
    ["format/missing-key", "title: Rotate the signing keys every 30 days\n", ""],
    ["format/value", "level: medium", "level: tiny"],
    ["format/glob", '"src/keys/**", "test', '"!src/keys/**", "test'],
    ["format/missing-key", "cost: under 1 USD", "cost: "],
    [
      "format/claim",
      "file.exists: {path: src/keys/rotate.mjs}",
      "file.exists: src/keys/rotate.mjs",
    ],
    ["format/value", 'op: ">="', 'op: "~"'],
    ["format/unknown-key", "none: The key", "nothing: The key"],
    ["format/value", "worker: claude-code/alice", 'draft: "yes"'],
    ["format/duplicate-key", "mitigation: Revert", "title: twice\nmitigation: Revert"],
    ["format/alias", "test_process: [unit]", "test_process: &a [unit]"],
  ])("%s where %j becomes %j", (code, from, to) => {
    expect(GOOD).toContain(from);
    expect(codes(GOOD.replace(from, to))).toContain(code);
  });

  test("a wrong key is pointed at, with what was meant", () => {
    const parsed = read(GOOD.replace("mitigation:", "mitigatoin:"));
    const problem = parsed.ok
      ? undefined
      : parsed.problems.find((one) => one.code === "format/unknown-key");
    expect(problem).toMatchObject({
      line: lineOf(GOOD, "mitigation:"),
      column: 1,
      help: "did you mean mitigation?",
    });
  });

  test.each([
    ["INS-0007.txt", "format/extension"],
    ["INS-0007.yml", "format/extension"],
    ["INS-0007.MD", "format/extension"],
    ["README.md", "format/id"],
    ["INS-7-slug.md", "format/id"],
    ["INS-٣.md", "format/id"],
  ])("%s is refused", (name, code) => {
    const parsed = parseInstruction(`.wingman/instructions/${name}`, bytes(GOOD));
    expect(parsed.ok ? [] : parsed.problems.map((one) => one.code)).toEqual([code]);
  });

  test("bytes that are no text give one problem at once", () => {
    const binary = new Uint8Array(3000).map((_, index) => (index * 7) % 256);
    expect(codes(binary, "INS-0001.yaml")).toEqual(["format/nul"]);
    expect(codes(new Uint8Array([0x61, 0xff, 0x0a]))).toEqual(["format/encoding"]);
    expect(codes(new Uint8Array(50_000_000).fill(97))).toEqual(["format/size"]);
  });

  test("front matter without an end is said, not read as a ruler", () => {
    expect(codes("---\nid: INS-0007\ntitle: x\n")).toEqual(["format/front-matter"]);
  });
});

describe("text form", () => {
  test("reads all ten points, whatever their style", () => {
    const instruction = good(TEXT);
    expect(Object.keys(instruction.points).sort()).toEqual([...POINTS].sort());
    expect(instruction).toMatchObject({
      id: "INS-0007",
      form: "text",
      title: "Move the cache",
      environment: "dev",
      risk: "low",
    });
    expect(instruction.boundaries).toBeUndefined();
    expect(substanceProblems(instruction)).toEqual([]);
    expect(instruction.points.mitigation?.line).toBe(lineOf(TEXT, "Mitigation\n"));
    expect(instruction.points.resource_requirements?.texts[0]).toMatchObject({
      text: "one CI runner for 20 minutes",
      line: lineOf(TEXT, "RESOURCE_REQUIREMENTS"),
      column: "RESOURCE_REQUIREMENTS: ".length + 1,
    });
  });

  test.each([
    ["a code fence", "```\n## Mitigation\nRevert the merge now\n```\n"],
    ["a tilde fence in a list", "- step\n\n  ~~~\n  # Mitigation\n  Revert the merge now\n  ~~~\n"],
    ["indented code", "\n    ## Mitigation\n    Revert the merge now\n"],
    ["a comment", "<!--\n## Mitigation\nRevert the merge now\n-->\n"],
    [
      "a comment that began in a paragraph",
      "Some words <!-- and\nMITIGATION: revert the merge now\n--> more\n",
    ],
    ["a quote", "> ## Mitigation\n> Revert the merge now\n"],
    [
      "running prose",
      "The mitigation is to revert the merge now.\nWe need a mitigation: revert it.\n",
    ],
    [
      "a list of names",
      "Deliverables, success criteria, boundaries, mitigation: all of them are fine here.\n",
    ],
    [
      "a heading that says more",
      "## Mitigation of the boundaries in the test process\nRevert the merge now\n",
    ],
    ["a range", "## 5-10. [Standard sections]\nRevert the merge now\n"],
    ["an escaped heading", "\\## Mitigation\nRevert the merge now\n"],
    ["another alphabet", "## \u041citigation\nRevert the merge now\n"],
    ["a script", "<script>\n\n## Mitigation\nRevert the merge now\n</script>\n"],
  ])("a name in %s is no point", (_where, body) => {
    expect(good(`# Title\n\n${body}`).points.mitigation).toBeUndefined();
  });

  test.each([
    "## 5. MITIGATION\nRevert the merge now",
    "###### mitigation ######\nRevert the merge now",
    "Mitigation\n===\nRevert the merge now",
    "**MITIGATION**\n\nRevert the merge now",
    "**Mitigation:** Revert the merge now",
    "**Mitigation**: Revert the merge now",
    "__Mitigation__ — Revert the merge now",
    "MITIGATION - Revert the merge now",
    "Mitigation: Revert the merge now",
    "## \u{1f6e1}\ufe0f 5) *Mitigation* (what if)\nRevert the merge now",
    "## 5\ufe0f\u20e3 Mitigation\nRevert the merge now",
    "## Point 5 of 10: Mitigation\nRevert the merge now",
    "5. **Mitigation**: Revert the merge now",
    "- **Mitigation**: Revert the merge now",
    "## Mitigation: Revert the merge now",
    "## Mitigation\n### Plan\n- Revert the merge now",
    "## \uff2d\uff29\uff34\uff29\uff27\uff21\uff34\uff29\uff2f\uff2e\nRevert the merge now",
    "## Miti\u200bgation\nRevert the merge now",
    "## Mitigation\n\n```sh\nRevert the merge now\n```",
    "## Mitigation\n\n| Revert the merge now |\n|---|\n",
  ])("%j is a mitigation", (text) => {
    const point = good(`# Title\n\n${text}\n`).points.mitigation;
    expect(point?.texts.map((piece) => piece.text)).toEqual(["Revert the merge now"]);
  });

  test("a point ends at the next heading of its level, or the next label", () => {
    const { points } = good(
      "# T\n## Boundaries\nOnly src\n### Detail\nNot docs\n## Notes\nA long tale\n",
    );
    expect(points.boundaries?.texts.map((piece) => piece.text)).toEqual(["Only src", "Not docs"]);
    const labels = good(
      "BOUNDARIES: only src\nmore of it\nMITIGATION: revert\n# End\ntail\n",
    ).points;
    expect(labels.boundaries?.texts.map((piece) => piece.text)).toEqual(["only src", "more of it"]);
    expect(labels.mitigation?.texts.map((piece) => piece.text)).toEqual(["revert"]);
  });

  test("front matter and headings are one instruction; the same point twice is a problem", () => {
    const mixed = GOOD.replace(/^mitigation:.*\n/m, "").replace(
      "Write `src",
      "## Mitigation\nRevert the merge, keys stay valid\n\n# Order\nWrite `src",
    );
    const instruction = good(mixed);
    expect(instruction.form).toBe("typed");
    expect(substanceProblems(instruction)).toEqual([]);
    expect(codes(`${GOOD}\n## Mitigation\nAnother one\n`)).toEqual(["format/duplicate-point"]);
    expect(codes("## Mitigation\nOne way\n## 5. MITIGATION\nAnother way\n")).toEqual([
      "format/duplicate-point",
    ]);
    // Inside another point a plain label is its content.
    const { points } = good(
      "## Mitigation\nRevert it\n## Test process\n- Mitigation: tried by hand\n",
    );
    expect(points.mitigation?.texts).toHaveLength(1);
    expect(points.test_process?.texts[0]?.text).toBe("Mitigation: tried by hand");
  });

  test("a draft is only said by front matter; no points at all is no problem of format", () => {
    expect(good("---\ndraft: true\n---\n# Later\n").draft).toBe(true);
    expect(good("draft: true\n\n# Later\n").draft).toBe(false);
    expect(good("Just words.\n").points).toEqual({});
    expect(good("").points).toEqual({});
  });
});

test("a scaffold parses, fails on each unfilled point, and passes once filled in", () => {
  const text = scaffoldInstruction({ id: "INS-0009", title: 'Say "hi": now', allow: ["src/**"] });
  const instruction = good(text, "INS-0009.md");
  expect(instruction.title).toBe('Say "hi": now');
  expect(substanceProblems(instruction).map((one) => `${one.code} ${one.point}`)).toEqual(
    POINTS.filter((name) => name !== "boundaries").map((name) => `points/scaffold ${name}`),
  );
});

test("hostile Markdown stays within a second", () => {
  const n = 30_000;
  const hostile: Record<string, string> = {
    brackets: "[".repeat(60_000),
    quotes: "> ".repeat(n),
    emphasis: "*a **b ".repeat(n / 7),
    underscores: "_".repeat(n) + "a",
    bullets: "- ".repeat(n),
    items: "- a\n".repeat(1190),
    numbers: "1. a\n\n".repeat(590),
    stairs: Array.from({ length: 90 }, (_, i) => `${" ".repeat(i)}- a\n`)
      .join("")
      .repeat(13),
    underlines: "a\n=\n".repeat(n),
    rules: "a\n-\n".repeat(59) + "- a\n".repeat(1000),
    fences: "```\n".repeat(1190),
    comments: "<!-- ".repeat(n),
    html: "<a\n".repeat(1190),
    spaces: `${" ".repeat(n)}x`,
    links: "](".repeat(n),
    dashes: `${"-".repeat(n)}x`,
    labels: "Mitigation: ".repeat(n / 12),
    million: "a b\n".repeat(260_000),
    long: `MITIGATION: ${"a ".repeat(500_000)}`,
  };
  for (const [name, text] of Object.entries(hostile)) {
    const parsed = parseInstruction(PATH, bytes(`## Boundaries\n${text}\n`));
    // None of these has ten points; a quadratic reader would outlast the runner's patience.
    expect(parsed.ok ? substanceProblems(parsed.value).length : 1, name).toBeGreaterThan(0);
  }
});

test("nothing throws, and every position is inside the file", () => {
  const word = fc.constantFrom(
    "## ",
    "MITIGATION",
    ": ",
    "\n",
    "\n\n",
    "**",
    "- ",
    "1. ",
    "> ",
    "    ",
    "```",
    "<!--",
    "-->",
    "TBD",
    "---\n",
    "id: INS-0007\n",
    "mitigation: ",
    "[",
    "]",
    "{",
    "}",
    "|",
    "=\n",
    "Boundaries",
    "\u200b",
    "\u{1f600}",
    "\r\n",
    "allow",
    "\t",
    '"',
    "'",
    "&a",
    "*a",
    "\0",
    "x",
    "deliverables:\n  - ",
    "file.exists: {path: a}\n",
    "dependencies: ",
    "none: ",
    "risk_assessment: {level: low}\n",
  );
  const texts = fc.oneof(
    fc.array(word, { maxLength: 40 }).map((parts) => parts.join("")),
    fc.string({ unit: "binary", maxLength: 200 }),
  );
  fc.assert(
    fc.property(texts, fc.boolean(), (text, yaml) => {
      const parsed = parseInstruction(yaml ? "INS-0007.yaml" : PATH, bytes(text));
      const lines = text.split(/\r\n|\n|\r/).length + 1;
      const places = parsed.ok
        ? [
            ...substanceProblems(parsed.value),
            ...Object.values(parsed.value.points).flatMap((point) => point.texts),
          ]
        : parsed.problems;
      if (!parsed.ok) expect(parsed.problems.length).toBeGreaterThan(0);
      for (const place of places) {
        expect(place.line).toBeGreaterThanOrEqual(1);
        expect(place.line).toBeLessThanOrEqual(lines);
        expect(place.column).toBeGreaterThanOrEqual(1);
      }
    }),
    { numRuns: 2000 },
  );
});

test("leaving out any one point always fails, and only on that point", () => {
  const instruction = good(GOOD);
  for (const name of POINTS) {
    const points = { ...instruction.points };
    delete points[name];
    const problems = substanceProblems({ ...instruction, points } as Instruction);
    expect(problems.map((one) => [one.code, one.point])).toEqual([["points/missing", name]]);
  }
});

function lineOf(text: string, needle: string): number {
  expect(text).toContain(needle);
  return text.slice(0, text.indexOf(needle)).split("\n").length;
}
