/**
 * A vitest reporter that counts: it writes `{passed, failed, skipped}` to the file that
 * WINGMAN_COUNTS names, for .ci/run, and says nothing else. A test file that cannot be loaded and an
 * error outside every test count as failed, because green must mean that everything ran.
 */
import { writeFileSync } from "node:fs";

const countsFile = process.env.WINGMAN_COUNTS;

/** @returns {{passed: number, failed: number, skipped: number}} what the modules and errors add up to */
export function countTests(modules, unhandledErrors) {
  const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
  for (const module of modules) {
    let inFile = 0;
    for (const test of module.children.allTests()) {
      inFile += 1;
      const { state } = test.result();
      // `pending` after the run's end means that it was never run to its end.
      if (state === "passed") counts.passed += 1;
      else if (state === "skipped") counts.skipped += 1;
      else counts.failed += 1;
    }
    const broken = module.errors().length > 0 || (inFile === 0 && module.state() === "failed");
    if (broken) counts.failed += 1;
  }
  return counts;
}

export default class CountReporter {
  onTestRunEnd(modules, unhandledErrors) {
    if (countsFile === undefined) return;
    writeFileSync(countsFile, JSON.stringify(countTests(modules, unhandledErrors)));
  }
}
