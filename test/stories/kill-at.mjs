/**
 * Loaded into the program before anything else (`node --import`): ends it with SIGKILL at the n-th step
 * that changes something outside of it, so that a story can kill it between any two of them. Without n
 * it only counts. A step is a write, rename, link or removal of a file, or a start of a git that writes.
 */
import childProcess from "node:child_process";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const { KILL_AT, KILL_AFTER_MS, KILL_COUNT } = process.env;
// Neither git nor the watcher that the program starts is to die of this.
for (const name of ["KILL_AT", "KILL_AFTER_MS", "KILL_COUNT", "NODE_OPTIONS"])
  delete process.env[name];

const WRITES =
  /^(unpack-objects|update-ref|push|fetch|config|symbolic-ref|hash-object|write-tree)$/;
let steps = 0;

function step() {
  steps += 1;
  if (String(steps) === KILL_AT) process.kill(process.pid, "SIGKILL");
}

function patch(room, name, counts = () => true) {
  const original = room[name];
  room[name] = function patched(...args) {
    if (counts(args)) step();
    return original.apply(this, args);
  };
}

for (const name of ["writeFile", "rename", "link", "rm", "copyFile", "cp", "symlink", "chmod"])
  patch(fs.promises, name);
for (const name of ["writeSync", "fdatasyncSync", "renameSync", "writeFileSync"]) patch(fs, name);
patch(childProcess, "spawn", ([, args]) => (args ?? []).some((arg) => WRITES.test(arg)));
syncBuiltinESMExports();

if (KILL_AFTER_MS !== undefined)
  setTimeout(() => process.kill(process.pid, "SIGKILL"), Number(KILL_AFTER_MS)).unref();
if (KILL_COUNT !== undefined) process.on("exit", () => fs.appendFileSync(KILL_COUNT, `${steps}\n`));
