/** The instruction that a run is held to: read from the trusted side only, whole, and never through a link. */
import type { Instruction, Tree } from "@wingman/model";
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
