/** Folders that live as long as one test file. It leaves nothing behind, pass or fail. */
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

const made: string[] = [];

// A test that made files read-only, or a detached child that still writes, must not fail the run.
afterAll(() => {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true, maxRetries: 20 });
});

/** A new empty folder, its path free of symbolic links (macOS's /tmp is one). */
export function temporaryFolder(): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "wingman-test-")));
  made.push(path);
  return path;
}
