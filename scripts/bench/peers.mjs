/**
 * Other hook managers with one hook that does nothing, as the cost that people bear already: lefthook
 * from PATH or, for this run only and outside the lock file, from the registry; pre-commit where it is
 * on PATH. Whoever is not to be had is left out and named.
 */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { env, newFolder } from "./worlds.mjs";

const LEFTHOOK = "lefthook@2.2.1";

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

let lefthookFile;
function fetched() {
  if (lefthookFile === undefined) {
    const folder = newFolder();
    const args = ["install", "--prefix", folder, "--no-save", "--no-audit", "--ignore-scripts"];
    // Its own environment: npm's settings are the caller's, not the bench's.
    const ran = spawnSync("npm", [...args, LEFTHOOK], { env: process.env, stdio: "ignore" });
    const binary = join(
      folder,
      `node_modules/lefthook-${process.platform}-${process.arch}/bin/lefthook`,
    );
    const works = ran.status === 0 && spawnSync(binary, ["version"], { env }).status === 0;
    lefthookFile = works ? binary : "";
  }
  return lefthookFile === "" ? undefined : lefthookFile;
}
