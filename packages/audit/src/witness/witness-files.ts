/**
 * Which files decide a test's outcome besides the code that it tests: tests, their configuration, their
 * snapshots. A worker that changes one of them changes the ruler that it is measured with.
 */
import type { RepoPath } from "@wingman/model";
import type { Ruler } from "./tamper-checks.ts";

export type WitnessKind = "test" | "config" | "snapshot";

const CONFIG_NAMES = [
  /^(?:vitest|vite|jest|ava|playwright|cypress|karma\.conf|karma|wdio|babel|c8|nyc)(?:\.[\w-]+)*\.(?:config\.)?[cm]?[jt]sx?(?:on)?$/,
  /^(?:vitest|vite|jest|ava|playwright|cypress|karma|webpack|rollup|esbuild|tsup|eslint|prettier|stylelint|commitlint)\.(?:config|conf|workspace|setup)\.[\w.]+$/,
  /^\.(?:mocharc|nycrc|c8rc|taprc|jestrc|babelrc|eslintrc|eslintignore|prettierrc|swcrc|coveragerc|rspec|pylintrc|flake8|golangci|npmrc|nvmrc|node-version|yarnrc)(?:\.[\w-]+)*$/,
  /^(?:biome|deno|tsconfig(?:\.[\w-]+)*|jsconfig|tslint|nx|turbo|lerna)\.jsonc?$/,
  /^(?:conftest|noxfile|sitecustomize|usercustomize|setup)\.py$/,
  /^(?:pytest|tox|setup|mypy|ruff|noxfile|poetry)\.(?:ini|cfg|toml)$/,
  // Python looks beside itself first: a module of the runner's name is the runner.
  /^(?:_?pytest|pluggy|iniconfig|unittest|nose2?|doctest|coverage)\.py$/,
  /^\.?[\w-]*lint[\w-]*(?:\.[\w-]+)?\.(?:jsonc?|ya?ml|toml|ini|cfg|[cm]?js)$/,
  /^(?:pyproject|Cargo|clippy|rustfmt|nextest)\.toml$/,
  /^(?:phpunit|testng|surefire)(?:\.[\w-]+)*\.xml$/,
  /^(?:pom\.xml|build\.gradle(?:\.kts)?|settings\.gradle(?:\.kts)?|CMakeLists\.txt|go\.work)$/,
  /^(?:GNUmakefile|[Mm]akefile|[Jj]ustfile|Rakefile|Taskfile\.ya?ml|Dockerfile|docker-compose\.ya?ml|compose\.ya?ml)$/,
  /^(?:test|spec|rails|jest|vitest|mocha)[-_.]?(?:helper|setup|preload|global-setup|globalSetup)s?\.\w+$/i,
] as const;

/** Folders whose files stand in for a runner or for what it loads: installed packages in the tree. */
const CONFIG_FOLDER =
  /(?:^|\/)(?:node_modules|\.yarn\/(?:releases|plugins|sdks)|site-packages|\.venv)\/|^(?:_?pytest|unittest|coverage)\//;
/** How code looks: no test's outcome hangs on it, a linter's does. */
const STYLE =
  /^\.?(?:eslint|prettier|stylelint|pylint|flake8|golangci|ruff|commitlint|tslint|rustfmt|clippy|oxlint)[\w.-]*$|lint/i;
const CONTAINER = /^(?:Dockerfile|(?:docker-)?compose\.ya?ml)$/;

const TEST_NAMES = [
  /\.(?:test|spec|tests|specs|cy|e2e|bench)(?:-d)?\.[cm]?[jt]sx?$/,
  /^(?:test[-_].*|.*[-_]test)\.[cm]?[jt]sx?$/,
  /^tests?\.(?:[cm]?[jt]sx?|py|rb|sh|rs|go|php)$/,
  /^(?:test_.*|.*_test|.*_tests)\.(?:py|go|rb|exs|rs|c|cc|cpp|php|sh|bats)$/,
  /^.*_spec\.rb$|^.*\.bats$|^.*\.t$|^.*\.feature$/,
  /^.*(?:Test|Tests|Spec|IT)\.(?:java|kt|scala|groovy|cs|swift|php)$/,
] as const;

const TEST_FOLDER =
  /(?:^|\/)(?:tests?|__tests__|specs?|e2e|testing|testdata|fixtures|__mocks__|__fixtures__)\//i;
const SNAPSHOT =
  /(?:^|\/)__(?:image_)?snapshots__\/|\.(?:snap|approved\.\w+|golden|ambr)$|(?:^|\/)(?:snapshots|goldens?)\//;

/** What a path is among the witnesses of a test; undefined for the code that is tested. */
export function witnessKind(path: RepoPath): WitnessKind | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (name.length > 255) return undefined;
  if (CONFIG_FOLDER.test(path)) return "config";
  if (SNAPSHOT.test(path)) return "snapshot";
  if (CONFIG_NAMES.some((one) => one.test(name))) return "config";
  if (TEST_FOLDER.test(path) || TEST_NAMES.some((one) => one.test(name))) return "test";
  return undefined;
}

/** False where a configuration cannot bear on this: style on a test, an image on what needs no engine. */
export function bearsOn(path: RepoPath, ruler: Ruler, command: readonly string[]): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (STYLE.test(name)) return ruler === "lint" || command.some((word) => /lint|style/i.test(word));
  if (CONTAINER.test(name))
    return command.length === 0 || command.some((word) => /docker|podman|compose/i.test(word));
  return true;
}
