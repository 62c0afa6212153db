/**
 * What an instruction itself claims: deliverables, success criteria and quality metrics that are typed.
 * Read from the trusted side only, and only as the run was opened on it.
 */
import type { ClaimText, Instruction, PointName, Tree } from "@wingman/model";
import { INSTRUCTIONS_DIR, parseInstruction } from "@wingman/model";

const LARGEST = 1024 * 1024;

/** The instruction of an id on a tree; undefined where there is none that can be read. */
export async function instructionIn(tree: Tree, id: string): Promise<Instruction | undefined> {
  if (!/^INS-\d{1,9}$/.test(id)) return undefined;
  for (const extension of ["md", "yaml"]) {
    const path = `${INSTRUCTIONS_DIR}/${id}.${extension}`;
    const entry = await tree.entry(path);
    if (entry === undefined || !entry.mode.startsWith("100")) continue;
    if ((await tree.size(entry)) > LARGEST) return undefined;
    const parsed = parseInstruction(path, await tree.read(entry));
    return parsed.ok ? parsed.value : undefined;
  }
  return undefined;
}

/** The claims of one point, and how many of its items only say something in words. */
export function claimsOfPoint(
  instruction: Instruction,
  name: PointName,
): { readonly claims: readonly ClaimText[]; readonly inWords: number } {
  const point = instruction.points[name];
  const items = Array.isArray(point?.value) ? (point.value as unknown[]) : [];
  const claims = items.flatMap((item) => (name === "quality_metrics" ? metric(item) : claim(item)));
  const words = items.length === 0 ? (point?.texts.length ?? 0) : items.length - claims.length;
  return { claims, inWords: words };
}

function claim(item: unknown): ClaimText[] {
  const [pair, ...more] = isMap(item) ? Object.entries(item) : [];
  if (pair === undefined || more.length > 0 || !isMap(pair[1])) return [];
  return [{ type: pair[0], args: pair[1] }];
}

/** `{name: coverage.lines, op: ">=", value: 90}` is the claim `coverage.lines`. */
function metric(item: unknown): ClaimText[] {
  if (!isMap(item) || typeof item["name"] !== "string" || !item["name"].includes(".")) return [];
  const op = item["op"] === "=" ? "==" : item["op"];
  return [{ type: item["name"], args: { op, value: item["value"] } }];
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
