/** Findings as SARIF 2.1.0 with stable fingerprints, for code scanning and editors. */
import { type Finding, pathToBytes, sha256Hex, visible } from "@wingman/model";
import type { Told } from "../report.ts";

/** One SARIF log with one run. */
export function* sarifReport(report: Told, version: string): Generator<string> {
  const found = new Set<string>();
  for (const one of report.findings) found.add(one.code);
  const codes = [...found].sort();
  const rules = codes.map((id) => ({ id, shortDescription: { text: id } }));
  const driver = { name: "wingman", semanticVersion: version, rules };
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [{ tool: { driver }, results: [] }],
  };
  // Results are the last thing in the log: they stand where its empty list was.
  const [head = "", tail = ""] = JSON.stringify(log, undefined, 2).split(
    /(?<="results": \[)\](?=\n {4}\}\n {2}\]\n\}$)/,
  );
  yield head;
  let any = false;
  for (const finding of report.findings) {
    const text = JSON.stringify(result(finding, codes), undefined, 2);
    yield `${any ? "," : ""}\n        ${text.replaceAll("\n", "\n        ")}`;
    any = true;
  }
  yield `${any ? "\n      ]" : "]"}${tail}\n`;
}

function result(finding: Finding, codes: readonly string[]): object {
  const help =
    finding.help === undefined ? "" : `\nhelp: ${finding.help.split("\n").map(visible).join("\n")}`;
  const print = sha256Hex(`${finding.code}\0${finding.path ?? ""}\0${finding.message}`).slice(
    0,
    32,
  );
  return {
    ruleId: finding.code,
    ruleIndex: codes.indexOf(finding.code),
    level: finding.severity === "block" ? "error" : "warning",
    message: { text: visible(finding.message) + help },
    partialFingerprints: { "wingman/v1": print },
    ...(finding.path === undefined ? {} : { locations: [{ physicalLocation: location(finding) }] }),
  };
}

function location(finding: Finding): object {
  // A URI: every byte but the plain ones in percent form, so no name can leave its place.
  const uri = [...pathToBytes(finding.path ?? "")]
    .map((byte) => {
      const char = String.fromCharCode(byte);
      return /[A-Za-z0-9._~/-]/.test(char)
        ? char
        : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    })
    .join("");
  const region =
    finding.line === undefined
      ? {}
      : {
          region: {
            startLine: finding.line,
            ...(finding.column === undefined ? {} : { startColumn: finding.column }),
          },
        };
  return { artifactLocation: { uri }, ...region };
}
