/** `wingman explain CODE`: what a rule, claim type, reason or fault means, with examples. */
import { CLAIM_EXPLANATIONS, CLAIM_TYPES, pastedWords } from "@wingman/audit";
import { EXPLANATIONS, RULES } from "@wingman/gate";
import { fault, REASONS } from "@wingman/model";
import { closest } from "fastest-levenshtein";
import { REASON_TEXTS } from "../explanations.ts";
import { CODES } from "../explanations-codes.ts";
import { EXIT, type Io } from "../io.ts";

/** Explains one code; without one, lists them all. */
export async function explain(code: string, io: Io): Promise<number> {
  if (code === "") {
    io.out(listing());
    return EXIT.ok;
  }
  const text =
    ruleText(code) ?? extendedText(code) ?? claimText(code) ?? reasonText(code) ?? codeText(code);
  if (text === undefined) {
    const near = closest(code, allCodes());
    return fault(`nothing is known by the code ${JSON.stringify(code)}`, {
      code: "usage/code",
      hint: `did you mean ${near}? wingman explain lists all codes`,
    });
  }
  io.out(`${text}\n`);
  return EXIT.ok;
}

function allCodes(): string[] {
  return [
    ...Object.keys(EXPLANATIONS),
    ...CLAIM_TYPES.map((row) => row.type),
    ...REASONS,
    ...Object.keys(CODES),
  ];
}

function listing(): string {
  const rules = RULES.map((rule) => `  ${rule.codes.join(", ")}\n    ${rule.title}`).join("\n");
  const types = CLAIM_TYPES.map((row) => `  ${row.type}: ${row.title}`).join("\n");
  return `Rules\n${rules}\n\nClaim types\n${types}\n\nReasons of UNVERIFIABLE\n  ${REASONS.join(", ")}\n\nFaults and other codes\n  ${Object.keys(CODES).join(", ")}\n`;
}

function ruleText(code: string): string | undefined {
  const found = Object.hasOwn(EXPLANATIONS, code) ? EXPLANATIONS[code] : undefined;
  if (found === undefined) return undefined;
  return `${code}: ${found.title}\n\n${found.why}\n\ngood:\n${indent(found.good)}\n\nbad:\n${indent(found.bad)}`;
}

/** Rows that a policy adds have codes of their own. */
function extendedText(code: string): string | undefined {
  if (!/^forbidden\/[\w-]+$/.test(code)) return undefined;
  return `${code}: an action that this repository's policy forbids\n\nSee forbidden.extend in .wingman/policy.yaml, where its reason stands.`;
}

function claimText(code: string): string | undefined {
  const row = CLAIM_TYPES.find((one) => one.type === code);
  const means = CLAIM_EXPLANATIONS[code];
  if (row === undefined || means === undefined) return undefined;
  const words = pastedWords(row.example.args);
  const args = Object.entries(row.args).map(
    ([name, { kind, required }]) =>
      `${name}${required ? "" : "?"}: ${typeof kind === "string" ? kind : kind.join(" | ")}`,
  );
  const needs = row.needs === undefined ? "tree" : row.needs;
  return [
    `${row.type}: ${row.title}\n`,
    `arguments: ${args.length === 0 ? "none" : args.join(", ")}`,
    `looks at:  ${needs}\n`,
    `TRUE:         ${means.holds}`,
    `FALSE:        ${means.contradicted}`,
    `UNVERIFIABLE: ${means.open}\n`,
    ...(/\b[SP]\b/.test(`${means.holds} ${means.contradicted} ${means.open} ${row.title}`)
      ? ["P is the commit that brought the claim, S the one before the run began.\n"]
      : []),
    `good:\n  wingman claim ${row.type}${words}\n`,
    `bad:\n  wingman claim ${means.bad}`,
  ].join("\n");
}

function reasonText(code: string): string | undefined {
  const text = Object.hasOwn(REASON_TEXTS, code)
    ? REASON_TEXTS[code as keyof typeof REASON_TEXTS]
    : undefined;
  return text === undefined ? undefined : `UNVERIFIABLE (${code}): ${text}`;
}

function codeText(code: string): string | undefined {
  const text = Object.hasOwn(CODES, code) ? CODES[code] : undefined;
  return text === undefined ? undefined : `${code}: ${text}`;
}

function indent(text: string): string {
  return text
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
}
