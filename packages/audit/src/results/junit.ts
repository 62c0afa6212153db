/**
 * JUnit XML as surefire, Gradle, pytest, vitest, node, jest-junit, mocha, GoogleTest, CTest, gotestsum and cargo
 * write it. It refuses a document type (entities of its own), what is cut off, and counts that its own tests
 * do not bear out.
 */
import { SaxesParser } from "saxes";
import { ID, JOINT, MESSAGE, MOST_TESTS, type TestResult } from "./test-result.ts";

interface Case {
  readonly id: string;
  failed: boolean;
  skipped: boolean;
  message: string;
}

interface Suite {
  readonly name: string;
  /** Failures and errors that it says it holds; undefined where it says nothing. */
  readonly said: number | undefined;
  readonly from: number;
}

/** GoogleTest's disabled tests and CTest's, which have no element that says so. */
const NOT_RUN = /^(?:notrun|disabled|skipped|ignored|pending|suppressed)$/i;
const BROKE = /^(?:fail|failed|failure|error|broken)$/i;
/** node's runner writes this class for every test, which tells nothing. */
const NO_CLASS = "test";

/** Every `testcase`; undefined where the document is none of JUnit or not well-formed. */
export function readJunit(text: string): readonly TestResult[] | undefined {
  const reading = new JunitReading();
  const parser = new SaxesParser();
  const refuse = (): void => {
    reading.bad = true;
  };
  parser.on("error", refuse);
  parser.on("doctype", refuse);
  parser.on("opentag", ({ name, attributes }) =>
    reading.open(name, (key) => String(attributes[key] ?? "")),
  );
  parser.on("text", (more) => reading.words(more));
  parser.on("cdata", (more) => reading.words(more));
  parser.on("closetag", ({ name }) => reading.close(name));
  // In pieces, so that a malformed giant is left at its first fault.
  for (let from = 0; from < text.length && !reading.bad; from += 65_536)
    parser.write(text.slice(from, from + 65_536));
  if (!reading.bad) parser.close();
  return reading.root && !reading.bad ? reading.results : undefined;
}

class JunitReading {
  readonly results: TestResult[] = [];
  root = false;
  bad = false;
  readonly #suites: Suite[] = [];
  #case: Case | undefined;
  #inFailure = false;
  #depth = 0;

  open(tag: string, value: (key: string) => string): void {
    const isSuite = tag === "testsuites" || tag === "testsuite";
    if (this.#depth === 0) this.root = isSuite;
    this.#depth += 1;
    if (isSuite) {
      const name = tag === "testsuite" ? value("name").slice(0, 500) : "";
      this.#suites.push({ name, said: saidToFail(value), from: this.results.length });
      if (this.#suites.length > 200) this.bad = true;
    } else if (tag === "testcase") this.#begin(value);
    else if (tag === "failure" || tag === "error") {
      // A suite that fails by itself: its set-up, or a file that does not load.
      this.#case ??= this.#caseOf("", "");
      this.#case.failed = true;
      this.#case.message = value("message").slice(0, MESSAGE);
      this.#inFailure = true;
    } else if (tag === "skipped" && this.#case !== undefined) this.#case.skipped = true;
  }

  words(more: string): void {
    const one = this.#case;
    if (!this.#inFailure || one === undefined || one.message.length >= MESSAGE) return;
    one.message = `${one.message}\n${more.trim()}`.slice(0, MESSAGE);
  }

  close(tag: string): void {
    this.#depth -= 1;
    const isFailure = tag === "failure" || tag === "error";
    if (isFailure) this.#inFailure = false;
    if (tag === "testsuite" || tag === "testsuites") this.#endSuite();
    const one = this.#case;
    if (one === undefined || !(tag === "testcase" || (isFailure && one.id === this.#suiteId())))
      return;
    this.#case = undefined;
    if (this.results.length >= MOST_TESTS) this.bad = true;
    // What was expected to fail (todo, xfail) is skipped, with a failure beside it.
    const outcome = one.skipped ? "skip" : one.failed ? "fail" : "pass";
    const message = outcome === "fail" ? one.message : "";
    this.results.push({ id: one.id, outcome, message });
  }

  #begin(value: (key: string) => string): void {
    this.#case = this.#caseOf(value("classname"), value("name"));
    const states = [value("status"), value("result")];
    this.#case.skipped = states.some((state) => NOT_RUN.test(state));
    this.#case.failed = states.some((state) => BROKE.test(state));
  }

  #caseOf(classname: string, name: string): Case {
    const suites = this.#suites.map((one) => one.name);
    const own = classname === NO_CLASS || classname === suites.at(-1) ? "" : classname;
    const id = [...suites, own, name].filter((part) => part !== "").join(JOINT);
    return { id: id.slice(0, ID), failed: false, skipped: false, message: "" };
  }

  #suiteId(): string {
    return this.#caseOf("", "").id;
  }

  #endSuite(): void {
    const suite = this.#suites.pop();
    if (suite?.said === undefined || suite.said === 0) return;
    // It says that something failed, and shows nothing that did.
    const shown = this.results.slice(suite.from);
    if (!shown.some((one) => one.outcome !== "pass")) this.bad = true;
  }
}

function saidToFail(value: (key: string) => string): number | undefined {
  const counts = ["failures", "errors"].map(value).filter((count) => /^\d{1,9}$/.test(count));
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + Number(count), 0);
}
