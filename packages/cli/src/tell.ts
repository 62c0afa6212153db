/** Says a report in the format that was asked for, to standard output or a file. */
import type { Policy } from "@wingman/model";
import { formatPieces } from "./formats/formats.ts";
import type { Io } from "./io.ts";
import { exitOf, type Told } from "./report.ts";
import { writeWhole } from "./whole-file.ts";

export interface TellOptions {
  readonly format?: string;
  readonly output?: string;
  readonly allFindings?: boolean;
}

/** Writes the report and gives its exit code. */
export async function tell(
  io: Io,
  report: Told,
  options: TellOptions,
  policy: Policy,
): Promise<number> {
  const pieces = formatPieces(options.format ?? "text", report, {
    colour: io.colour && options.output === undefined,
    all: options.allFindings ?? false,
    policy,
  });
  if (options.output === undefined) for (const block of blocks(pieces)) io.out(block);
  else await writeWhole(options.output, blocks(pieces));
  return exitOf(report, policy);
}

/** Written at once, in characters: a report of any length is never whole in memory. */
const BLOCK = 1 << 16;

function* blocks(pieces: Iterable<string>): Generator<string> {
  let held = "";
  for (const piece of pieces) {
    held += piece;
    if (held.length < BLOCK) continue;
    yield held;
    held = "";
  }
  if (held !== "") yield held;
}
