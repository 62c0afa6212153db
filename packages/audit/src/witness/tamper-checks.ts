/**
 * The table of tamper checks: what in a run's own diff would make a green result say less. Each is shown
 * with its line and leaves the claim UNVERIFIABLE (WITNESS_TAMPERED); none accuses, for honest work does all
 * of this too.
 */

/** What a claim rests on: tests, a linter or type checker, the share that tests reach, a build, a command. */
export type Ruler = "tests" | "lint" | "coverage" | "build" | "command";

/** One file of the run's diff, both sides as lines; undefined where it was or is not there. */
export interface TouchedFile {
  readonly path: string;
  readonly before: readonly string[] | undefined;
  readonly after: readonly string[] | undefined;
}

export interface TamperCheck {
  readonly id: string;
  /** What it says, before the line. */
  readonly says: string;
  readonly rulers: readonly Ruler[];
  /** In tests and their configuration only, or in any code. */
  readonly where: "witness" | "code";
  /** A line that the run brought. */
  readonly added: RegExp;
  /** Instead, in code of a programming language that is no test: there `a || true` swallows nothing. */
  readonly inCode?: RegExp;
}

const ALL: readonly Ruler[] = ["tests", "lint", "coverage", "build", "command"];

export const TAMPER_CHECKS: readonly TamperCheck[] = [
  {
    id: "skip",
    says: "a test is skipped, or only some are run",
    rulers: ["tests", "coverage"],
    where: "witness",
    added:
      /\b(?:it|test|describe|suite|context|bench|specify)\.(?:skip|only|todo|fixme|skipIf|runIf|fails?)\b|\b(?:xit|xtest|xdescribe|xcontext|fit|fdescribe|ftest)\s*\(|\b(?:t|this|ctx|context)\.(?:skip|todo|Skip|SkipNow|Skipf)\s*\(|[{,]\s*(?:skip|todo|only)\s*:|@(?:pytest\.mark\.(?:skip|skipif|xfail)|unittest\.(?:skip|skipIf|skipUnless|expectedFailure)|Disabled|Ignore|Ignored)\b|\bpytest\.(?:skip|xfail|importorskip)\s*\(|\bself\.skipTest\s*\(|\braise\s+(?:unittest\.)?SkipTest|#\[ignore\b|\b(?:pending|skip)\s*(?:\(|do\b|['"])/,
  },
  {
    id: "exit",
    says: "the process is ended as a success",
    rulers: ALL,
    where: "code",
    added:
      /\b(?:process\.(?:exit|reallyExit)\s*\(\s*(?:0\s*)?\)|process\.exitCode\s*=\s*0\b|(?:sys\.exit|os\._exit|exit|quit|os\.Exit|System\.exit|process::exit|Runtime\.halt)\s*\(\s*0?\s*\)|SystemExit\s*\(\s*0?\s*\)|process\.(?:kill|abort)\b)|^\s*exit\s+0\b|\bexit!\s*\(?\s*(?:0|true)/,
  },
  {
    id: "swallow",
    says: "a failure is swallowed",
    rulers: ALL,
    where: "code",
    added:
      /\|\|\s*(?:true|:|exit\s+0|echo\b)|;\s*true\s*["']?\s*,?$|\bset\s+\+e\b|continue-on-error:\s*true|allow_failure:\s*true|--passWithNoTests|passWithNoTests\s*:\s*true|--(?:no-)?exit-zero\b|--exit-zero|testFailureIgnore|ignoreFailures\s*=\s*true|dangerouslyIgnoreUnhandledErrors|^\t-\S/,
    inCode: /\|\|\s*(?:true|:|exit\s+0)\s*["'`]|;\s*true\s*["'`]|--passWithNoTests|--exit-zero\b/,
  },
  {
    id: "runner",
    says: "the test runner itself is changed",
    rulers: ["tests", "coverage"],
    where: "code",
    added:
      /\bpytest_(?:runtest|collection|sessionfinish|exception_interact|report)\w*\b|\bprocess\.on\s*\(\s*['"](?:exit|beforeExit|uncaughtException)|\b(?:Module\._load|require\.extensions|registerHooks|mock\.module)\b|\b(?:assert|expect|test|it)\s*=\s*(?:\(|function|async|\w+\s*=>)|\bprocess\.(?:stdout|stderr)\.write\s*=|\bconsole\.(?:log|error)\s*=|NODE_OPTIONS|NODE_TEST_CONTEXT|\b(?:assert|expect|chai)(?:\.\w+|\[[^\]]{1,80}\])+\s*=(?![=>])|\b_pytest\b/,
  },
  {
    id: "aware",
    says: "code asks whether it is being tested",
    rulers: ["tests", "coverage"],
    where: "code",
    added:
      /\bNODE_ENV\b.{0,20}\btest\b|\b(?:VITEST(?:_\w+)?|JEST_WORKER_ID|PYTEST_CURRENT_TEST|PYTEST_VERSION|TEST_WORKER_INDEX|RSPEC|BUN_TEST)\b|['"](?:pytest|unittest)['"]\s+in\s+sys\.modules|\btesting\.Testing\(\)|\bflag\.Lookup\(\s*"test\.|\bprocess\.(?:argv|execArgv)\b.{0,60}\btest|\bstack\b.{0,40}['"`/][^'"`/]{0,20}\b(?:tests?|spec|__tests__|pytest|jest|vitest|mocha)\b|\bsys\.argv\b.{0,60}test|\binspect\.stack\(|\bsys\._getframe\b/,
  },
  {
    id: "self-report",
    says: "code writes test results itself",
    rulers: ["tests", "coverage"],
    where: "code",
    added: /TAP version 1[234]|['"`]\s*(?:not )?ok \d|['"`]1\.\.\d|<testsuites?\b|"numPassedTests"/,
  },
  {
    id: "uncounted",
    says: "lines are taken out of the count",
    rulers: ["coverage"],
    where: "code",
    added:
      /\b(?:istanbul|c8|v8|node:coverage)\s+(?:ignore|disable)\b|pragma:\s*no\s*cover|LCOV_EXCL|coverage\(off\)|@codeCoverageIgnore/,
  },
  {
    id: "suppression",
    says: "a finding is suppressed",
    rulers: ["lint"],
    where: "code",
    added:
      /\b(?:eslint|stylelint|tslint|oxlint|biome|deno-lint)[-:](?:disable|ignore)|@ts-(?:ignore|expect-error|nocheck)\b|#\s*(?:noqa|type:\s*ignore|pylint:\s*disable|pyright:\s*ignore|nosec|mypy:\s*ignore)|\/\/\s*nolint|#!?\[allow\(|@SuppressWarnings|rubocop:disable|shellcheck\s+disable|prettier-ignore|\bas\s+any\b|:\s*any\b(?=\s*[,;)=])/,
  },
];
