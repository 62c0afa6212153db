/** Clauses about tests, builds and linters: the policy names the only commands that they can mean. */
import { type Clause, type Known, says, Unaccounted } from "./clause.ts";
import type { Cursor } from "./cursor.ts";

const CHECKS: Readonly<Record<string, readonly [type: string, commands: readonly string[]]>> = {
  tests: ["suite.passes", ["test", "tests", "unit"]],
  suite: ["suite.passes", ["test", "tests", "unit"]],
  build: ["build.passes", ["build"]],
  lint: ["lint.passes", ["lint"]],
  linter: ["lint.passes", ["lint"]],
  typecheck: ["types.pass", ["types", "typecheck"]],
};

/** `all 12 tests pass`, `the unit tests are passing`, `the tests and the build pass`, `the build fails` */
export function checkClause(cursor: Cursor, known: Known): Clause[] | undefined {
  const all = cursor.word("all") !== undefined;
  const whole = cursor.phrase("of the", "the", "our", "my") !== undefined || all;
  const min = cursor.number();
  const first = check(cursor, known);
  if (first === undefined) return undefined;
  const checks = [first];
  for (;;) {
    const mark = cursor.mark;
    const joined = cursor.word("and") !== undefined || cursor.before?.comma === true;
    cursor.word("the");
    const next = joined && cursor.before?.stop !== true ? check(cursor, known) : undefined;
    if (next === undefined) {
      cursor.back(mark);
      break;
    }
    checks.push(next);
  }
  const outcome = passing(cursor);
  if (outcome === undefined) return undefined;
  // `all tests fail` says more than that the command does, and `2 tests fail` less.
  if (!outcome && (all || min !== undefined)) return cursor.left();
  if (checks.length > 1 && min !== undefined) return cursor.left();
  // `2 tests pass` is so where a third one fails.
  const soft = "that may speak of some of the tests; say `all 12 tests pass`";
  const more = {
    ...(outcome ? {} : { not: true as const }),
    ...(min === undefined || whole ? {} : { soft }),
  };
  return checks.map(({ type, command }) => {
    if (command === undefined)
      throw new Unaccounted("the policy names no command that this could mean");
    return says(type, { command, ...(min === undefined ? {} : { min }) }, more);
  });
}

interface Check {
  readonly type: string;
  readonly command: string | undefined;
}

/** `the unit tests`, `test suite`, `lint`, `` `unit` `` */
function check(cursor: Cursor, known: Known): Check | undefined {
  const commands = known.commands ?? [];
  let named: string | undefined;
  const first = cursor.token();
  if (first !== undefined && !Object.hasOwn(CHECKS, first.text.toLowerCase())) {
    if (first.text.toLowerCase() !== "test" || cursor.peek(1) !== "suite") {
      named = commands.find((one) => one.toLowerCase() === first.text.toLowerCase());
      if (named === undefined) return undefined;
    }
    cursor.take();
  }
  const what = cursor.peek();
  const row = what !== undefined && Object.hasOwn(CHECKS, what) ? CHECKS[what] : undefined;
  if (row !== undefined) cursor.take();
  else if (named === undefined) return undefined;
  const [type, usual] = row ?? ["suite.passes", []];
  const command = named ?? usual.find((one) => commands.includes(one)) ?? alone(commands, type);
  return { type, command };
}

/** Where the policy names one command only, it is the tests'. */
function alone(commands: readonly string[], type: string): string | undefined {
  return commands.length === 1 && type === "suite.passes" ? commands[0] : undefined;
}

function passing(cursor: Cursor): boolean | undefined {
  if (
    cursor.phrase(
      "do not pass",
      "don't pass",
      "does not pass",
      "doesn't pass",
      "did not pass",
      "are failing",
      "is failing",
      "are not passing",
      "is not passing",
    ) !== undefined
  )
    return false;
  if (cursor.word("fail", "fails", "failed") !== undefined) return false;
  cursor.word("all", "now", "still");
  const held =
    cursor.phrase(
      "are now passing",
      "are passing",
      "is passing",
      "are green",
      "is green",
      "have passed",
      "has passed",
    ) ?? cursor.word("pass", "passes", "passed", "succeed", "succeeds", "succeeded");
  return held === undefined ? undefined : true;
}
