/**
 * A merge button on a server with hooks (Gitea, Forgejo, GitLab): the forge's squash of a head that was
 * judged when it was pushed lands, and accuses nobody; without the forge's word, or with something beside
 * the head, it does not.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { codesOf, WORK, type World, workerWorld, writeRun } from "./worker-world.ts";

describe("a squash of two runs by the server's own button", () => {
  let world: World;
  let head: string;
  beforeAll(async () => {
    world = await workerWorld();
    const { clone } = world;
    await clone.git("config", "user.name", "Gitea");
    await clone.git("config", "user.email", "gitea@server.example");
    const first = writeRun({ claims: [["file.created", { path: WORK }]] });
    const second = writeRun({ claims: [["file.exists", { path: WORK }]] });
    await world.branch();
    await world.work(first, {
      files: { [first.path]: first.text, [WORK]: "export const a = 1;\n" },
    });
    head = await world.work(second, {
      files: { [second.path]: second.text, "src/keys/more.mjs": "export const b = 1;\n" },
    });
    expect(codesOf(await world.push("alice", "HEAD:refs/heads/topic"))).toEqual([]);
    // The forge keeps each request's head as a ref of its own.
    await world.server.git("update-ref", "refs/pull/1/head", head);
  }, 60_000);

  async function squash(files: Record<string, string> = {}): Promise<void> {
    await world.branch();
    await world.clone.git("merge", "-q", "--squash", head);
    const log = await world.clone.git("log", "--format=%B", `origin/main..${head}`);
    await world.clone.commit(`Topic (#1)\n\n${log.trim()}`, { files });
  }

  const button = async (env: Record<string, string>) =>
    await world.clone.push(["origin", "HEAD:refs/heads/main"], {
      pusher: "dana@acme.example",
      env,
    });

  test("is refused where nothing says that the forge is at work", async () => {
    await squash();
    expect(codesOf(await button({ GITEA_PR_ID: "0" }))).toContain("boundaries/outside");
  });

  test("is refused with something beside the head", async () => {
    await squash({ "lib/evil.mjs": "export const x = 1;\n" });
    expect(codesOf(await button({ GITEA_PR_ID: "4711", GITEA_PR_INDEX: "1" }))).not.toEqual([]);
  });

  test("lands, and its runs have the verdicts that they had", async () => {
    await squash();
    const before = (await world.ledger()).filter((one) => one["kind"] === "verdict");
    const push = await button({ GITEA_PR_ID: "4711", GITEA_PR_INDEX: "1" });
    expect([push.code, codesOf(push)], push.stderr).toEqual([0, []]);
    const after = (await world.ledger()).filter((one) => one["kind"] === "verdict");
    expect(after).toEqual(before);
    expect(before.map((one) => one["verdict"])).toEqual(["TRUE", "TRUE"]);
  });
});
