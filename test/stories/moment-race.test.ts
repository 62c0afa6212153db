/** A push that ends while another command is just opening the repository must not look like a cut ledger. */
import { chmodSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { temporaryFolder } from "@wingman/testkit";
import { expect, test } from "vitest";
import { governed, LOGINS } from "./governed.ts";

test("refs are listed before a push and the checkpoint is read after it: no rolled-back ledger", async () => {
  const world = await governed();
  // A git whose first answer about the repository itself is late; its list of refs is not.
  const slow = temporaryFolder();
  const script = `#!/bin/sh
case " $* " in *" rev-parse "*|*" config "*) sleep 3 ;; esac
PATH=\${PATH#*${delimiter}}; export PATH
exec git "$@"
`;
  writeFileSync(join(slow, "git"), script);
  chmodSync(join(slow, "git"), 0o755);
  const status = world.server.wingman(["status"], {
    env: { PATH: `${slow}${delimiter}${process.env["PATH"]}` },
  });
  await new Promise((wake) => setTimeout(wake, 700));
  await world.clone.git("checkout", "-q", "-b", "topic");
  await world.clone.commit("Work", { files: { "src/a.txt": "a\n" } });
  const push = await world.clone.push(["origin", "topic"], { pusher: LOGINS.dana });
  expect(`${push.code} ${push.stderr}`).toMatch(/^0 /);
  const ended = await status;
  expect(`${ended.code} ${ended.stderr}`).toMatch(/^0 /);
}, 60_000);
