/** Explanations of how an instruction's file is written. */
import type { Explanation } from "./explanations.ts";

const EXACT = "what two readers could read in two ways cannot bind anybody";

export const FORMAT_EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  "format/alias": {
    title: "No YAML anchors and aliases",
    why: EXACT,
    good: "each value written out",
    bad: "allow: *everything",
  },
  "format/claim": {
    title: "An item that is a claim has a known type and the arguments of that type",
    why: `${EXACT}; a claim that no claim type reads could be judged in no run`,
    good: "file.exists: {path: src/keys/rotate.mjs}",
    bad: "file.exist: {path: src/keys/rotate.mjs}, file.exists: {paths: src}, or two types in one item",
  },
  "format/depth": {
    title: "Nesting is bounded (64)",
    why: EXACT,
    good: "a list of maps",
    bad: "a hundred brackets in one another",
  },
  "format/directive": {
    title: "No YAML directives",
    why: EXACT,
    good: "plain YAML from the first line",
    bad: "%YAML 1.1",
  },
  "format/documents": {
    title: "One document a file",
    why: EXACT,
    good: "one front matter block",
    bad: "a second --- in a .yaml file",
  },
  "format/duplicate-id": {
    title: "An id has one file",
    why: EXACT,
    good: "INS-0007.md alone",
    bad: "INS-0007.md and INS-0007.yaml",
  },
  "format/duplicate-key": {
    title: "A key stands once",
    why: EXACT,
    good: "worker: claude-code/alice",
    bad: "worker: twice, with two names",
  },
  "format/duplicate-point": {
    title: "A point stands once",
    why: EXACT,
    good: "boundaries in the front matter",
    bad: "boundaries in the front matter and as a heading",
  },
  "format/encoding": {
    title: "Text is UTF-8",
    why: EXACT,
    good: "a file saved as UTF-8",
    bad: "a file saved as Latin-1 or UTF-16",
  },
  "format/extension": {
    title: "Instructions end in .md or .yaml",
    why: EXACT,
    good: "INS-0007.md",
    bad: "INS-0007.txt",
  },
  "format/front-matter": {
    title: "Front matter has an end",
    why: EXACT,
    good: "--- above and below it",
    bad: "a --- that no second one follows",
  },
  "format/glob": {
    title: "Globs are well-formed, and never negate",
    why: EXACT,
    good: "src/keys/**",
    bad: "!src/keys/vault",
  },
  "format/id": {
    title: "The id is the file's name",
    why: EXACT,
    good: "id: INS-0007 in INS-0007.md",
    bad: "id: INS-0008 in INS-0007.md",
  },
  "format/key": {
    title: "Keys are plain text",
    why: EXACT,
    good: "mitigation: …",
    bad: "? [a, b] : …",
  },
  "format/markdown": {
    title: "Markdown can be read within bounds",
    why: EXACT,
    good: "headings and paragraphs",
    bad: "a line of 100,000 brackets",
  },
  "format/merge-key": {
    title: "No YAML merge keys",
    why: EXACT,
    good: "each key written out",
    bad: "<<: *other",
  },
  "format/missing-key": {
    title: "What the format demands is there",
    why: EXACT,
    good: "title: Rotate the signing keys every 30 days",
    bad: "(no title)",
  },
  "format/not-a-file": {
    title: "What is read is a plain file",
    why: EXACT,
    good: "INS-0007.md with mode 100644",
    bad: "a link, a submodule, or a file that is too large",
  },
  "format/nul": {
    title: "Text holds no NUL bytes",
    why: EXACT,
    good: "text",
    bad: "a binary file called .md",
  },
  "format/number": {
    title: "Numbers are exact",
    why: EXACT,
    good: "value: 90",
    bad: "value: 1e400",
  },
  "format/shape": {
    title: "A value has the shape that its key asks for",
    why: EXACT,
    good: 'boundaries: {allow: ["src/**"], deny: []}',
    bad: "boundaries: 7",
  },
  "format/size": {
    title: "Files are bounded",
    why: EXACT,
    good: "an instruction of some pages",
    bad: "an instruction of 50 MB",
  },
  "format/tag": {
    title: "No YAML tags",
    why: EXACT,
    good: "plain values",
    bad: "!!js/function …",
  },
  "format/too-many": {
    title: "Lists are bounded",
    why: EXACT,
    good: "the deliverables of one piece of work",
    bad: "a list of 100,000 deliverables",
  },
  "format/unknown-key": {
    title: "Keys are those that the format knows",
    why: EXACT,
    good: "success_criteria: …",
    bad: "sucess_criteria: …",
  },
  "format/value": {
    title: "Values are among those allowed",
    why: EXACT,
    good: "environment: test",
    bad: "environment: staging",
  },
  "format/yaml": {
    title: "YAML can be parsed",
    why: EXACT,
    good: 'title: "A: b"',
    bad: "title: A: b",
  },
};
