/** Who owns what lies in a working tree: never of what a link leads to. */
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@wingman/testkit";
import { expect, it } from "vitest";
import { worktreeOwner } from "../src/worktree-owner.ts";

it.skipIf(process.platform !== "linux")(
  "gives the ids, and the names that this host knows",
  async () => {
    const root = temporaryFolder();
    mkdirSync(join(root, "bin"));
    writeFileSync(join(root, "bin/run"), "");
    symlinkSync("/etc", join(root, "etc"));
    const seen = await worktreeOwner(root, "bin/run");
    expect(seen).toMatchObject({ seen: { uid: process.getuid?.(), gid: process.getgid?.() } });
    expect("seen" in seen && seen.seen.users.get("root")).toBe(0);
    expect(await worktreeOwner(root, "bin/gone")).toMatchObject({ reason: "NO_WITNESS" });
    expect(await worktreeOwner(root, "etc/passwd")).toMatchObject({ reason: "AMBIGUOUS" });
  },
);
