/**
 * JSON reports of runners: one document (vitest, jest, mocha, Playwright, RSpec, pytest-json-report, CTRF), or
 * a line an event (`go test -json`, cargo's libtest). It refuses totals that the tests of a report do not
 * bear out: a report that somebody else wrote into.
 */
import { readGoEvents } from "./json-go.ts";
import { readLibtestEvents } from "./json-libtest.ts";
import { isRecord, type Loose, parsed, records, textOf, textsOf } from "./json-loose.ts";
import { ID, JOINT, MESSAGE, MOST_TESTS, type TestResult } from "./test-result.ts";

interface Report {
  readonly of: string;
  is(report: Loose): boolean;
  read(report: Loose): readonly TestResult[] | undefined;
}

const REPORTS: readonly Report[] = [
  { of: "vitest, jest", is: (one) => Array.isArray(one["testResults"]), read: jest },
  {
    of: "mocha",
    is: (one) => Array.isArray(one["tests"]) && isRecord(one["stats"]),
    read: mocha,
  },
  {
    of: "pytest-json-report",
    is: (one) => typeof one["exitcode"] === "number" && isRecord(one["summary"]),
    read: pytest,
  },
  {
    of: "RSpec",
    is: (one) => Array.isArray(one["examples"]) && isRecord(one["summary"]),
    read: rspec,
  },
  {
    of: "Playwright",
    is: (one) => Array.isArray(one["suites"]) && isRecord(one["stats"]),
    read: playwright,
  },
  {
    of: "CTRF",
    is: (one) => isRecord(one["results"]) && Array.isArray(one["results"]["tests"]),
    read: ctrf,
  },
];

/** Undefined where it is no report that is known. */
export function readJson(text: string): readonly TestResult[] | undefined {
  const whole = parsed(text);
  if (isRecord(whole)) {
    const row = REPORTS.find((one) => one.is(whole));
    const results = row?.read(whole);
    if (row !== undefined)
      return results === undefined || results.length > MOST_TESTS ? undefined : results;
  } else if (whole !== undefined) return undefined;
  return readGoEvents(text) ?? readLibtestEvents(text);
}

function jest(report: Loose): readonly TestResult[] | undefined {
  const results: TestResult[] = [];
  for (const file of report["testResults"] as readonly unknown[]) {
    if (!isRecord(file) || !Array.isArray(file["assertionResults"])) return undefined;
    const tests = records(file["assertionResults"]);
    for (const test of tests) {
      const names = [...textsOf(test["ancestorTitles"]), textOf(test["title"])];
      const id = names.filter((name) => name !== "").join(JOINT);
      // A test that passed at last keeps what its earlier tries said.
      results.push(resultOf(id, outcomeOf(test["status"]), textsOf(test["failureMessages"])));
    }
    // A file that cannot be loaded fails without a test in it; a hook behind the tests without a failing one.
    if (file["status"] === "failed" && !tests.some((one) => one["status"] === "failed"))
      results.push(resultOf(fileName(file["name"]), "fail", [textOf(file["message"])]));
  }
  return bears(results, report["numPassedTests"], report["numFailedTests"]) ? results : undefined;
}

function mocha(report: Loose): readonly TestResult[] | undefined {
  const tests = records(report["tests"]);
  const pending = new Set(records(report["pending"]).map((one) => textOf(one["fullTitle"])));
  const results = tests.map((test) => {
    const error = isRecord(test["err"]) ? test["err"] : {};
    const id = textOf(test["fullTitle"]);
    const failed = Object.keys(error).length > 0;
    const outcome = pending.has(id) ? "skip" : failed ? "fail" : "pass";
    return resultOf(id, outcome, [textOf(error["message"]), textOf(error["stack"])]);
  });
  // A hook that fails stands among the failures only.
  const known = new Set(results.map((one) => one.id));
  for (const one of records(report["failures"])) {
    const error = isRecord(one["err"]) ? one["err"] : {};
    const id = textOf(one["fullTitle"]);
    if (!known.has(id)) results.push(resultOf(id, "fail", [textOf(error["message"])]));
  }
  const stats = report["stats"] as Loose;
  return bears(results, stats["passes"], stats["failures"]) ? results : undefined;
}

function pytest(report: Loose): readonly TestResult[] | undefined {
  const results = records(report["tests"]).map((test) => {
    const stages = ["setup", "call", "teardown"].map((key) => test[key]).filter(isRecord);
    return resultOf(
      textOf(test["nodeid"]),
      outcomeOf(test["outcome"]),
      stages.map((one) => textOf(one["longrepr"])),
    );
  });
  // A file that does not load is collected by nobody.
  for (const one of records(report["collectors"]))
    if (one["outcome"] === "failed")
      results.push(resultOf(textOf(one["nodeid"]), "fail", [textOf(one["longrepr"])]));
  const summary = report["summary"] as Loose;
  const passed = Number(summary["passed"] ?? 0) + Number(summary["xpassed"] ?? 0);
  return bears(results, passed, summary["failed"]) ? results : undefined;
}

function rspec(report: Loose): readonly TestResult[] | undefined {
  const results = records(report["examples"]).map((one) => {
    const error = isRecord(one["exception"]) ? one["exception"] : {};
    return resultOf(textOf(one["full_description"]), outcomeOf(one["status"]), [
      textOf(error["message"]),
    ]);
  });
  const summary = report["summary"] as Loose;
  const outside = Number(summary["errors_outside_of_examples_count"] ?? 0);
  if (outside > 0)
    results.push(resultOf("outside of examples", "fail", textsOf(report["messages"])));
  return bears(results, undefined, summary["failure_count"]) ? results : undefined;
}

/** Suites in suites, without going down on the stack: a hostile report is as deep as it likes. */
function playwright(report: Loose): readonly TestResult[] | undefined {
  const results: TestResult[] = [];
  const todo = records(report["suites"]).map((suite) => ({ suite, above: [] as string[] }));
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const names = [...next.above, textOf(next.suite["title"]).slice(0, 200)].slice(0, 50);
    for (const spec of records(next.suite["specs"]))
      for (const test of records(spec["tests"])) {
        const status = test["status"];
        // `flaky` passed at a later try.
        const outcome =
          status === "expected" || status === "flaky"
            ? "pass"
            : status === "skipped"
              ? "skip"
              : "fail";
        const errors = records(test["results"]).flatMap((one) => records(one["errors"]));
        const id = [...names, textOf(spec["title"])].join(JOINT);
        results.push(
          resultOf(
            id,
            outcome,
            errors.map((one) => textOf(one["message"])),
          ),
        );
      }
    for (const suite of records(next.suite["suites"])) todo.push({ suite, above: names });
    if (results.length > MOST_TESTS || todo.length > MOST_TESTS) return undefined;
  }
  for (const error of records(report["errors"]))
    results.push(resultOf("outside of tests", "fail", [textOf(error["message"])]));
  return results;
}

function ctrf(report: Loose): readonly TestResult[] | undefined {
  const inner = report["results"] as Loose;
  const results = records(inner["tests"]).map((test) => {
    const suite = test["suite"];
    const suites = Array.isArray(suite) ? textsOf(suite) : [textOf(suite)];
    const id = [...suites, textOf(test["name"])].filter((name) => name !== "").join(JOINT);
    return resultOf(id, outcomeOf(test["status"]), [textOf(test["message"])]);
  });
  const summary = isRecord(inner["summary"]) ? inner["summary"] : {};
  return bears(results, summary["passed"], summary["failed"]) ? results : undefined;
}

function outcomeOf(status: unknown): TestResult["outcome"] {
  if (status === "passed" || status === "xpassed") return "pass";
  return status === "failed" || status === "error" ? "fail" : "skip";
}

/**
 * False where fewer passed by the total than are listed, or where more failed. (Old vitest counts what was
 * skipped among the passes.)
 */
function bears(results: readonly TestResult[], passed: unknown, failed: unknown): boolean {
  const count = (outcome: TestResult["outcome"]): number =>
    results.filter((one) => one.outcome === outcome).length;
  if (typeof passed === "number" && passed < count("pass")) return false;
  return typeof failed !== "number" || failed <= count("fail");
}

function resultOf(
  id: string,
  outcome: TestResult["outcome"],
  messages: readonly string[],
): TestResult {
  const message = outcome === "fail" ? messages.join("\n").trim().slice(0, MESSAGE) : "";
  return { id: id.slice(0, ID), outcome, message };
}

function fileName(path: unknown): string {
  return textOf(path).replace(/^.*[/\\]/, "") || "a test file";
}
