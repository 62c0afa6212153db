/** JUnit XML as surefire, pytest, vitest, jest-junit and gotestsum write it. Entities of its own: refused. */
import { SaxesParser } from "saxes";
import { JOINT, MESSAGE, MOST_TESTS, type TestResult } from "./test-result.ts";

/** Every `testcase`; undefined where the document is none of JUnit or not well-formed. */
export function readJunit(text: string): readonly TestResult[] | undefined {
  const results: TestResult[] = [];
  let root = false;
  let bad = false;
  let one: { id: string; outcome: TestResult["outcome"]; message: string } | undefined;
  let inFailure = false;
  const parser = new SaxesParser();
  parser.on("error", () => {
    bad = true;
  });
  parser.on("doctype", () => {
    bad = true;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const value = (key: string): string => String(attributes[key] ?? "");
    if (name === "testsuites" || name === "testsuite") root = true;
    else if (name === "testcase") {
      const names = [value("classname"), value("name")].filter((part) => part !== "");
      one = { id: names.join(JOINT), outcome: "pass", message: "" };
    } else if (one !== undefined && (name === "failure" || name === "error")) {
      one.outcome = "fail";
      one.message = value("message").slice(0, MESSAGE);
      inFailure = true;
    } else if (one !== undefined && name === "skipped" && one.outcome === "pass")
      one.outcome = "skip";
  });
  const words = (more: string): void => {
    if (inFailure && one !== undefined && one.message.length < MESSAGE)
      one.message = `${one.message}\n${more.trim()}`.slice(0, MESSAGE);
  };
  parser.on("text", words);
  parser.on("cdata", words);
  parser.on("closetag", ({ name }) => {
    if (name === "failure" || name === "error") inFailure = false;
    if (name !== "testcase" || one === undefined) return;
    if (results.length < MOST_TESTS) results.push(one);
    else bad = true;
    one = undefined;
  });
  // In pieces, so that a malformed giant is left at its first fault.
  for (let from = 0; from < text.length && !bad; from += 65_536)
    parser.write(text.slice(from, from + 65_536));
  if (!bad) parser.close();
  return root && !bad ? results : undefined;
}
