/** JSON reports: vitest and jest (`testResults`), mocha (`tests`), and JSON lines as `go test -json` writes. */
import { JOINT, MESSAGE, MOST_TESTS, type TestResult } from "./test-result.ts";

type Loose = Readonly<Record<string, unknown>>;

/** Undefined where it is no report that is known. */
export function readJson(text: string): readonly TestResult[] | undefined {
  const whole = parsed(text);
  if (isRecord(whole)) {
    if (Array.isArray(whole["testResults"])) return jest(whole["testResults"]);
    if (Array.isArray(whole["tests"]) && isRecord(whole["stats"])) return mocha(whole);
    if (typeof whole["Action"] !== "string") return undefined;
  }
  return goLines(text);
}

function jest(files: readonly unknown[]): readonly TestResult[] | undefined {
  const results: TestResult[] = [];
  for (const file of files) {
    if (!isRecord(file) || !Array.isArray(file["assertionResults"])) return undefined;
    const tests = file["assertionResults"].filter(isRecord);
    for (const test of tests) {
      if (results.length >= MOST_TESTS) return undefined;
      const names = [...texts(test["ancestorTitles"]), String(test["title"] ?? "")];
      results.push({
        id: names.filter((name) => name !== "").join(JOINT),
        outcome: outcomeOf(test["status"]),
        message: texts(test["failureMessages"]).join("\n").slice(0, MESSAGE),
      });
    }
    // A file that cannot be loaded fails without a single test in it.
    if (tests.length === 0 && file["status"] === "failed")
      results.push({
        id: String(file["name"] ?? "a test file").replace(/^.*\//, ""),
        outcome: "fail",
        message: String(file["message"] ?? "").slice(0, MESSAGE),
      });
  }
  return results;
}

function mocha(report: Loose): readonly TestResult[] | undefined {
  const tests = report["tests"] as readonly unknown[];
  if (tests.length > MOST_TESTS) return undefined;
  const pending = new Set(list(report["pending"]).map((one) => String(one["fullTitle"])));
  return tests.filter(isRecord).map((test) => {
    const error = isRecord(test["err"]) ? test["err"] : {};
    const failed = Object.keys(error).length > 0;
    const id = String(test["fullTitle"] ?? "");
    const outcome = pending.has(id) ? "skip" : failed ? "fail" : "pass";
    const message = `${String(error["message"] ?? "")}\n${String(error["stack"] ?? "")}`;
    return { id, outcome, message: failed ? message.slice(0, MESSAGE) : "" };
  });
}

function goLines(text: string): readonly TestResult[] | undefined {
  const results = new Map<string, TestResult>();
  const said = new Map<string, string>();
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    const event = parsed(line);
    if (!isRecord(event) || typeof event["Action"] !== "string") return undefined;
    const { Action: action, Package: from = "", Test: test, Output: output } = event;
    const id = [String(from), ...(test === undefined ? [] : [String(test)])].join(JOINT);
    if (action === "output")
      said.set(id, `${said.get(id) ?? ""}${String(output ?? "")}`.slice(0, MESSAGE));
    // A package fails with its tests; alone where it does not even build.
    const isPackage = test === undefined;
    if (isPackage && (action !== "fail" || [...results.keys()].some((one) => one.startsWith(id))))
      continue;
    if (action !== "pass" && action !== "fail" && action !== "skip") continue;
    if (results.size >= MOST_TESTS) return undefined;
    results.set(id, {
      id,
      outcome: action,
      message: action === "fail" ? (said.get(id) ?? "") : "",
    });
  }
  return results.size > 0 || said.size > 0 ? [...results.values()] : undefined;
}

function outcomeOf(status: unknown): TestResult["outcome"] {
  if (status === "passed") return "pass";
  return status === "failed" ? "fail" : "skip";
}

function list(value: unknown): readonly Loose[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

function isRecord(value: unknown): value is Loose {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
