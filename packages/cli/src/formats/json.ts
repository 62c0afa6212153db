/** The report as JSON with a `schemaVersion`: paths that are no UTF-8 stand as `{"b64": …}`. */
import { recordPath } from "@wingman/model";
import type { Told } from "../report.ts";

/** One JSON document, ending in a newline, as `JSON.stringify` would indent it. */
export function* jsonReport(report: Told, exit: number): Generator<string> {
  yield `{\n  "schemaVersion": 1,\n  "subject": ${safe(report.subject)},\n  "exit": ${exit}`;
  yield* list("findings", located(report.findings));
  yield* list("verdicts", report.verdicts);
  yield* list("notKnown", report.notKnown);
  if (report.instructions !== undefined) yield* list("instructions", report.instructions);
  yield "\n}\n";
}

function* located(findings: Told["findings"]): Generator<object> {
  for (const finding of findings)
    yield {
      ...finding,
      ...(finding.path === undefined ? {} : { path: recordPath(finding.path) }),
    };
}

function* list(name: string, items: Iterable<unknown>): Generator<string> {
  yield `,\n  ${JSON.stringify(name)}: [`;
  let any = false;
  for (const item of items) {
    yield `${any ? "," : ""}\n    ${safe(item)}`;
    any = true;
  }
  yield any ? "\n  ]" : "]";
}

/** One value inside of the document. A line end never stands in a JSON text but between its values. */
function safe(value: unknown): string {
  const text = JSON.stringify(value, undefined, 2).replaceAll("\n", "\n    ");
  // A CI runner takes `##[` for a command of its own wherever it stands in a line.
  return text.replaceAll("##[", "##\\u005b");
}
