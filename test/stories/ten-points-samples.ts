/** The instructions of the story about the ten points: a table of defects, and complete ones. */
import { POINTS, type PointName, SCAFFOLD } from "@wingman/model";

export interface Sample {
  readonly name: string;
  readonly form: "front matter" | "yaml" | "text";
  readonly text: (id: string) => string;
  /** The point at fault, its code and line. */
  readonly point: PointName;
  readonly code: string;
  readonly line: number;
}

/** A good sentence for each point; no two alike. */
const SENTENCES: Readonly<Record<PointName, string>> = {
  deliverables: "A module src/cache.mjs with an LRU of 500 entries",
  success_criteria: "A second read of one key takes under 1 ms",
  boundaries: "Only src/cache.mjs and its test may change",
  dependencies: "None, since the cache has no callers outside this repository",
  mitigation: "Revert the merge; nothing is stored on disk",
  test_process: "Run node --test, then read the report by hand",
  test_results_format: "TAP with one line for each test",
  resource_requirements: "One CI runner for 20 minutes",
  risk_assessment: "Low: a wrong key could give stale values for one request",
  quality_metrics: "Line coverage of at least 90 percent",
};

/** The typed values of FORMATS.md's own example. */
const TYPED: Readonly<Record<PointName, unknown>> = {
  deliverables: [{ "file.exists": { path: "src/cache.mjs" } }],
  success_criteria: [SENTENCES.success_criteria],
  boundaries: { allow: ["src/cache.mjs"], deny: [] },
  dependencies: { none: "The cache has no callers outside this repository" },
  mitigation: SENTENCES.mitigation,
  test_process: ["unit"],
  test_results_format: { format: "tap", path: "out/unit.tap" },
  resource_requirements: {
    time: "2h",
    compute: "one CI runner",
    access: "this repository",
    cost: "1 USD",
  },
  risk_assessment: { level: "low", why: "A wrong key could give stale values for one request" },
  quality_metrics: [{ name: "coverage.lines", op: ">=", value: 90 }],
};

const PLACEHOLDERS = [
  "TBD",
  "tbd.",
  "To be determined",
  "n/a",
  "N/A.",
  "none",
  "None.",
  "x",
  "\u2026",
  "...",
  "-",
  "?",
  "TODO",
  "TODO: write this",
  "**TBD**",
  "(tbd)",
  "<tbd>",
  "lorem ipsum dolor sit amet",
  "as needed",
  "Fill in the details here",
  "blah blah blah",
  "[Standard sections]",
  "{{value}}",
  "TBD / n/a",
  "none, see above",
  "\uff34\uff22\uff24",
  "T\u200bB\u200bD",
  "noch offen",
  "\u5f85\u5b9a",
  "`TBD`",
  "will be defined later",
  "not applicable",
  "same as above",
  "\u00e0 d\u00e9finir",
  "xxx",
  "aaaa",
];
/** For every point; the whole list is tried on one of them. */
const SOME = ["TBD", "n/a", "\u2026", "to be determined"];
const placeholdersOf = (name: PointName): readonly string[] =>
  name === "mitigation" ? PLACEHOLDERS : SOME;
const THIN = "Rather quickly";
const ORDER = "Write the cache as the points say.";

/** Values of YAML that say nothing; the blank one is a key without a value. */
const EMPTY = [
  '""',
  "null",
  "~",
  " ",
  "[]",
  '[""]',
  "[null]",
  '"   "',
  '"\\u200b"',
  '"<!-- later -->"',
];

/** The point that the repeated words are taken from; the finding stands at the later of the two. */
const twinOf = (name: PointName): PointName =>
  name === "mitigation" ? "test_process" : "mitigation";
const laterOf = (name: PointName): PointName =>
  POINTS.indexOf(name) > POINTS.indexOf(twinOf(name)) ? name : twinOf(name);

type Values = Partial<Record<PointName, string>>;

/** YAML of all points, each value as it shall stand in the file; undefined leaves one out. */
function typedText(
  form: "front matter" | "yaml",
  values: Values,
  body = ORDER,
): (id: string) => string {
  const keys = POINTS.filter((name) => !(name in values) || values[name] !== undefined).map(
    (name) => `${name}: ${values[name] ?? JSON.stringify(TYPED[name])}`.trimEnd(),
  );
  return (id) => {
    const head = [`id: ${id}`, "title: Move the cache", "environment: test", ...keys].join("\n");
    return form === "yaml" ? `${head}\n` : `---\n${head}\n---\n${body}\n`;
  };
}

const lineOf = (text: string, needle: RegExp): number =>
  text.slice(0, text.search(needle)).split("\n").length;

function typedDefects(form: "front matter" | "yaml"): Sample[] {
  const samples: Sample[] = [];
  const add = (
    point: PointName,
    what: string,
    code: string,
    values: Values,
    body?: string,
  ): void => {
    const text = typedText(form, values, body);
    const whole = text("INS-0001");
    // A point that is absent belongs in front of the line that closes the front matter.
    const end = form === "yaml" ? whole.split("\n").length - 1 : lineOf(whole.slice(3), /^---$/m);
    const line = code === "points/missing" ? end : lineOf(whole, new RegExp(`^${point}:`, "m"));
    samples.push({ name: `${form}: ${point} ${what}`, form, text, point, code, line });
  };
  for (const [index, name] of POINTS.entries()) {
    add(name, "missing", "points/missing", { [name]: undefined } as Values);
    // YAML takes them all; the front matter is read by the same code, so it takes turns.
    const empties = form === "yaml" ? EMPTY : EMPTY.filter((_, at) => (at + index) % 3 === 0);
    for (const empty of empties) add(name, `empty as ${empty}`, "points/empty", { [name]: empty });
    for (const one of placeholdersOf(name))
      add(name, `only ${one}`, "points/placeholder", { [name]: JSON.stringify(one) });
    add(name, "too thin", "points/thin", { [name]: JSON.stringify(THIN) });
    add(name, "as the scaffold has it", "points/scaffold", {
      [name]: JSON.stringify(SCAFFOLD[name]),
    });
    const said = JSON.stringify(SENTENCES[twinOf(name)]);
    const twice = { [name]: said, [twinOf(name)]: said };
    add(laterOf(name), `as ${twinOf(name)} says`, "points/same", twice);
    if (form === "yaml") continue;
    for (const [at, [where, hide]] of Object.entries(HIDDEN).entries())
      if (at % 3 === index % 3)
        add(
          name,
          `only in ${where}`,
          "points/missing",
          { [name]: undefined } as Values,
          hide(name),
        );
  }
  return samples;
}

const spoken = (name: PointName): string => name.replaceAll("_", " ");
const shouted = (name: PointName): string => spoken(name).toUpperCase();

/** Places where a point's name and words stand without being a point. */
const HIDDEN: Readonly<Record<string, (name: PointName) => string>> = {
  "running prose": (name) =>
    `We thought of the ${spoken(name)}: ${SENTENCES[name]}. Our ${spoken(name)} is agreed, and so is all else.`,
  "a code fence": (name) => `\`\`\`markdown\n## ${shouted(name)}\n\n${SENTENCES[name]}\n\`\`\``,
  "a tilde fence": (name) => `~~~\n${shouted(name)}: ${SENTENCES[name]}\n~~~`,
  "indented code": (name) => `Some words.\n\n    ## ${shouted(name)}\n    ${SENTENCES[name]}`,
  "a comment": (name) => `<!--\n## ${shouted(name)}\n\n${SENTENCES[name]}\n-->`,
  "a comment in a line": (name) =>
    `Some words <!-- ${shouted(name)}: ${SENTENCES[name]} --> and more.`,
  "a link's title": (name) =>
    `See [the notes](https://acme.example/notes "${shouted(name)}: ${SENTENCES[name]}") first.`,
  "a link's text": (name) => `See [${shouted(name)}](https://acme.example/notes) first.`,
  "a link's definition": (name) =>
    `See [the notes][1].\n\n[1]: https://acme.example "${spoken(name)}"`,
  "an image": (name) => `![${spoken(name)}](https://acme.example/a.png "${SENTENCES[name]}")`,
  "a quote": (name) => `> ## ${shouted(name)}\n>\n> ${SENTENCES[name]}`,
  "a table": (name) => `| section | words |\n|---|---|\n| ${shouted(name)} | ${SENTENCES[name]} |`,
  "an HTML heading": (name) => `<h2>${shouted(name)}</h2>\n<p>${SENTENCES[name]}</p>`,
  "a hidden block": (name) => `<div hidden>\n${shouted(name)}: ${SENTENCES[name]}\n</div>`,
  "a longer heading": (name) => `## Why ${spoken(name)} matters to us\n\n${SENTENCES[name]}`,
};

/** How documents write their points: the lines of one point, its words in the given line. */
const STYLES: Readonly<
  Record<string, (name: PointName, words: string) => { lines: string[]; at: number }>
> = {
  "numbered heading": (name, words) => ({
    lines: [`## ${POINTS.indexOf(name) + 1}. ${shouted(name)}`, "", words],
    at: 2,
  }),
  underlined: (name, words) => ({ lines: [spoken(name), "---------", "", words], at: 3 }),
  bold: (name, words) => ({ lines: [`**${shouted(name)}**`, "", words], at: 2 }),
  label: (name, words) => ({ lines: [`${name.toUpperCase()}: ${words}`], at: 0 }),
  "bold label in a list": (name, words) => ({ lines: [`- **${spoken(name)}:** ${words}`], at: 0 }),
  emoji: (name, words) => ({ lines: [`#### \u{1f517} *${spoken(name)}*`, words], at: 1 }),
};

function textOf(
  style: keyof typeof STYLES,
  values: Values,
  before = "Some words of introduction.",
): { text: string; line(name: PointName): number; words(name: PointName): number } {
  const lines = ["# Move the cache", "", ...before.split("\n"), ""];
  const places = new Map<PointName, { line: number; words: number }>();
  for (const name of POINTS) {
    if (name in values && values[name] === undefined) continue;
    const words = values[name] ?? SENTENCES[name];
    const made = (STYLES[style] as (typeof STYLES)[string])(name, words);
    places.set(name, { line: lines.length + 1, words: lines.length + 1 + made.at });
    lines.push(...made.lines.flatMap((one) => one.trimEnd().split("\n")), "");
  }
  return {
    text: lines.join("\n"),
    line: (name) => places.get(name)?.line ?? 1,
    words: (name) => places.get(name)?.words ?? 1,
  };
}

function textDefects(): Sample[] {
  const samples: Sample[] = [];
  const add = (
    point: PointName,
    what: string,
    code: string,
    style: string,
    values: Values,
    before?: string,
  ): void => {
    const made = textOf(style, values, before);
    // What is said is pointed at where it stands, what is not said at the point's heading.
    const line = /placeholder|scaffold/.test(code) ? made.words(point) : made.line(point);
    samples.push({
      name: `${style}: ${point} ${what}`,
      form: "text",
      text: () => made.text,
      point,
      code,
      line,
    });
  };
  for (const name of POINTS) {
    for (const style of Object.keys(STYLES)) {
      add(name, "missing", "points/missing", style, { [name]: undefined } as Values);
      add(name, "without content", "points/empty", style, { [name]: "" });
      const all = style === "numbered heading";
      // The other styles differ in how a point begins, not in how its words are judged: they take turns.
      const turn = (at: number): boolean => all || (POINTS.indexOf(name) + style.length) % 5 === at;
      if (turn(0))
        add(name, "with a comment only", "points/empty", style, {
          [name]: "<!-- to be written -->",
        });
      if (turn(1))
        for (const one of all ? placeholdersOf(name) : SOME.slice(0, 1)) {
          // To Markdown these are an empty list and an unknown tag.
          const code = one === "-" || one === "<tbd>" ? "points/empty" : "points/placeholder";
          add(name, `only ${one}`, code, style, { [name]: one });
        }
      if (turn(2)) add(name, "too thin", "points/thin", style, { [name]: THIN });
      if (turn(3)) add(name, "as scaffolded", "points/scaffold", style, { [name]: SCAFFOLD[name] });
      const said = SENTENCES[twinOf(name)];
      if (turn(4))
        add(laterOf(name), `as ${twinOf(name)} says`, "points/same", style, { [name]: said });
    }
    for (const [where, hide] of Object.entries(HIDDEN))
      add(
        name,
        `only in ${where}`,
        "points/missing",
        "numbered heading",
        { [name]: undefined } as Values,
        hide(name),
      );
  }
  return samples;
}

export const DEFECTS: readonly Sample[] = [
  ...typedDefects("front matter"),
  ...typedDefects("yaml"),
  ...textDefects(),
];

const complete = (name: string, form: Sample["form"], text: Sample["text"]): Sample => ({
  name,
  form,
  text,
  point: "deliverables",
  code: "",
  line: 0,
});
const sentences = Object.fromEntries(
  POINTS.map((name) => [name, JSON.stringify(SENTENCES[name])]),
) as Values;
const lists = Object.fromEntries(
  POINTS.map((name) => [name, JSON.stringify([SENTENCES[name]])]),
) as Values;

export const COMPLETE: readonly Sample[] = [
  complete("typed", "front matter", typedText("front matter", {})),
  complete("typed", "yaml", typedText("yaml", {})),
  complete("sentences", "front matter", typedText("front matter", sentences)),
  complete("sentences", "yaml", typedText("yaml", sentences)),
  complete("lists", "front matter", typedText("front matter", lists)),
  complete("lists", "yaml", typedText("yaml", lists)),
  ...Object.keys(STYLES).map((style) => complete(style, "text", () => textOf(style, {}).text)),
  ...Object.keys(STYLES).map((style) =>
    complete(
      `${style}, CRLF`,
      "text",
      () => `\ufeff${textOf(style, {}).text.replaceAll("\n", "\r\n")}`,
    ),
  ),
];
