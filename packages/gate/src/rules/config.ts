/**
 * Configuration stays out of the repository: no environment file enters, and a compose file asks the
 * environment for credentials, hosts and ports. The first refuses by name, whatever is in it; the
 * second points at each value, and never shows a credential.
 */
import type { Change, Entry, Finding, RepoPath } from "@wingman/model";
import { quotePath, visible } from "@wingman/model";
import type { ComposeValue } from "../config/compose-file.ts";
import { composeFile, isComposePath } from "../config/compose-file.ts";
import { type ComposeFault, composeFaults, namesIn } from "../config/compose-judgement.ts";
import { envFileOf, isExercise, isSealed } from "../config/env-file.ts";
import { readSmall } from "../reading.ts";
import type { Rule } from "../rule.ts";

export const envFiles: Rule = {
  codes: ["config/env-file"],
  title: "no environment file enters, but examples of one",
  adoptable: true,
  // Each commit: what was in for one commit is in every clone's history.
  scopes: ["commit"],
  needs: [],
  judge: async (change) => {
    const findings: Finding[] = [];
    for (const { path, after } of change.own) {
      if (after === undefined) continue;
      const kind = envFileOf(path);
      if (kind === undefined || (kind === "sealed" && (await sealed(change, after)))) continue;
      findings.push({
        code: "config/env-file",
        severity: isExercise(path) ? "warn" : "block",
        message: `${quotePath(path)} is an environment file${kind === "sealed" ? " with values in clear" : ""}`,
        path,
        why: "what is pushed stays in history and in every clone, and the next value put there is a secret",
        help: `git rm --cached ${quotePath(path)}; list it in .gitignore; commit a .env.example with empty values instead`,
        ...(change.commit === undefined ? {} : { commit: change.commit }),
      });
    }
    return findings;
  },
};

async function sealed(change: Change, entry: Entry): Promise<boolean> {
  const bytes = await readSmall(change.after, entry);
  return bytes !== undefined && isSealed(bytes);
}

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

export const composeValues: Rule = {
  codes: [...Object.values(WORDING).map((one) => one.code), "config/unread"],
  title: "compose files ask the environment for credentials, hosts and ports",
  adoptable: true,
  scopes: ["tip"],
  needs: [],
  judge: async (change) => {
    const findings: Finding[] = [];
    for (const { path, after } of change.own) {
      if (after === undefined || !isComposePath(path)) continue;
      const bytes = await readSmall(change.after, after);
      const found =
        bytes === undefined
          ? [unreadFinding(change, path, { line: 1, column: 1, message: NO_FILE })]
          : composeFindings(change, path, bytes);
      findings.push(...found);
    }
    return findings;
  },
};

function composeFindings(change: Change, path: RepoPath, bytes: Uint8Array): Finding[] {
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
