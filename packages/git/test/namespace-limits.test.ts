/** The switches of a kernel that keeps namespaces to itself, as files. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { namespaceLimit } from "../src/namespace-limits.ts";

test("the first switch that forbids is told with what turns it", () => {
  const root = mkdtempSync(join(tmpdir(), "sys-"));
  try {
    expect(namespaceLimit(root)).toBeUndefined();
    for (const folder of ["kernel", "user"]) mkdirSync(join(root, folder));
    const set = (file: string, value: string): void =>
      writeFileSync(join(root, file), `${value}\n`);
    set("kernel/apparmor_restrict_unprivileged_userns", "0");
    set("user/max_user_namespaces", "63432");
    expect(namespaceLimit(root)).toBeUndefined();
    set("user/max_user_namespaces", "0");
    expect(namespaceLimit(root)).toContain("sysctl -w user.max_user_namespaces=15000");
    set("kernel/apparmor_restrict_unprivileged_userns", "1");
    expect(namespaceLimit(root)).toContain(
      "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
    );
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
