/**
 * An administrator who loosens the law is told so line by line, and the push record keeps it; whoever
 * may not land it is told the same beside the refusal.
 */
import { policyText } from "@wingman/testkit";
import { beforeAll, expect, test } from "vitest";
import { type Governed, governed, LOGINS } from "./governed.ts";
import { codesOf } from "./worker-world.ts";

let at: Governed;
beforeAll(async () => {
  at = await governed({ policy: { protect: [".github/**"], governed: ["main", "release/*"] } });
}, 60_000);

const LOOSER = policyText({
  revision: 2,
  mode: "warn",
  governed: ["main"],
  administrators: ["mark@acme.example", "eve@acme.example"],
  protect: [".github/**"],
});

async function proposed(branch: string) {
  await at.clone.git("checkout", "-q", "-B", branch, "origin/main");
  await at.clone.commit("Tidy up the policy", { files: { ".wingman/policy.yaml": LOOSER } });
  return async (pusher: string) => await at.clone.push(["origin", "HEAD:main"], { pusher });
}

test("a person is refused, and reviewers read what it was about", async () => {
  const push = await (await proposed("tidy"))(LOGINS.dana);
  expect(codesOf(push)).toEqual(["law/protected"]);
  expect(codesOf(push, "warning")).toEqual(["policy/looser"]);
  const lines = [...push.stderr.matchAll(/warning\[policy\/looser\]: (.*)/g)].map((one) => one[1]);
  expect(lines.join("\n")).toMatch(
    /"release\/\*" is no longer governed \(line \d+ of the policy as/,
  );
  expect(lines.join("\n")).toMatch(/mode goes from enforce to warn/);
  expect(lines.join("\n")).toMatch(/"eve@acme.example" becomes an administrator/);
});

test("an administrator lands it, told so, and the record keeps it", async () => {
  const push = await (await proposed("tidy-again"))(LOGINS.mark);
  expect(push.code).toBe(0);
  expect(codesOf(push, "warning")).toEqual(["policy/looser"]);
  const log = await at.server.git("cat-file", "blob", "wingman-ledger:log/000000.jsonl");
  const records = log
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const pushes = records.filter((one) => one["kind"] === "push");
  expect(pushes.at(-1)).toMatchObject({ outcome: "accepted", findings: { "policy/looser": 3 } });
});

test("an old policy does not come back under its number, nor loosened under its own", async () => {
  await at.clone.git("fetch", "-q", "origin");
  await at.clone.git("checkout", "-q", "-B", "same", "origin/main");
  const text = LOOSER.replace("revision: 2", "revision: 2 # tidy");
  await at.clone.commit("Comment", { files: { ".wingman/policy.yaml": `# moved\n${text}` } });
  const push = await at.clone.push(["origin", "HEAD:main"], { pusher: LOGINS.mark });
  expect(codesOf(push)).toEqual(["policy/revision"]);
});
