/** What coverage is counted in, and a share of it. */

export const METRICS = ["lines", "branches", "functions", "statements"] as const;
export type Metric = (typeof METRICS)[number];

/** So many of all. */
export interface Counted {
  readonly covered: bigint;
  readonly all: bigint;
}

/** From two numbers of a report; undefined where one is no whole number. */
export function counted(covered: unknown, all: unknown): Counted | undefined {
  if (!Number.isSafeInteger(covered) || !Number.isSafeInteger(all)) return undefined;
  if ((covered as number) < 0 || (all as number) < 0) return undefined;
  return { covered: BigInt(covered as number), all: BigInt(all as number) };
}

/** Of units that were each hit so often. */
export function countHits(hits: Iterable<number>): Counted {
  let [covered, all] = [0, 0];
  for (const count of hits) {
    all += 1;
    if (count > 0) covered += 1;
  }
  return { covered: BigInt(covered), all: BigInt(all) };
}
