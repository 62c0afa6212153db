/** The instructions that tests start from, read from their case folders. */
import { readFileSync } from "node:fs";
import type { Instruction } from "../src/instruction.ts";
import { parseInstruction } from "../src/instruction-file.ts";
import type { Parsed } from "../src/problem.ts";

export const PATH = ".wingman/instructions/INS-0007.md";
export const GOOD = sample("ok.typed");
export const TEXT = sample("ok.text");

export function bytes(text: string): Uint8Array {
  return Buffer.from(text, "utf8");
}

export function read(text: string | Uint8Array, name = "INS-0007.md"): Parsed<Instruction> {
  return parseInstruction(
    `.wingman/instructions/${name}`,
    typeof text === "string" ? bytes(text) : text,
  );
}

/** The instruction, or an error that lists what is wrong with it. */
export function good(text: string, name?: string): Instruction {
  const parsed = read(text, name);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems, null, 1));
  return parsed.value;
}

export function codes(text: string | Uint8Array, name?: string): string[] {
  const parsed = read(text, name);
  return parsed.ok ? [] : parsed.problems.map((one) => one.code);
}

function sample(folder: string): string {
  return readFileSync(
    new URL(`./instruction-cases/${folder}/INS-0007.md`, import.meta.url),
    "utf8",
  );
}
