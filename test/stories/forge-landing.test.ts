/**
 * What GitHub makes of a judged head (squash in a merge queue, a web merge, a rebase) is judged on that
 * head: honest work is neither refused nor accused for what the forge wrote, and what was put beside it
 * lands not.
 */
import { generateKeyPairSync } from "node:crypto";
import { alice, instructionText, withKey } from "@wingman/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { type Forge, forge, pushed, runStep } from "./github-runner.ts";
import { writeRun } from "./worker-world.ts";

const PATIENCE = 60_000;
const worker = withKey(alice);
const on = instructionText();
const OLD = "# Rotation\n\nEvery 90 days.\n\n\n\n\n## Rolling back\n\nRevert it.\n";
const NEW = OLD.replace("90", "30");
const lines = NEW.split("\n").length - 1;
let at: Forge;
let base: string;
let head: string;

async function commit(
  message: string,
  how: Parameters<Forge["clone"]["commit"]>[1],
): Promise<string> {
  return await at.clone.commit(message, how);
}

/** A head with two closed runs of one worker, signed; and a base that goes on in the same file. */
beforeAll(async () => {
  at = await forge(
    {
      identity: { unattributed: "refused", unproven: "incident" },
      workers: {
        "claude-code/alice": { principals: [alice.email], logins: ["alice-bot"] },
      },
    },
    `${worker.signersLine}\n`,
  );
  const { clone } = at;
  await clone.git("config", "user.name", "GitHub");
  await clone.git("config", "user.email", "noreply@github.com");
  await commit("Document", { files: { "docs/rotation.md": OLD } });
  await clone.git("push", "-q", "origin", "main");
  await clone.git("checkout", "-q", "-b", "topic");
  const first = writeRun({
    on,
    claims: [["file.lines", { path: "docs/rotation.md", op: "==", lines }]],
  });
  const second = writeRun({ on, claims: [["file.exists", { path: "src/keys/rotate.mjs" }]] });
  const how = { as: worker, sign: worker };
  await commit("Thirty days", {
    ...how,
    trailer: first.trailer,
    files: { [first.path]: first.text, "docs/rotation.md": NEW },
  });
  head = await commit("Rotate", {
    ...how,
    trailer: second.trailer,
    files: { [second.path]: second.text, "src/keys/rotate.mjs": "export const days = 30;\n" },
  });
  await clone.git("push", "-q", "origin", "HEAD:refs/pull/1/head");
  await clone.git("checkout", "-q", "main");
  base = await commit("Meanwhile", { files: { "docs/rotation.md": `${OLD}\nAnd tell people.\n` } });
  await clone.git("push", "-q", "origin", "main");
}, PATIENCE);

/** GitHub's squash: all messages in one, trailers and all. */
async function squash(more: Record<string, string> = {}): Promise<string> {
  await at.clone.git("checkout", "-q", "-f", "--detach", base);
  await at.clone.git("merge", "-q", "--squash", head);
  const log = await at.clone.git("log", "--format=%B", `${base}..${head}`);
  const message = `Rotate every 30 days (#1)\n\n${log.trim()}\nCo-authored-by: Claude <noreply@anthropic.com>`;
  return await commit(message, { files: more });
}

async function queued(oid: string) {
  const ref = `gh-readonly-queue/main/pr-1-${base}`;
  await at.clone.git("push", "-q", "-f", "origin", `${oid}:refs/heads/${ref}`);
  const payload = {
    action: "checks_requested",
    repository: { full_name: "acme/shop", default_branch: "main" },
    sender: { login: "github-merge-queue[bot]" },
    merge_group: {
      base_ref: "refs/heads/main",
      base_sha: base,
      head_ref: `refs/heads/${ref}`,
      head_sha: oid,
    },
  };
  const event = { name: "merge_group", payload, actor: "github-merge-queue[bot]" };
  return await runStep(at, "gate", event);
}

describe("a merge queue", () => {
  test("passes an honest squash of two runs, and judges it as the head", async () => {
    const ran = await queued(await squash());
    expect(`${ran.code} ${ran.stderr}`, ran.stdout).toBe("0 ");
  });

  test("passes a rebase and a merge commit", async () => {
    await at.clone.git("checkout", "-q", "-f", "-B", "copy", head);
    await at.clone.git("rebase", "-q", base);
    const rebased = await queued(await at.clone.git("rev-parse", "HEAD"));
    expect(`${rebased.code} ${rebased.stderr}`, rebased.stdout).toBe("0 ");
    await at.clone.git("checkout", "-q", "-f", "--detach", base);
    await at.clone.git(
      "merge",
      "-q",
      "--no-ff",
      "-m",
      "Merge pull request #1 from acme/topic",
      head,
    );
    const merged = await queued(await at.clone.git("rev-parse", "HEAD"));
    expect(`${merged.code} ${merged.stderr}`, merged.stdout).toBe("0 ");
  });

  test("refuses a squash with something beside it, and one whose head is not at hand", async () => {
    const more = await queued(await squash({ "src/keys/vault/root.mjs": "export const x = 1;\n" }));
    expect(more.code).toBe(1);
    await at.clone.git("push", "-q", "origin", ":refs/pull/1/head");
    const alone = await queued(await squash());
    expect(alone.code).toBe(1);
    expect(alone.stdout).toContain("boundaries/outside");
    await at.clone.git("push", "-q", "origin", `${head}:refs/pull/1/head`);
  });
});

test(
  "a squash that the worker's own login merged accuses nobody of what the base brought",
  async () => {
    const { privateKey } = generateKeyPairSync("ed25519");
    const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const oid = await squash();
    await at.clone.git("push", "-q", "origin", `${oid}:refs/heads/main`);
    const ran = await runStep(
      at,
      "audit",
      pushed(base, oid, "alice-bot"),
      {},
      { WINGMAN_AUDITOR_KEY: key },
    );
    expect(ran.code, ran.stderr + ran.stdout).toBe(0);
    const log = await at.remote.git("cat-file", "blob", "wingman-ledger:log/000000.jsonl");
    const verdicts = log
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter((one) => one["kind"] === "verdict");
    expect(verdicts.map((one) => one["verdict"])).toEqual(["TRUE", "TRUE"]);
    expect(verdicts.map((one) => one["proof"])).toEqual(["signature", "signature"]);
  },
  PATIENCE,
);
