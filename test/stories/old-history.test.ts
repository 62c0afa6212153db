/**
 * Old, honest histories come in: modes with a leading zero (pallets/flask), odd time zones
 * (psf/requests). What could hide something stays out.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { type Governed, governed, LOGINS } from "./governed.ts";

describe("an imported history", () => {
  let world: Governed;
  beforeAll(async () => {
    world = await governed();
  }, 60_000);

  /** Writes an object as it stands, sound or not. */
  async function object(type: string, content: string | Uint8Array): Promise<string> {
    const args = ["hash-object", "-t", type, "-w", "--literally", "--stdin"];
    const ran = await world.clone.tryGit(args, { input: content });
    if (ran.code !== 0) throw new Error(ran.stderr);
    return ran.stdout.trim();
  }

  async function tree(...entries: readonly (readonly [string, string])[]): Promise<string> {
    return await object(
      "tree",
      Buffer.concat(
        entries.flatMap(([name, id]) => [Buffer.from(`${name}\0`), Buffer.from(id, "hex")]),
      ),
    );
  }

  const commit = async (root: string, person = "Dana <dana@acme.example> 1200000000 +0100") =>
    await object("commit", `tree ${root}\nauthor ${person}\ncommitter ${person}\n\nOld work\n`);

  const push = async (id: string) =>
    await world.clone.push(["origin", `${id}:refs/heads/old-${id.slice(0, 8)}`], {
      pusher: LOGINS.dana,
    });

  test("with padded modes, an odd time zone or a missing space is taken", async () => {
    const blob = await object("blob", "old\n");
    const inner = await tree(["100644 a.txt", blob]);
    for (const id of [
      await commit(await tree(["040000 src", inner])),
      await commit(inner, "Dana <dana@acme.example> 1313584730 +051800"),
      await commit(inner, "Dana<dana@acme.example> 1200000000 +0100"),
    ]) {
      const pushed = await push(id);
      expect(pushed.stderr).not.toMatch(/error/);
      expect(pushed.code).toBe(0);
    }
  });

  test("with two entries of one name, or .git in other letters, is refused", async () => {
    const blob = await object("blob", "old\n");
    const inner = await tree(["100644 a.txt", blob]);
    for (const root of [
      await tree(["100644 a.txt", blob], ["100644 a.txt", blob]),
      await tree(["040000 .GIT", inner]),
    ])
      expect((await push(await commit(root))).code).not.toBe(0);
  });
});
