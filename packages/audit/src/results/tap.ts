/** TAP 12 to 14, nested as node's runner and `tap` write it. It refuses what holds no plan and no test. */
import { JOINT, MESSAGE, MOST_TESTS, type TestResult } from "./test-result.ts";

// At most 400 characters of spaces, and one pass: no pattern here can go back over a long line.
const POINT = /^( {0,400})(not )?ok\b *(\d+)? *-? ?(.*)$/;
const SUBTEST = /^( {0,400})# Subtest: (.*)$/;
const DIRECTIVE = /(?:^|\s)#\s*(skip|todo)\b/i;

/** The leaves of the nesting: a suite's own line repeats what stands in it. */
export function readTap(text: string): readonly TestResult[] | undefined {
  const results: TestResult[] = [];
  const names: { readonly depth: number; readonly name: string; children: number }[] = [];
  let planned = false;
  let last: { result: TestResult; depth: number } | undefined;
  let block: { indent: number; lines: string[] } | undefined;
  for (const raw of text.split("\n")) {
    const line = raw.endsWith("\r") ? raw.slice(0, -1) : raw;
    if (block !== undefined) {
      if (/^ *\.\.\.$/.test(line) && line.length - 3 <= block.indent + 2) {
        if (last !== undefined)
          results[results.length - 1] = {
            ...last.result,
            message: block.lines.join("\n").slice(0, MESSAGE),
          };
        block = undefined;
      } else if (block.lines.length < 200) block.lines.push(line.slice(0, 500));
      continue;
    }
    if (/^ {0,400}---$/.test(line) && last !== undefined) {
      block = { indent: line.length - 3, lines: [] };
      continue;
    }
    if (/^ {0,400}1\.\.\d+/.test(line)) planned = true;
    const subtest = SUBTEST.exec(line);
    if (subtest !== null) {
      const depth = (subtest[1] ?? "").length;
      while ((names.at(-1)?.depth ?? -1) >= depth) names.pop();
      names.push({ depth, name: (subtest[2] ?? "").trim(), children: 0 });
      continue;
    }
    const point = POINT.exec(line);
    if (point === null) {
      if (/^Bail out!/i.test(line))
        results.push({ id: "Bail out!", outcome: "fail", message: line.slice(0, MESSAGE) });
      continue;
    }
    if (results.length >= MOST_TESTS) return undefined;
    planned = true;
    const depth = (point[1] ?? "").length;
    while ((names.at(-1)?.depth ?? -1) > depth) names.pop();
    const own = names.at(-1)?.depth === depth ? names.pop() : undefined;
    const failed = point[2] !== undefined;
    const described = point[4] ?? "";
    const directive = DIRECTIVE.exec(described);
    const name = (directive === null ? described : described.slice(0, directive.index)).trim();
    const above = names.at(-1);
    last = undefined;
    // A suite passes or fails by what stands in it; one that fails alone (a hook) counts as itself.
    if (
      own !== undefined &&
      own.children > 0 &&
      !(failed && countFailed(results, own.children) === 0)
    ) {
      if (above !== undefined) above.children += own.children;
      last = undefined;
      continue;
    }
    const id = [...names.map((one) => one.name), name || `test ${point[3] ?? results.length + 1}`];
    const outcome = directive !== null ? "skip" : failed ? "fail" : "pass";
    if (above !== undefined) above.children += 1;
    const result: TestResult = { id: id.join(JOINT), outcome, message: "" };
    results.push(result);
    last = { result, depth };
  }
  return planned ? results : undefined;
}

function countFailed(results: readonly TestResult[], of: number): number {
  return results.slice(-of).filter((one) => one.outcome === "fail").length;
}
