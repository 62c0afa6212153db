/**
 * A repository that exists adopts Wingman: what stood before is listed and passes, what is new is
 * refused, nobody but an administrator adds to the list, and anybody shortens it.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Baseline } from "@wingman/model";
import { secret, type TestRepository } from "@wingman/testkit";
import { beforeAll, expect, test } from "vitest";
import { type Governed, governed, LOGINS } from "./governed.ts";

const OLD = secret("github");
const FILE = "src/legacy.ts";
const line = (value: string): string => `export const key = "${value}";\n`;
const REASON = "found at adoption";
let world: Governed;

const written = (clone: TestRepository): Baseline =>
  JSON.parse(readFileSync(join(clone.folder, ".wingman/baseline.json"), "utf8"));

async function onBranch(
  name: string,
  files: Record<string, string | undefined>,
  at = "origin/main",
) {
  const { clone, keys } = world;
  await clone.git("fetch", "-q", "origin");
  await clone.git("checkout", "-q", "-f", "-B", name, at);
  return await clone.commit(name, { files, sign: keys.dana, as: keys.dana });
}

const push = async (refspec: string, pusher: string) =>
  await world.clone.push(["origin", refspec], { pusher });

beforeAll(async () => {
  // What stands on main was pushed before the server enforced.
  world = await governed({
    files: {
      [FILE]: `${line(OLD)}// one\n`,
      "deploy/.env": "A=1\n",
      ".wingman/instructions/INS-0001.md": "# Old order\n\n## Deliverables\nA file.\n",
    },
  });
}, 60_000);

test("create lists what stands, with owner, reason and day, and never the secret", async () => {
  const { clone } = world;
  await clone.git("branch", "before", "main");
  const without = await clone.wingman(["baseline", "create"]);
  expect([without.code, without.stderr]).toEqual([2, expect.stringContaining("--reason")]);
  const made = await clone.wingman(["baseline", "create", "--reason", REASON, "--expires", "90d"]);
  expect(made.stderr).toBe("");
  expect(made.code).toBe(0);
  const text = readFileSync(join(clone.folder, ".wingman/baseline.json"), "utf8");
  for (const shown of [made.stdout, text]) expect(shown).not.toContain(OLD);
  const { findings, tips } = written(clone);
  expect(tips).toContain(await clone.git("rev-parse", "main"));
  expect([...new Set(findings.map((one) => `${one.code} ${one.path}`))]).toEqual(
    expect.arrayContaining([
      "config/env-file deploy/.env",
      "points/missing .wingman/instructions/INS-0001.md",
      `secrets/found ${FILE}`,
    ]),
  );
  expect(findings.every((one) => one.owner === "mark@acme.example" && one.reason === REASON)).toBe(
    true,
  );
  const again = await clone.wingman(["baseline", "create", "--reason", REASON]);
  expect([again.code, again.stderr]).toEqual([2, expect.stringContaining("exists already")]);
}, 60_000);

test("a person cannot land it, an administrator can", async () => {
  const { clone, keys } = world;
  const text = readFileSync(join(clone.folder, ".wingman/baseline.json"), "utf8");
  await onBranch("smuggled", { ".wingman/baseline.json": text });
  const refused = await push("HEAD:refs/heads/main", LOGINS.dana);
  expect(refused.stderr).toContain("law/protected");
  await clone.git("checkout", "-q", "-f", "-B", "adopt", "origin/main");
  await clone.commit("Adopt", { files: { ".wingman/baseline.json": text }, sign: keys.mark });
  const landed = await push("HEAD:refs/heads/main", LOGINS.mark);
  expect([landed.code, landed.stderr]).toEqual([0, expect.not.stringContaining("error[")]);
}, 60_000);

test("the old file can be edited on every surface; a new secret in it is refused", async () => {
  const { clone } = world;
  const honest = await onBranch("honest", { [FILE]: `${line(OLD)}// two\n` });
  const range = await clone.wingman(["check", "--range", "origin/main..HEAD"]);
  expect(range.stdout + range.stderr).toContain(REASON);
  expect(range.code).toBe(0);
  const landed = await push(`${honest}:refs/heads/main`, LOGINS.dana);
  expect(landed.stderr).not.toContain("error[");
  expect(landed.code).toBe(0);
  for (const value of [`${line(OLD)}${line(secret("github"))}`, line(secret("github"))]) {
    await onBranch("worse", { [FILE]: value });
    const refused = await push("HEAD:refs/heads/worse", LOGINS.dana);
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringContaining("error[secrets/found]"),
    ]);
  }
  // The same secret elsewhere is another finding, and so is another name in the same folder.
  await onBranch("copied", { "src/copy.ts": line(OLD), "deploy/.env.prd": "A=1\n" });
  const copied = await push("HEAD:refs/heads/copied", LOGINS.dana);
  expect(copied.stderr).toContain("error[secrets/found]");
  expect(copied.stderr).toContain("error[config/env-file]");
}, 90_000);

test("an entry that a change brings itself says nothing, nor does one of its own branch", async () => {
  const { clone } = world;
  const old = written(clone);
  const entry = { ...old.findings[0], code: "secrets/found", path: "src/copy.ts" };
  const more = { ...old, findings: [...old.findings, entry] };
  await onBranch("own-entry", {
    "src/copy.ts": line(OLD),
    ".wingman/baseline.json": `${JSON.stringify(more, null, 2)}\n`,
  });
  const refused = await push("HEAD:refs/heads/own-entry", LOGINS.dana);
  expect(refused.stderr).toContain("error[secrets/found]");
}, 60_000);

test("a branch that began before adoption goes on", async () => {
  await onBranch("goes-on", { "src/new.ts": "export const a = 1;\n" }, "before");
  const pushed = await push("HEAD:refs/heads/goes-on", LOGINS.dana);
  expect(pushed.stderr).not.toContain("error[");
  expect(pushed.code).toBe(0);
  await world.clone.git("merge", "-q", "--no-edit", "origin/main");
  const landed = await push("HEAD:refs/heads/main", LOGINS.dana);
  expect(landed.stderr).not.toContain("error[");
  expect(landed.code).toBe(0);
}, 60_000);

test("prune names what passes now; a shorter baseline lands by anybody, a longer day does not", async () => {
  const { clone } = world;
  await onBranch("mended", { "deploy/.env": undefined });
  for (const branch of [
    "before",
    "smuggled",
    "adopt",
    "honest",
    "worse",
    "copied",
    "own-entry",
    "goes-on",
    "main",
  ])
    await clone.tryGit(["branch", "-D", branch]);
  expect((await push("HEAD:refs/heads/main", LOGINS.dana)).code).toBe(0);
  await clone.git("push", "-q", "--delete", "origin", "goes-on");
  await clone.git("fetch", "-q", "--prune", "origin");
  const all = await clone.wingman(["check", "--all"]);
  expect(all.stdout).toContain("baseline/unused");
  const shown = await clone.wingman(["baseline", "prune", "--dry-run"]);
  expect([shown.code, shown.stdout]).toEqual([
    1,
    expect.stringContaining("deploy/.env: passes now"),
  ]);
  const later = written(clone);
  const pruned = await clone.wingman(["baseline", "prune"]);
  expect(pruned.code).toBe(0);
  const text = readFileSync(join(clone.folder, ".wingman/baseline.json"), "utf8");
  expect(text).not.toContain("deploy/.env");
  expect(text).toContain(FILE);
  const findings = later.findings.map((one) => ({ ...one, expires: "2099-01-01T00:00:00.000Z" }));
  await onBranch("longer", {
    ".wingman/baseline.json": `${JSON.stringify({ ...later, findings }, null, 2)}\n`,
  });
  expect((await push("HEAD:refs/heads/main", LOGINS.dana)).stderr).toContain("law/protected");
  await onBranch("shorter", { ".wingman/baseline.json": text });
  const landed = await push("HEAD:refs/heads/main", LOGINS.dana);
  expect([landed.code, landed.stderr]).toEqual([0, expect.not.stringContaining("error[")]);
}, 90_000);
