/** Go's cover profile: blocks of statements. It tells statements only; lines would be a guess. */
import type { Counted, Metric } from "./coverage-share.ts";

const BLOCK = /^(.{1,2000}:\d{1,9}\.\d{1,9},\d{1,9}\.\d{1,9}) (\d{1,9}) (\d{1,15})$/;

/** Undefined where a line is none of its own: cut off, or written into. */
export function goShare(text: string, metric: Metric): Counted | undefined {
  if (metric !== "statements") return undefined;
  // With `-coverpkg` each package's tests tell of all blocks.
  const blocks = new Map<string, { readonly size: bigint; hit: boolean }>();
  for (const raw of text.split("\n")) {
    const line = raw.trimEnd();
    if (line === "" || line.startsWith("mode: ")) continue;
    const [, key, size, hits] = BLOCK.exec(line) ?? [];
    if (key === undefined || size === undefined) return undefined;
    const known = blocks.get(key) ?? { size: BigInt(size), hit: false };
    known.hit ||= Number(hits) > 0;
    blocks.set(key, known);
  }
  let [covered, all] = [0n, 0n];
  for (const { size, hit } of blocks.values()) {
    all += size;
    if (hit) covered += size;
  }
  return { covered, all };
}
