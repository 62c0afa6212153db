/** The secret scanner, in process, on what a disk holds most of: other people's code. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { line } from "./timing.mjs";
import { rooms, root } from "./worlds.mjs";

const MOST_BYTES = 100 << 20;

export async function benchSecrets() {
  const { scanBytes } = await rooms();
  const files = [];
  let bytes = 0;
  for (const entry of readdirSync(join(root, "node_modules"), {
    recursive: true,
    withFileTypes: true,
  })) {
    if (!entry.isFile() || bytes > MOST_BYTES) continue;
    const content = readFileSync(join(entry.parentPath, entry.name));
    if (content.length > 4 << 20) continue;
    files.push(content);
    bytes += content.length;
  }
  // The floor: every byte looked at once, as text.
  let started = performance.now();
  let lines = 0;
  for (const content of files) lines += content.toString("latin1").split("\n").length;
  const floor = performance.now() - started;
  for (const content of files.slice(0, 200)) await scanBytes(content);
  started = performance.now();
  let hits = 0;
  for (const content of files) hits += (await scanBytes(content)).length;
  const ms = performance.now() - started;
  const speed = `${(bytes / 1e6 / (ms / 1000)).toFixed(1)} MB/s, ${files.length} files, ${lines} lines, ${hits} hits`;
  line(`secret scan, ${(bytes / 1e6).toFixed(0)} MB of node_modules`, {
    ms,
    floor,
    floorIs: "to split it into lines",
    also: speed,
  });
}
