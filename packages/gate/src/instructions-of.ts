/** The instructions that a change brings or alters, read from what it would bring; broken ones are left out. */
import type { Change, Instruction } from "@wingman/model";
import { INSTRUCTIONS_DIR } from "@wingman/model";
import { instructionAt } from "./reading.ts";

/** Every instruction among the change's own paths that can be read; rules about formats tell the rest. */
export async function instructionsBrought(change: Change): Promise<Instruction[]> {
  const found: Instruction[] = [];
  for (const { path, after } of change.own) {
    if (after === undefined || !path.startsWith(`${INSTRUCTIONS_DIR}/`)) continue;
    if (path.slice(INSTRUCTIONS_DIR.length + 1).includes("/")) continue;
    const parsed = await instructionAt(change.after, after);
    if (parsed.ok) found.push(parsed.value);
  }
  return found;
}
