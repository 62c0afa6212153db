/** What every fault must look like to the person who meets it: one error, what to do, its code, no stack. */
import type { Ran } from "@wingman/testkit";
import { expect } from "vitest";

/** Exit code, the fault's code, and what is wrong with the way it was told ("" where nothing is). */
export function faultOf(ran: Ran): readonly [exit: number, code: string, told: string] {
  const text = `${ran.stdout}\n${ran.stderr}`.replace(/^remote: /gm, "");
  const codes = [...text.matchAll(/^ {2}code: (\S+) \(wingman explain \1\)/gm)].map(
    (one) => one[1],
  );
  const wrong = [
    /^\s+at .+:\d+:\d+/m.test(text) ? "a stack trace" : "",
    /defect in Wingman/.test(text) ? "a defect" : "",
    codes.length === 1 ? "" : `${codes.length} errors`,
    /^ {2}help: \S+/m.test(text) ? "" : "no help",
    /undefined|\[object|NaN/.test(text) ? "a leaked value" : "",
  ];
  const told = wrong.filter(Boolean).join(", ");
  return [ran.code, codes[0] ?? "", told === "" ? "" : `${told}: ${text}`];
}

/** Asserts one clear fault: exit 2 and this code. */
export function expectFault(ran: Ran, code: string): void {
  expect(faultOf(ran)).toEqual([2, code, ""]);
}
