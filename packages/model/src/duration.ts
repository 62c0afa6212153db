/** Durations as the policy writes them: `120s`, `30d`. Refuses anything else, fractions included. */

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds of a duration (`ms`, `s`, `m`, `h`, `d`), or undefined where it is none. */
export function parseDuration(text: string): number | undefined {
  const match = /^([1-9][0-9]{0,6})(ms|s|m|h|d)$/.exec(text);
  return match === null ? undefined : Number(match[1]) * UNITS[match[2] as keyof typeof UNITS];
}
