/** The events of Rust's libtest (`--format json`) and of nextest: a line an event, a suite a test binary. */
import { isRecord, parsed, textOf } from "./json-loose.ts";
import { ID, MESSAGE, MOST_TESTS, type TestResult } from "./test-result.ts";

const OUTCOMES: Readonly<Record<string, TestResult["outcome"]>> = {
  ok: "pass",
  failed: "fail",
  timeout: "fail",
  ignored: "skip",
};

/** Undefined where there is no event of libtest's, where a suite never ended, or tells other numbers. */
export function readLibtestEvents(text: string): readonly TestResult[] | undefined {
  const results: TestResult[] = [];
  let open = 0;
  let suites = 0;
  let from = 0;
  for (const line of text.split("\n")) {
    if (!line.startsWith("{")) continue;
    const event = parsed(line);
    if (!isRecord(event)) return undefined;
    const name = textOf(event["event"]);
    if (event["type"] === "suite") {
      open += name === "started" ? 1 : -1;
      if (name === "started") from = results.length;
      else if (!bears(results.slice(from), event["passed"], event["failed"])) return undefined;
      suites += 1;
    } else if (event["type"] === "test" && Object.hasOwn(OUTCOMES, name)) {
      const outcome = OUTCOMES[name] ?? "fail";
      const said = outcome === "fail" ? textOf(event["stdout"]).slice(0, MESSAGE) : "";
      results.push({ id: textOf(event["name"]).slice(0, ID), outcome, message: said });
    }
    if (results.length > MOST_TESTS || open < 0 || open > 1) return undefined;
  }
  return suites > 0 && open === 0 ? results : undefined;
}

function bears(results: readonly TestResult[], passed: unknown, failed: unknown): boolean {
  const count = (outcome: TestResult["outcome"]): number =>
    results.filter((one) => one.outcome === outcome).length;
  return passed === count("pass") && failed === count("fail");
}
