/**
 * Other tools: hook managers with one hook that does nothing, as the cost that people bear already, and
 * scanners. lefthook and secretlint from PATH or, for this run only and outside the lock file, from the
 * registry; pre-commit and gitleaks where they are on PATH. Whoever is not to be had is named.
 */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { env, newFolder } from "./worlds.mjs";

const LEFTHOOK = "lefthook@2.2.1";
const SECRETLINT = ["secretlint@11.7.1", "@secretlint/secretlint-rule-preset-recommend@11.7.1"];

/** Each peer's name and the command that it runs before a commit, set up in this clone. */
export function peersIn(clone) {
  const peers = {};
  const lefthook = onPath("lefthook") ?? fetched();
  if (lefthook !== undefined) {
    const config = "pre-commit:\n  commands:\n    nothing: {run: 'true'}\n";
    writeFileSync(join(clone, "lefthook.yml"), config);
    peers.lefthook = [lefthook, ["run", "pre-commit"]];
  }
  const preCommit = onPath("pre-commit");
  if (preCommit !== undefined) {
    const hook = "{id: nothing, name: nothing, entry: 'true', language: system, always_run: true}";
    const config = `repos:\n- repo: local\n  hooks: [${hook}]\n`;
    writeFileSync(join(clone, ".pre-commit-config.yaml"), config);
    peers["pre-commit"] = [preCommit, ["run", "-q"]];
  }
  for (const name of ["lefthook", "pre-commit"])
    if (peers[name] === undefined) console.log(`(${name} is not to be had here)`);
  return peers;
}

function onPath(name) {
  const found = spawnSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" });
  return found.status === 0 ? found.stdout.trim() : undefined;
}

/** Scanners as commands over a folder, and gitleaks over a history; each with the codes that are answers. */
export function scannersIn() {
  const scanners = { tree: {}, history: {} };
  const secretlint = installed(SECRETLINT, "node_modules/.bin/secretlint", "--version");
  if (secretlint === undefined) console.log("(secretlint is not to be had here)");
  else {
    const rules = join(secretlint.folder, "rules.json");
    writeFileSync(rules, '{"rules": [{"id": "@secretlint/secretlint-rule-preset-recommend"}]}');
    const options = ["--secretlintrc", rules, "--maskSecrets"];
    scanners.tree.secretlint = (folder) => [
      secretlint.binary,
      [...options, "**/*"],
      { cwd: folder },
    ];
  }
  const gitleaks = onPath("gitleaks");
  if (gitleaks === undefined) console.log("(gitleaks is not to be had here)");
  else {
    scanners.tree.gitleaks = (cwd) => [gitleaks, ["dir", "--no-banner", "."], { cwd }];
    scanners.history.gitleaks = (cwd) => [gitleaks, ["git", "--no-banner", "."], { cwd }];
  }
  return scanners;
}

/** A program of a package, fetched for this run only and outside the lock file; undefined without one. */
function installed(packages, path, ask) {
  const folder = newFolder();
  const args = ["install", "--prefix", folder, "--no-save", "--no-audit", "--ignore-scripts"];
  // Its own environment: npm's settings are the caller's, not the bench's.
  const ran = spawnSync("npm", [...args, ...packages], { env: process.env, stdio: "ignore" });
  const binary = join(folder, path);
  const works = ran.status === 0 && spawnSync(binary, [ask], { env }).status === 0;
  return works ? { binary, folder } : undefined;
}

let lefthookFile;
function fetched() {
  if (lefthookFile === undefined) {
    const path = `node_modules/lefthook-${process.platform}-${process.arch}/bin/lefthook`;
    const binary = installed([LEFTHOOK], path, "version")?.binary;
    lefthookFile = binary ?? "";
  }
  return lefthookFile === "" ? undefined : lefthookFile;
}
