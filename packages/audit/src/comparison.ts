/**
 * Comparisons of numbers, exactly: decimal texts of any length, never a float. `0.1` is one tenth
 * here, and 2^53 + 1 is not 2^53.
 */

export const OPERATORS = ["==", "!=", "<", "<=", ">", ">="] as const;
export type Operator = (typeof OPERATORS)[number];

/** A decimal number as claims write it, `digits` at `scale` places behind the point. */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
  readonly text: string;
}

/**
 * Reads an integer within ±(2^53−1), a decimal text of at most 60 characters, or a fraction as YAML
 * gives it (instructions; claim records hold no fractions), which is the decimal that it prints as.
 */
export function readDecimal(value: unknown): Decimal | undefined {
  if (typeof value === "number") {
    if (Number.isSafeInteger(value)) return { digits: BigInt(value), scale: 0, text: `${value}` };
    return Number.isInteger(value) ? undefined : readDecimal(`${value}`);
  }
  if (typeof value !== "string" || value.length > 60) return undefined;
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(value);
  if (match === null) return undefined;
  const [, sign = "", whole = "", part = ""] = match;
  return { digits: BigInt(`${sign}${whole}${part}`), scale: part.length, text: value };
}

/** True where `seen op wanted`. */
export function compare(seen: Decimal, op: Operator, wanted: Decimal): boolean {
  const scale = Math.max(seen.scale, wanted.scale);
  const a = seen.digits * 10n ** BigInt(scale - seen.scale);
  const b = wanted.digits * 10n ** BigInt(scale - wanted.scale);
  switch (op) {
    case "==":
      return a === b;
    case "!=":
      return a !== b;
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    case ">=":
      return a >= b;
  }
}

/** A count as a decimal. */
export function countOf(count: number): Decimal {
  return { digits: BigInt(count), scale: 0, text: `${count}` };
}

/** True where no count of things could make the comparison fail, or none could make it hold. */
export function saysNothing(op: Operator, wanted: Decimal): boolean {
  const below = wanted.digits < 0n;
  const zero = wanted.digits === 0n;
  const whole = wanted.digits % 10n ** BigInt(wanted.scale) === 0n;
  if (op === ">=") return below || zero;
  if (op === "<") return below || zero;
  if (op === ">" || op === "<=") return below;
  return below || !whole;
}
