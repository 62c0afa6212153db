/** How far a long job is, by a clock of the test's own: on a terminal, in a CI job's log, and nowhere else. */
import { expect, test } from "vitest";
import type { Io } from "../src/io.ts";
import { howFar, progressOf } from "../src/progress.ts";

function world(how: { errIsTerminal: boolean; env?: Record<string, string> }) {
  let now = 0;
  let told = "";
  const io = {
    env: {},
    ...how,
    clock: () => now,
    err: (text: string) => {
      told += text;
    },
  } as unknown as Io;
  const waits = { look: 0, command: 0 };
  const far = howFar(progressOf(io), { underWay: (kind) => waits[kind] });
  return {
    far,
    waits,
    at: (ms: number) => {
      now = ms;
    },
    told: () => told,
  };
}

const CLEAR = "\r\u001b[K";

test("on a terminal one line is written anew, five times a second at most, and none is left", () => {
  const { far, at, told } = world({ errIsTerminal: true });
  far.begin(1, 0, 3);
  expect(told()).toBe("");
  at(199);
  far.judged(1, 3);
  expect(told()).toBe("");
  at(200);
  far.judged(2, 3);
  far.judged(3, 3);
  expect(told()).toBe(`${CLEAR}wingman: run 1, claim 2 of 3; 2 claims judged so far`);
  at(400);
  far.begin(2, 0, 1);
  far.clear();
  far.clear();
  expect(told()).toBe(
    `${CLEAR}wingman: run 1, claim 2 of 3; 2 claims judged so far${CLEAR}wingman: run 2, claim 0 of 1; 3 claims judged so far${CLEAR}`,
  );
});

test("a CI job's log gets a line in thirty seconds, also while nothing but a command goes on", () => {
  const { far, waits, at, told } = world({ errIsTerminal: false, env: { CI: "true" } });
  far.begin(1, 2, 9);
  waits.command = 1;
  for (let second = 1; second <= 65; second += 1) {
    at(second * 1_000);
    far.say();
  }
  waits.look = 3;
  waits.command = 2;
  at(90_000);
  far.judged(3, 9);
  far.clear();
  const line = (count: string, claim: number, waiting: string) =>
    `wingman: run 1, claim ${claim} of 9; ${count} judged so far; waiting for ${waiting}\n`;
  expect(told()).toBe(
    line("no claim", 2, "1 command").repeat(2) + line("1 claim", 3, "2 commands and 3 looks"),
  );
});

test("a pipe gets nothing", () => {
  const { far, at, told } = world({ errIsTerminal: false });
  far.begin(1, 0, 9);
  at(600_000);
  far.judged(1, 9);
  far.clear();
  expect(told()).toBe("");
});

test("nothing is said before there is a run", () => {
  const { far, at, told } = world({ errIsTerminal: true });
  at(10_000);
  far.say();
  expect(told()).toBe("");
});
