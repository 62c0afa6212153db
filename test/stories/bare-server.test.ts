/**
 * docs/guides/bare-server.md, with its own script: a forced command says who pushes, and takes nothing
 * but git. In sshd's place stands a script that hands over what sshd would.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "@wingman/testkit";
import { expect, test, vi } from "vitest";
import { governed, LOGINS } from "./governed.ts";

// Many processes each: a busy machine takes its time, and nothing here is about time.
vi.setConfig({ testTimeout: 120_000 });

const GUIDE = fileURLToPath(new URL("../../docs/guides/bare-server.md", import.meta.url));

/** The environment of a client whose key has this login. What it sets itself must not count. */
function sshAs(folder: string, login: string) {
  const ssh = join(folder, `ssh-${login.replace(/\W/g, "-")}`);
  // git hands over host and command; sshd sets the command and runs the key's own instead.
  writeFileSync(
    ssh,
    `#!/bin/sh\nSSH_ORIGINAL_COMMAND=$2\nexport SSH_ORIGINAL_COMMAND\nexec ${join(folder, "serve")} ${login}\n`,
    { mode: 0o755 },
  );
  return { GIT_SSH_COMMAND: ssh, GIT_SSH_VARIANT: "simple", WINGMAN_PUSHER: LOGINS.mark };
}

function serveFolder(): string {
  const folder = temporaryFolder();
  const script = /```sh\n(#!\/bin\/sh\n# serve LOGIN[^]*?)```/.exec(
    readFileSync(GUIDE, "utf8"),
  )?.[1];
  if (script === undefined) throw new Error("the guide shows no serve script");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "serve"), script, { mode: 0o755 });
  return folder;
}

test("a key's login decides who pushes, and nothing that the client says", async () => {
  const { clone, server } = await governed({ policy: { identity: { unattributed: "refused" } } });
  await clone.git("remote", "set-url", "origin", `ssh://server${server.folder}`);
  const folder = serveFolder();
  const push = async (login: string, ...args: string[]) =>
    await clone.tryGit(["push", "-q", "--no-verify", ...args, "origin", "HEAD:main"], {
      env: sshAs(folder, login),
    });
  const policy = clone.read(".wingman/policy.yaml");
  await clone.commit("Weaken the law", {
    files: { ".wingman/policy.yaml": policy.replace(/^revision: \d+/m, "revision: 9") },
  });
  const asAlice = await push(LOGINS.alice);
  expect(asAlice.code).not.toBe(0);
  expect(asAlice.stderr).toContain("law/protected");
  const past = await push(
    LOGINS.alice,
    "--receive-pack=git -c core.hooksPath=/dev/null receive-pack",
  );
  expect(past.code).not.toBe(0);
  expect(past.stderr).toContain("unrecognized command");
  expect(await server.git("log", "-1", "--format=%s", "main")).toBe("Adopt Wingman");
  const asMark = await push(LOGINS.mark);
  expect(asMark.stderr).toBe("");
  expect(asMark.code).toBe(0);
});
