/** Trailers: the run that a message names, by git's own rules, and marks of known agents. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { agentMarks } from "../src/agent-marks.ts";
import { runOfMessage, trailersOf } from "../src/trailer.ts";

const RUN = "claude-code/alice/20261122-090001-k3f9";
const OTHER = "claude-code/bob/20261122-090001-k3f9";
const run = { run: { worker: "claude-code/alice", run: "20261122-090001-k3f9" } };

const cases: readonly (readonly [string, string, unknown])[] = [
  ["plain", `Subject\n\nBody.\n\nWingman-Run: ${RUN}\n`, run],
  ["no line feed at the end", `Subject\n\nWingman-Run: ${RUN}`, run],
  ["any case, space before the colon", `Subject\n\nwingman-RUN : ${RUN}  \n`, run],
  ["CRLF", `Subject\r\n\r\nWingman-Run: ${RUN}\r\n`, run],
  ["continued", `Subject\n\nWingman-Run:\n  ${RUN}\n`, run],
  [
    "among others",
    `Subject\n\nSigned-off-by: A <a@b.example>\nWingman-Run: ${RUN}\nRefs: #1\n`,
    run,
  ],
  ["twice the same", `Subject\n\nWingman-Run: ${RUN}\nWingman-Run: ${RUN}\n`, run],
  [
    "comments and blank lines after it",
    `Subject\n\nWingman-Run: ${RUN}\n\n# Please enter\n#\n`,
    run,
  ],
  [
    "a patch below the scissors",
    `Subject\n\nWingman-Run: ${RUN}\n# ----- >8 -----\n# x\ndiff --git a b\n`,
    run,
  ],
  ["below a rule of dashes", `Subject\n\n---\n\nWingman-Run: ${RUN}\n`, run],
  [
    "prose beside a sign-off",
    `Subject\n\nSome prose here.\nSigned-off-by: A <a@b.example>\nWingman-Run: ${RUN}\n`,
    run,
  ],
  ["absent", "Subject\n\nBody\n", "absent"],
  ["empty", "", "absent"],
  ["in the subject", `Wingman-Run: ${RUN}\n`, "absent"],
  ["not in the last paragraph", `Subject\n\nWingman-Run: ${RUN}\n\nMore words.\n`, "absent"],
  ["in prose", `Subject\n\nSome prose that\nWingman-Run: ${RUN}\nis quoted here.\n`, "absent"],
  ["indented as a quotation", `Subject\n\n    Wingman-Run: ${RUN}\n`, "absent"],
  ["as part of another key", `Subject\n\nX-Wingman-Run: ${RUN}\n`, "absent"],
];

describe("runOfMessage", () => {
  for (const [name, message, expected] of cases) {
    test(name, () => expect(runOfMessage(message)).toEqual(expected));
  }

  test("two different ones are bad", () => {
    expect(runOfMessage(`S\n\nWingman-Run: ${RUN}\nWingman-Run: ${OTHER}\n`)).toEqual({
      bad: "the message has 2 different Wingman-Run trailers",
    });
  });

  test("what names no run is bad", () => {
    for (const value of [
      "",
      "alice",
      "../x/20261122-090001-k3f9",
      `${RUN} x`,
      "con/a/20261122-090001-k3f9",
    ]) {
      expect(runOfMessage(`S\n\nWingman-Run: ${value}\n`)).toHaveProperty("bad");
    }
  });

  test("never throws, and is linear", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        (text) => void [runOfMessage(text), agentMarks(text)],
      ),
    );
    expect(runOfMessage(`S\n\n${"a: b\n".repeat(200_000)}`)).toBe("absent");
    expect(agentMarks("Co-authored-by: ".repeat(50_000))).toBeInstanceOf(Array);
    expect(agentMarks(`generated with ${"[".repeat(200_000)}`)).toBeInstanceOf(Array);
  });
});

test("trailers keep their order and values", () => {
  expect(trailersOf("S\n\nA: 1\nB-c:2\n  3\n")).toEqual([
    { key: "A", value: "1" },
    { key: "B-c", value: "2 3" },
  ]);
});
