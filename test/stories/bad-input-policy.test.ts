/**
 * A policy on the trusted side that cannot be read. Nothing is judged by half of it: whatever asks it
 * faults, nothing comes in, and an administrator's push that repairs it is judged by the last readable
 * one and goes through.
 */
import { policyText, type TestRepository } from "@wingman/testkit";
import { beforeAll, expect, test, vi } from "vitest";
import { type Governed, governed, LOGINS, WATCHERS } from "./governed.ts";
import { expectFault } from "./one-clear-error.ts";

const POLICY = ".wingman/policy.yaml";
const good = policyText();

interface Broken {
  readonly name: string;
  /** A blob's bytes, or what stands there instead. */
  readonly as: string | Uint8Array | "folder" | "link" | "nothing";
}

const BROKEN: readonly Broken[] = [
  { name: "cut YAML", as: `${good.slice(0, good.indexOf("["))}[` },
  { name: "an unknown key", as: `${good}shout: true\n` },
  { name: "a value of the wrong type", as: policyText({ revision: "four" }) },
  { name: "a key twice", as: `${good}mode: warn\n` },
  { name: "an alias bomb", as: `a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n${good}` },
  { name: "50 MB", as: Buffer.concat([Buffer.from(good), Buffer.alloc(50_000_000, "# filler\n")]) },
  { name: "binary", as: Buffer.from(Array.from({ length: 4096 }, (_, at) => (at * 37) % 256)) },
  { name: "UTF-8 that is none", as: Buffer.from([...Buffer.from(good), 0x23, 0xff, 0xfe, 0x0a]) },
  { name: "UTF-16", as: Buffer.from(`\ufeff${good}`, "utf16le") },
  { name: "an empty file", as: "" },
  { name: "a folder", as: "folder" },
  { name: "a symbolic link", as: "link" },
  { name: "nothing at all", as: "nothing" },
];

/** Puts it on the server's main past every hook, as a disk fault or an older server would have. */
async function breakPolicy({ server, clone }: Governed, as: Broken["as"]): Promise<void> {
  await clone.git("checkout", "-q", "-f", "main");
  await clone.git("rm", "-q", "--cached", POLICY);
  if (as === "folder") await stage(clone, "100644", "inside\n", `${POLICY}/inside`);
  else if (as === "link") await stage(clone, "120000", "allowed_signers", POLICY);
  else if (as !== "nothing") await stage(clone, "100644", as, POLICY);
  const tree = await clone.git("write-tree");
  const commit = await clone.git("commit-tree", tree, "-p", "HEAD", "-m", "Break it");
  await server.git("fetch", "-q", clone.folder, commit);
  await server.git("update-ref", "refs/heads/main", commit);
  await clone.git("reset", "-q", "--hard");
  await clone.git("fetch", "-q", "origin");
}

async function stage(
  clone: TestRepository,
  mode: string,
  bytes: string | Uint8Array,
  path: string,
): Promise<void> {
  const made = await clone.tryGit(["hash-object", "-w", "--stdin"], { input: bytes });
  await clone.git("update-index", "--add", "--cacheinfo", `${mode},${made.stdout.trim()},${path}`);
}

const ASK: readonly (readonly string[])[] = [
  ["check", "--staged"],
  ["check", "--all"],
  ["check", "--range", "origin/main~1..origin/main"],
  ["audit", "--all"],
  ["start", "INS-0007"],
  ["hook", "pre-commit"],
];

let world: Governed;
let revision = 1;
beforeAll(async () => {
  world = await governed();
});

test.each(BROKEN.map((row, at) => ({ ...row, ask: [ASK[at % ASK.length] ?? []] })))(
  "$name is a fault, and an administrator repairs it",
  async ({ as, ask }) => {
    const { server, clone } = world;
    revision += 1;
    await breakPolicy(world, as);
    for (const args of ask) expectFault(await clone.wingman(args), "policy/unreadable");
    expect((await clone.wingman(["status"])).stdout).toMatch(/^BROKEN: .+/m);

    // A person's push faults, whatever it brings, on whatever branch.
    const work = `work-${revision}`;
    await clone.git("checkout", "-q", "-f", "-B", work, "origin/main~1");
    await clone.commit("Work", { files: { "src/a.txt": `${revision}\n` } });
    const refused = await clone.push(["origin", work], { pusher: LOGINS.dana });
    expect(refused.stderr).toContain("policy/unreadable");
    expect(await server.git("branch", "--list", work)).toBe("");

    // So does a person's repair; an administrator's is let in, and then all is as before.
    await clone.git("checkout", "-q", "-f", "-B", "main", "origin/main");
    await clone.git("rm", "-q", "-r", "--cached", "--ignore-unmatch", POLICY);
    await stage(clone, "100644", policyText({ revision }), POLICY);
    await clone.commit("Repair the policy");
    const byDana = await clone.push(["origin", "main"], { pusher: LOGINS.dana });
    expect(byDana.stderr).toContain("policy/unreadable");
    const repaired = await clone.push(["origin", "main"], { pusher: LOGINS.mark });
    expect([repaired.code, repaired.stderr]).toEqual([0, expect.not.stringContaining("help:")]);
    const after = await clone.push(["origin", work], { pusher: LOGINS.dana });
    expect(after.code).toBe(0);
  },
  60_000,
);

test("through all of it the ledger stayed whole", async () => {
  await vi.waitFor(async () => {
    expect((await world.server.wingman(["ledger", "verify"])).stdout).toContain("OK");
  }, WATCHERS);
});
