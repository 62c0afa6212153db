/** What a person reads of a fault: what, why, what to do. An unexpected error shows its stack. */
import { isFault, visible } from "@wingman/model";
import { systemFault } from "./system-fault.ts";

/** The message for whatever was thrown, ending in a line feed. */
export function faultText(error: unknown): string {
  const known = isFault(error) ? error : systemFault(error);
  if (known !== undefined)
    return `wingman: ${visible(known.message)}\n  help: ${known.hint}\n  code: ${known.code} (wingman explain ${known.code})\n`;
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return (
    `wingman: this is a defect in Wingman, and nothing was let through because of it\n${stack}\n` +
    "  help: report it with the lines above; they hold no file content\n"
  );
}
