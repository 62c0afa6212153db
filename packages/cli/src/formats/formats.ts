/**
 * The table of formats. Each turns a report into pieces of text, so that one of any length is written
 * as it is made; none of them prints.
 */

import type { Policy } from "@wingman/model";
import { fault } from "@wingman/model";
import { exitOf, type Told } from "../report.ts";
import { VERSION } from "../version.ts";
import { githubReport } from "./github.ts";
import { jsonReport } from "./json.ts";
import { junitReport } from "./junit.ts";
import { markdownReport } from "./markdown.ts";
import { sarifReport } from "./sarif.ts";
import { textReport } from "./text.ts";

export interface FormatOptions {
  readonly colour: boolean;
  readonly all: boolean;
  readonly policy: Policy;
}

type Format = (report: Told, options: FormatOptions) => Iterable<string>;

const FORMATS: Readonly<Record<string, Format>> = {
  text: (report, options) => textReport(report, options),
  json: (report, options) => jsonReport(report, exitOf(report, options.policy)),
  sarif: (report) => sarifReport(report, VERSION),
  github: (report) => githubReport(report),
  junit: (report) => junitReport(report),
  markdown: (report) => markdownReport(report),
};

/** The report in a named format. Faults on a name that is none. */
export function formatReport(name: string, report: Told, options: FormatOptions): string {
  return [...formatPieces(name, report, options)].join("");
}

/** The same, piece by piece. */
export function formatPieces(name: string, report: Told, options: FormatOptions): Iterable<string> {
  const format = Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
  if (format === undefined)
    return fault(`there is no format ${JSON.stringify(name)}`, {
      code: "usage/format",
      hint: `one of: ${Object.keys(FORMATS).join(", ")}`,
    });
  return format(report, options);
}
