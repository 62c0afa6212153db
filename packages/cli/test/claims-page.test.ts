/** docs/CLAIMS.md lists every type and reason as the tables of the code have them. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CLAIM_EXPLANATIONS, CLAIM_TYPES } from "@wingman/audit";
import { REASONS } from "@wingman/model";
import { expect, test } from "vitest";
import { REASON_TEXTS } from "../src/explanations.ts";

/** Families in the order of the page, each with its types' first words. */
const FAMILIES: Readonly<Record<string, readonly string[]>> = {
  Files: ["file"],
  Data: ["data"],
  Symbols: ["symbol"],
  "Tests, builds, linters, coverage": ["test", "suite", "build", "lint", "types", "coverage"],
  Commands: ["cmd"],
  Git: ["git"],
  Hosts: ["proc", "port", "http", "dns", "tls", "svc"],
  "Containers and images": ["ctr", "img"],
  "Packages and lock files": ["pkg", "dep", "lock"],
  "CI and forges": ["ci", "gh"],
  "The whole": ["secret", "instr", "diff"],
};

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");

function page(): string {
  const reasons = REASONS.map((reason) => `| ${reason} | ${cell(REASON_TEXTS[reason])} |`);
  const families = Object.entries(FAMILIES).map(([title, first]) => {
    const rows = CLAIM_TYPES.filter(({ type }) => first.includes(type.split(".", 1)[0] ?? ""));
    const lines = rows.map((row) => {
      const means = CLAIM_EXPLANATIONS[row.type];
      const args = Object.entries(row.args).map(([name, { required }]) =>
        required ? `\`${name}\`` : `\`${name}?\``,
      );
      const cells = [means?.holds, means?.contradicted, means?.open].map((one) => cell(one ?? ""));
      return `| \`${row.type}\` ${args.join(" ")} | ${cells.join(" | ")} |`;
    });
    return `### ${title}\n\n| type and arguments | TRUE | FALSE | UNVERIFIABLE |\n|---|---|---|---|\n${lines.join("\n")}\n`;
  });
  return `## Reasons of UNVERIFIABLE\n\n| reason | when |\n|---|---|\n${reasons.join("\n")}\n\n## Types\n\n\`?\` marks an argument that may be left out.\n\n${families.join("\n")}`;
}

test("every type has a family on the page", () => {
  const named = Object.values(FAMILIES).flat();
  const types = CLAIM_TYPES.map(({ type }) => type.split(".", 1)[0] ?? "");
  expect([...new Set(types)].filter((first) => !named.includes(first))).toEqual([]);
});

test("docs/CLAIMS.md says what the tables say", () => {
  const path = fileURLToPath(new URL("../../../docs/CLAIMS.md", import.meta.url));
  const made = page();
  if (process.env["WINGMAN_ACCEPT"] === "1") {
    const [start = ""] = readFileSync(path, "utf8").split("<!-- table -->");
    writeFileSync(path, `${start}<!-- table -->\n\n${made}`);
  }
  expect(readFileSync(path, "utf8"), "WINGMAN_ACCEPT=1 writes it anew").toContain(made);
});
