/**
 * Whether a version is in a range, by the rules of its ecosystem. What no rule here reads is undefined:
 * never a guess.
 */
import type { Ecosystem } from "./ecosystem.ts";

export async function isInRange(
  ecosystem: Ecosystem,
  version: string,
  range: string,
): Promise<boolean | undefined> {
  const said = range.trim();
  if (said === "*" || said === "") return true;
  if (ecosystem === "python") return pythonRange(version, said);
  const { default: semver } = await import("semver");
  const plain = ecosystem === "go" ? version.replace(/^v/, "") : version;
  if (semver.valid(plain) === null) return undefined;
  const text = semverText(ecosystem, said);
  if (semver.validRange(text) === null) return undefined;
  return semver.satisfies(plain, text);
}

/** Cargo reads a bare version as ^; its comma is npm's space. */
function semverText(ecosystem: Ecosystem, range: string): string {
  if (ecosystem === "go") return range.replaceAll(/\bv(?=\d)/g, "");
  if (ecosystem !== "cargo") return range;
  return range
    .split(",")
    .map((one) => (/^\d/.test(one.trim()) ? `^${one.trim()}` : one.trim()))
    .join(" ");
}

/** True where two texts are one range: `^2.9` and `^2.9.0`, `<3,>=2` and `>=2.0, <3`. False says nothing. */
export async function isSameRange(ecosystem: Ecosystem, a: string, b: string): Promise<boolean> {
  if (ecosystem === "python") return pythonText(a) === pythonText(b);
  if (ecosystem === "go") return a === b;
  const { default: semver } = await import("semver");
  const [one, other] = [a, b].map((text) => semver.validRange(semverText(ecosystem, text.trim())));
  return one !== null && one !== undefined && one === other;
}

/** Parts in one order, without blanks and without the zeros that PEP 440 adds. */
function pythonText(range: string): string {
  const parts = range.replaceAll(/[\s()]+/g, "").split(",");
  return parts
    .map((part) => (part.startsWith("~=") ? part : part.replace(/(?:\.0)+$/, "")))
    .sort()
    .join(",");
}

/** PEP 440 on plain release numbers; anything else (pre-releases, epochs, ===) is undefined. */
function pythonRange(version: string, range: string): boolean | undefined {
  const seen = release(version);
  if (seen === undefined) return undefined;
  let all = true;
  for (const part of range.split(",")) {
    const match = /^\s*(==|!=|>=|<=|>|<|~=|\^|~|)\s*([\d.]+)(\.\*)?\s*$/.exec(part);
    const wanted = match?.[2] === undefined ? undefined : release(match[2]);
    if (match === null || wanted === undefined) return undefined;
    const [, op = "", , star] = match;
    const order = compareReleases(seen, star === undefined ? wanted : wanted, star !== undefined);
    all &&= holds(op, order, seen, wanted);
  }
  return all;
}

function holds(
  op: string,
  order: number,
  seen: readonly number[],
  wanted: readonly number[],
): boolean {
  switch (op) {
    case "!=":
      return order !== 0;
    case ">=":
      return order >= 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case "<":
      return order < 0;
    case "~=":
      return order >= 0 && compareReleases(seen, wanted.slice(0, -1), true) === 0;
    // Poetry's tilde: `~1.2` and `~1.2.3` are below 1.3.
    case "~":
      return order >= 0 && compareReleases(seen, wanted.slice(0, 2), true) === 0;
    case "^": {
      // Poetry's caret: up to the next number of the first one that is not zero.
      const fixed = wanted.findIndex((one) => one > 0);
      return (
        order >= 0 && compareReleases(seen, wanted.slice(0, Math.max(0, fixed) + 1), true) === 0
      );
    }
    default:
      return order === 0;
  }
}

function release(text: string): number[] | undefined {
  if (!/^v?\d{1,9}(?:\.\d{1,9}){0,5}$/.test(text)) return undefined;
  return text.replace(/^v/, "").split(".").map(Number);
}

/** `prefix`: only as many numbers as `b` has are compared. */
function compareReleases(a: readonly number[], b: readonly number[], prefix = false): number {
  const length = prefix ? b.length : Math.max(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const order = (a[at] ?? 0) - (b[at] ?? 0);
    if (order !== 0) return Math.sign(order);
  }
  return 0;
}
