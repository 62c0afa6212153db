/** Why the kernel gives a user no namespaces, in words that its administrator can act on. */
import { readFileSync } from "node:fs";

/** Switches of Linux, what they say where they forbid, and what to do. */
const LIMITS = [
  [
    "kernel/apparmor_restrict_unprivileged_userns",
    "1",
    "0",
    "AppArmor keeps them from whoever is not root",
  ],
  ["kernel/unprivileged_userns_clone", "0", "1", "the kernel keeps them from whoever is not root"],
  ["user/max_user_namespaces", "0", "15000", "the kernel gives none to anybody"],
] as const;

/** The first switch that forbids, or undefined. `root` is /proc/sys but in tests. */
export function namespaceLimit(root = "/proc/sys"): string | undefined {
  for (const [file, forbids, allows, why] of LIMITS) {
    let value: string | undefined;
    try {
      value = readFileSync(`${root}/${file}`, "latin1").trim();
    } catch {
      // This kernel has no such switch.
    }
    if (value === forbids)
      return `${why} (sysctl -w ${file.replaceAll("/", ".")}=${allows} gives them back)`;
  }
  return undefined;
}
