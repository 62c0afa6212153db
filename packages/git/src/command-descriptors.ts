/**
 * Descriptors that this process was handed by its caller and would hand on: a lock, a pipe of a hook, a key
 * that somebody opened for it. Node shuts its own; these it does not know of. Linux only.
 */
import { openSync, readdirSync, readFileSync } from "node:fs";

/** O_CLOEXEC in /proc's octal flags. */
const CLOSES = 0o2000000;
let nothing: number | undefined;

/** Their numbers in order, from 3 on, and an empty file to put in their place. */
export function descriptorsLeft(): { readonly leaked: readonly number[]; readonly empty: number } {
  nothing ??= openSync("/dev/null", "r");
  return { leaked: inherited(), empty: nothing };
}

function inherited(): readonly number[] {
  try {
    return readdirSync("/proc/self/fdinfo")
      .map(Number)
      .filter((one) => one > 2 && handsOn(one))
      .sort((a, b) => a - b);
  } catch {
    return [];
  }
}

function handsOn(descriptor: number): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)$/m.exec(
      readFileSync(`/proc/self/fdinfo/${descriptor}`, "latin1"),
    );
    return flags !== null && (Number.parseInt(flags[1] ?? "", 8) & CLOSES) === 0;
  } catch {
    return false;
  }
}
