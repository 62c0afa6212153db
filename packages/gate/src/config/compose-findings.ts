/**
 * What a compose file writes out, in words. Apart from the rule: a hook loads none of it before such a
 * file changes. It never shows a credential.
 */
import type { Change, Finding, RepoPath } from "@wingman/model";
import { quotePath, visible } from "@wingman/model";
import type { ComposeValue } from "./compose-file.ts";
import { composeFile } from "./compose-file.ts";
import { type ComposeFault, composeFaults, namesIn } from "./compose-judgement.ts";

interface Wording {
  readonly code: string;
  readonly severity: Finding["severity"];
  readonly message: (name: string) => string;
  readonly why: string;
  readonly help: (name: string) => string;
}

const KEPT =
  "the file goes to every clone; where it runs, and with what keys, is for each place to say";

const WORDING: Readonly<Record<ComposeFault, Wording>> = {
  credential: {
    code: "config/credential",
    severity: "block",
    message: (name) => `${name} is a credential, and its value is written out`,
    why: KEPT,
    help: (name) =>
      `${variableOf(name, "PASSWORD")} in its place, and the value in the environment`,
  },
  "weak-credential": {
    code: "config/weak-credential",
    severity: "warn",
    message: (name) => `${name} has a value that everybody can read here`,
    why: "a password that stands in a file protects nothing, and such a file is copied to servers",
    help: (name) => variableOf(name, "PASSWORD").replace("}", ":?set it in the environment}"),
  },
  host: {
    code: "config/host",
    severity: "warn",
    message: (name) => `${name} names a host that this file does not bring`,
    why: KEPT,
    help: (name) => variableOf(name, "HOST"),
  },
  port: {
    code: "config/port",
    severity: "warn",
    message: () => "a published port is written out",
    why: "two copies of the project on one machine would fight for it",
    help: () => '"${PORT:-8080}:8080"',
  },
};

/** The findings of one compose file; `bytes` are absent where it is nothing that can be read. */
export function composeFindings(
  change: Change,
  path: RepoPath,
  bytes: Uint8Array | undefined,
): Finding[] {
  if (bytes === undefined)
    return [unreadFinding(change, path, { line: 1, column: 1, message: NO_FILE })];
  const { values, unread } = composeFile(bytes);
  const lines = Buffer.from(bytes)
    .toString("utf8")
    .split(/\r\n|\n|\r/);
  const ref = change.ref === undefined ? {} : { ref: change.ref.name };
  const names = namesIn(values);
  const findings = values.flatMap((value) =>
    composeFaults(value, names).map((fault) => finding(fault, value, path, lines, ref)),
  );
  if (unread !== undefined) findings.push(unreadFinding(change, path, unread));
  return findings;
}

const NO_FILE = "it is a link, a submodule or larger than 5 MiB";

function unreadFinding(
  change: Change,
  path: RepoPath,
  { line, column, message }: { line: number; column: number; message: string },
): Finding {
  return {
    code: "config/unread",
    severity: "warn",
    message: `${quotePath(path)} could not be read as YAML: ${message}`,
    path,
    line,
    column,
    why: "what no parser reads whole, nobody has checked whole",
    help: 'quote variables inside of braces: {DB_PASS: "${DB_PASS}"}',
    ...(change.ref === undefined ? {} : { ref: change.ref.name }),
  };
}

function finding(
  fault: ComposeFault,
  value: ComposeValue,
  path: RepoPath,
  lines: readonly string[],
  ref: { readonly ref?: string },
): Finding {
  const { code, severity, message, why, help } = WORDING[fault];
  const name = value.key === "" ? "a value" : visible(value.key);
  // A frame would show the credential.
  const shown = fault === "host" || fault === "port" ? lines[value.line - 1] : undefined;
  return {
    code,
    severity,
    message: message(name),
    path,
    line: value.line,
    column: value.column,
    why,
    help: help(name),
    ...(shown === undefined ? {} : { frame: visible(shown.slice(0, 200)) }),
    ...ref,
  };
}

function variableOf(name: string, otherwise: string): string {
  const upper = name.toUpperCase().replace(/[^A-Z0-9]+/g, "_");
  return `\${${/^[A-Z]\w*$/.test(upper) && name !== "a value" ? upper : otherwise}}`;
}
