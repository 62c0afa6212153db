/** Additions to files of other tools: every byte that stood there stands there still. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { withYamlAddition, yamlValue } from "../src/yaml-addition.ts";

const ITEM = { path: ["repos"], put: { item: { repo: "local", hooks: [{ id: "ours" }] } } };
const JOB = { path: ["pre-commit", "jobs"], put: { item: { name: "ours", run: "true" } } };
const COMMAND = {
  path: ["pre-commit", "commands"],
  put: { key: "ours", value: { run: "a: b", use_stdin: true } },
};

test.each([
  [
    "a list in pre-commit's own style, comments and all",
    ITEM,
    "# head\nrepos:\n-   repo: a   # why\n    hooks:\n    -   id: 'x'\n# tail\nci: {skip: [x]}\n",
    "# head\nrepos:\n-   repo: a   # why\n    hooks:\n    -   id: 'x'\n-   repo: local\n    hooks:\n    -   id: ours\n# tail\nci: {skip: [x]}\n",
  ],
  [
    "a list that stands in, at the file's end, without a last newline",
    ITEM,
    "repos:\n  - repo: a\n    hooks:\n      - id: x",
    "repos:\n  - repo: a\n    hooks:\n      - id: x\n  - repo: local\n    hooks:\n      - id: ours\n",
  ],
  [
    "a file that says nothing",
    JOB,
    "# mine\n",
    '# mine\npre-commit:\n  jobs:\n    - name: ours\n      run: "true"\n',
  ],
  [
    "keys that are not there yet, in the file's own indentation",
    COMMAND,
    "pre-push:\n    parallel: true\n",
    'pre-push:\n    parallel: true\npre-commit:\n    commands:\n        ours:\n            run: "a: b"\n            use_stdin: true\n',
  ],
  [
    "a map between others, after a block of text",
    COMMAND,
    "pre-commit:\n  commands:\n    lint:\n      run: |\n        one\n        two\n\npre-push:\n  x: 1\n",
    'pre-commit:\n  commands:\n    lint:\n      run: |\n        one\n        two\n    ours:\n      run: "a: b"\n      use_stdin: true\n\npre-push:\n  x: 1\n',
  ],
  [
    "lines that end as on Windows",
    JOB,
    "pre-commit:\r\n  jobs:\r\n    - run: x\r\n",
    'pre-commit:\r\n  jobs:\r\n    - run: x\r\n    - name: ours\r\n      run: "true"\r\n',
  ],
])("%s", (_title, addition, before, after) => {
  expect(withYamlAddition(before, addition)).toBe(after);
});

test.each([
  ["a list in brackets", ITEM, "repos: [{repo: a}]\n"],
  ["a key without a value", ITEM, "repos:\n"],
  ["something else under the key", ITEM, "repos: none\n"],
  ["no YAML", ITEM, "repos: [\n"],
  ["a key that is there already", COMMAND, "pre-commit:\n  commands:\n    ours: {run: x}\n"],
  ["a list at the root", JOB, "- a\n"],
  ["aliases without end", JOB, `a: &a [1]\n${"b: [*a, *a]\n".repeat(1)}pre-commit: &c {x: *c}\n`],
])("%s is left to a person", (_title, addition, before) => {
  expect(withYamlAddition(before, addition)).toBeUndefined();
});

test("whatever stood there, all of its lines are kept, in order", () => {
  const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
  const value = fc.dictionary(
    fc.stringMatching(/^[a-z]{1,8}$/),
    fc.oneof(leaf, fc.array(leaf), fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), leaf)),
  );
  fc.assert(
    fc.property(value, value, (around, hook) => {
      const text = stringify({ ...around, "pre-commit": { ...hook, jobs: [{ run: "x" }] } });
      const after = withYamlAddition(text, JOB);
      if (after === undefined) return;
      expect(yamlValue(after)).toMatchObject({
        "pre-commit": { jobs: [{ run: "x" }, JOB.put.item] },
      });
      const rest = after.split("\n");
      for (const line of text.split("\n")) {
        const found = rest.indexOf(line);
        expect(found).not.toBe(-1);
        rest.splice(0, found + 1);
      }
    }),
    { numRuns: 40 },
  );
});
