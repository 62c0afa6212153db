/**
 * `pkg.installed`, `dep.version`, `dep.unchanged`, `lock.insync`: what the tree's own manifests and lock
 * files say. No registry is asked and nothing is installed.
 */
import type { ArgumentKinds } from "../arguments.ts";
import type { ClaimType } from "../claim-type.ts";
import { unbuilt } from "./unbuilt.ts";

const ECOSYSTEM = {
  ecosystem: { kind: ["npm", "python", "go", "cargo"] },
  folder: { kind: "path" },
} as const;

export const packageTypes: readonly ClaimType[] = [
  row(
    "pkg.installed",
    "the lock file holds this package (in this range)",
    { ecosystem: "npm", name: "yaml", range: ">=2" },
    {
      ...ECOSYSTEM,
      name: { kind: "text", required: true },
      range: { kind: "text" },
    },
  ),
  row(
    "pkg.absent",
    "the lock file holds no such package",
    { ecosystem: "npm", name: "left-pad" },
    {
      ...ECOSYSTEM,
      name: { kind: "text", required: true },
    },
  ),
  row(
    "dep.version",
    "a manifest asks for this package in this version or range",
    { ecosystem: "npm", name: "yaml", version: "2.9.1" },
    {
      ...ECOSYSTEM,
      name: { kind: "text", required: true },
      version: { kind: "text", required: true },
    },
  ),
  row(
    "dep.unchanged",
    "this run added, removed and changed no dependency",
    {},
    {
      ...ECOSYSTEM,
    },
  ),
  row(
    "lock.insync",
    "the lock file answers all that the manifest asks for",
    { ecosystem: "npm" },
    ECOSYSTEM,
  ),
];

function row(
  type: string,
  title: string,
  args: ClaimType["example"]["args"],
  kinds: ArgumentKinds,
): ClaimType {
  return unbuilt({ type, title, example: { type, args }, args: kinds, witness: "git" });
}
