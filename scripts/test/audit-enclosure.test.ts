/** Jobs that run what claims name: the kernel's switch is turned before anything is fetched, or it is said why not. */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { parse } from "yaml";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "switch-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Step {
  readonly name?: string;
  readonly run?: string;
}

function firstStep(file: string): Step {
  const read = parse(readFileSync(join(root, file), "utf8"));
  const steps: readonly Step[] = read.runs?.steps ?? Object.values(read.jobs as object)[0].steps;
  return steps[0] ?? {};
}

const FILES = ["audit", "watch", "ci"].map((name) => `.github/workflows/${name}.yml`);

/** `value`: what the kernel says; undefined where it has no such switch. `sudo`: whether it is allowed. */
function ran(script: string, where: string, value: string | undefined, sudo: boolean): string {
  const said = value === undefined ? "exit 1" : `echo ${value}`;
  const tools = {
    sysctl: `[ "$1" = -n ] || exit 9; ${said}`,
    sudo: sudo ? 'echo "did: $*"' : "exit 1",
  };
  for (const [name, text] of Object.entries(tools)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  const env = { PATH: `${folder}:${process.env["PATH"]}`, RUNNER_ENVIRONMENT: where };
  return execFileSync("bash", ["-eo", "pipefail", "-c", script], { env, encoding: "utf8" });
}

describe.runIf(process.platform === "linux").each([...FILES, "action.yml"])("%s", (file) => {
  const { run = "" } = firstStep(file);

  test("turns it on a machine that is thrown away, and only there", () => {
    const did = "did: -n sysctl -q -w kernel.apparmor_restrict_unprivileged_userns=0\n";
    expect(ran(run, "github-hosted", "1", true)).toBe(did);
    expect(ran(run, "self-hosted", "1", true)).toMatch(/^::notice .*PERMISSION/);
    expect(ran(run, "github-hosted", "1", false)).toMatch(/^::notice .*PERMISSION/);
    expect(ran(run, "github-hosted", "0", true)).toBe("");
    expect(ran(run, "github-hosted", undefined, true)).toBe("");
  });
});
