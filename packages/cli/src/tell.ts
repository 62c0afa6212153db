/** Says a report in the format that was asked for, to standard output or a file. */
import type { Policy } from "@wingman/model";
import { formatReport } from "./formats/formats.ts";
import type { Io } from "./io.ts";
import { exitOf, type Report } from "./report.ts";
import { writeWhole } from "./whole-file.ts";

export interface TellOptions {
  readonly format?: string;
  readonly output?: string;
  readonly allFindings?: boolean;
}

/** Writes the report and gives its exit code. */
export async function tell(
  io: Io,
  report: Report,
  options: TellOptions,
  policy: Policy,
): Promise<number> {
  const text = formatReport(options.format ?? "text", report, {
    colour: io.colour && options.output === undefined,
    all: options.allFindings ?? false,
    policy,
  });
  if (options.output === undefined) io.out(text);
  else await writeWhole(options.output, text);
  return exitOf(report, policy);
}
