/** The batch process while it is ended: with an answer still under way, the program must not end first. */
import { ChildProcess } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@wingman/testkit";
import { expect, test } from "vitest";
import { BatchReader } from "../src/batch-reader.ts";

test("an answer that comes while the reader is closed does not let the program end", async () => {
  // A git that answers only once it is told to end, as a real one may have answered just before.
  const folder = temporaryFolder();
  const oid = "1".repeat(40);
  const script = `#!/bin/sh\ntrap 'echo "${oid} missing"; exit 0' TERM\nread -r line\nwhile :; do sleep 0.05; done\n`;
  writeFileSync(join(folder, "git"), script);
  chmodSync(join(folder, "git"), 0o755);
  const env = { ...process.env, PATH: `${folder}:${process.env["PATH"]}` };
  const reader = new BatchReader({ cwd: folder, env }, 1000);
  const ahead = reader.ask(oid, true).catch(() => undefined);
  // The script has set its trap once it has read the line.
  await new Promise((done) => setTimeout(done, 300));
  const letGo = ChildProcess.prototype.unref;
  let times = 0;
  ChildProcess.prototype.unref = function (this: ChildProcess) {
    times += 1;
    letGo.call(this);
  };
  try {
    await reader.close();
    expect(await ahead).toBeUndefined();
  } finally {
    ChildProcess.prototype.unref = letGo;
  }
  expect(times).toBe(0);
});
