/**
 * Whether two claims say the same: one of an instruction and one of a run, in YAML and in JSON. Only
 * spellings of one value are one; a looser comparison is another claim.
 */
import { claimTypes } from "./generated/validators.mjs";
import type { ClaimText } from "./policy.ts";

/** True for the same type and arguments: `0.5` is `"0.5"`, and `./a//b` is `a/b` where a path stands. */
export function sameClaim(a: ClaimText, b: ClaimText): boolean {
  return a.type === b.type && plainArgs(a) === plainArgs(b);
}

interface KindSchema {
  readonly $ref?: string;
  readonly items?: KindSchema;
}

function plainArgs({ type, args }: ClaimText): string {
  const { properties } = claimTypes.schema as {
    properties: Readonly<Record<string, { readonly properties: Record<string, KindSchema> }>>;
  };
  const kinds = Object.hasOwn(properties, type) ? properties[type]?.properties : undefined;
  const said = Object.entries(args).map(([key, value]) => {
    const kind = kinds !== undefined && Object.hasOwn(kinds, key) ? kinds[key] : undefined;
    const isPath = kind?.$ref !== undefined || kind?.items?.$ref !== undefined;
    return [key, isPath ? withoutDots(value) : value] as const;
  });
  return plain(Object.fromEntries(said));
}

/** As the auditor reads a path: empty steps and `.` lead nowhere. A trailing slash asks for a folder. */
function withoutDots(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDots);
  if (typeof value !== "string") return value;
  const parts = value.split("/").filter((part, at) => part !== "." && (part !== "" || at === 0));
  return `${parts.join("/")}${/\/\.?$/.test(value) ? "/" : ""}`;
}

function plain(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(plain).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(String(value));
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${plain(one)}`).join(",")}}`;
}
