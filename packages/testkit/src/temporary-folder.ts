/** Folders that live as long as one test file. It leaves nothing behind, pass or fail. */
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll } from "vitest";

const made: string[] = [];

afterAll(async () => {
  for (const path of made.splice(0)) await remove(path);
});

/**
 * A detached watcher may still write into a folder that is being emptied, and Node then only tries the
 * folder itself again: what has come in meanwhile must go as well, which is to begin anew.
 */
async function remove(path: string): Promise<void> {
  for (let left = 50; ; left -= 1) {
    try {
      rmSync(path, { recursive: true, force: true });
      return;
    } catch (error) {
      if (left === 0) throw error;
      await setTimeout(100);
    }
  }
}

/** A new empty folder, its path free of symbolic links (macOS's /tmp is one). */
export function temporaryFolder(): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "wingman-test-")));
  made.push(path);
  return path;
}
