/**
 * A machine that systemd rules, as far as an auditor can tell: namespaces of their own, whose first process
 * is called systemd, and a `systemctl` that answers in the real one's words. None where there are no namespaces.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const STATES = {
  "shop.service": "loaded active running",
  "setup.service": "loaded active exited",
  "shop.socket": "loaded active listening",
  "stopped.service": "loaded inactive dead",
  "broken.service": "loaded failed failed",
  "crashing.service": "loaded activating auto-restart",
};

/** What starts a program there, or undefined. */
export function machineOfSystemd(folder) {
  const bin = join(folder, "systemd-bin");
  mkdirSync(bin, { recursive: true });
  const script = (path, lines) => {
    writeFileSync(path, `#!/bin/sh\n${lines.join("\n")}\n`);
    chmodSync(path, 0o755);
  };
  script(join(bin, "systemctl"), [
    'say() { echo "LoadState=$1"; echo "ActiveState=$2"; echo "SubState=$3"; exit 0; }',
    'for unit; do :; done; case "$unit" in',
    "denied.service) echo 'Failed to get properties: Access denied' >&2; exit 1;;",
    ...Object.entries(STATES).map(([unit, state]) => `${unit}) say ${state};;`),
    "*) say not-found inactive dead;;",
    "esac",
  ]);
  // The kernel calls a script by its file's name.
  script(join(bin, "systemd"), [
    "mount -t proc proc /proc && mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/system || exit 99",
    "mount -t tmpfs tmpfs /sys/fs/cgroup 2>/dev/null",
    `PATH=${bin}:$PATH "$@"`,
    "exit $?",
  ]);
  const own = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
  const start = ["unshare", ...own, "--mount", "--pid", "--fork", "--kill-child"];
  const whole = [...start, join(bin, "systemd")];
  const tried = spawnSync(whole[0], [...whole.slice(1), "true"], { stdio: "ignore" });
  return tried.status === 0 ? whole : undefined;
}
