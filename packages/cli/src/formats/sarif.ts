/** Findings as SARIF 2.1.0 with stable fingerprints, for code scanning and editors. */
import { type Finding, pathToBytes, sha256Hex, visible } from "@wingman/model";
import type { Report } from "../report.ts";

/** One SARIF log with one run. */
export function sarifReport(report: Report, version: string): string {
  const codes = [...new Set(report.findings.map((one) => one.code))].sort();
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "wingman",
            semanticVersion: version,
            rules: codes.map((id) => ({ id, shortDescription: { text: id } })),
          },
        },
        results: report.findings.map((finding) => result(finding, codes)),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
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
