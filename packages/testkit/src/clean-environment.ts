/**
 * Set-up of every test file: the environment of a machine that knows nothing. A test started from a
 * hook inherits GIT_DIR and GIT_INDEX_FILE and would rewrite the caller's own branches (seen three
 * times in published projects), so every GIT_* goes before anything runs.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

// Switches of hook managers and of Wingman itself would change what a story sees. WINGMAN_ACCEPT stays:
// it is the flag by which a person accepts a case's expectation.
const FOREIGN =
  /^(GIT_|WINGMAN_(?!ACCEPT$)|HUSKY|LEFTHOOK|SKIP$|PRE_COMMIT|GITHUB_|XDG_|NODE_OPTIONS$)/;

const home = mkdtempSync(join(tmpdir(), "wingman-home-"));
const globalConfig = join(home, "gitconfig");
writeFileSync(globalConfig, "");
mkdirSync(join(home, "config"));

for (const name of Object.keys(process.env)) {
  if (FOREIGN.test(name)) delete process.env[name];
}
Object.assign(process.env, {
  HOME: home,
  USERPROFILE: home,
  XDG_CONFIG_HOME: join(home, "config"),
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: globalConfig,
  GIT_TERMINAL_PROMPT: "0",
  TZ: "UTC",
  LC_ALL: "C",
});

afterAll(() => rmSync(home, { recursive: true, force: true }));
