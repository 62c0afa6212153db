/**
 * Who acts: locks escaped, orders forged, approvals missing, policies that trust little, warn mode, and
 * the first policy of a server whose administrator is pinned. Each world has its own policy.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  APPROVAL_NAMESPACE,
  type Approval,
  approvalPath,
  digestOf,
  serializeApproval,
  signedBytesOfApproval,
  signSsh,
} from "@wingman/model";
import {
  dana,
  instructionText,
  type KeyHolder,
  mark,
  newRepository,
  policyText,
  runWingman,
  temporaryFolder,
  withKey,
} from "@wingman/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import {
  codesOf,
  ORDER_TEXT,
  type Spare,
  WORK,
  WORKERS,
  type World,
  type WrittenRun,
  workerOf,
  workerWorld,
  writeRun,
} from "./worker-world.ts";

const exists = ["file.exists", { path: WORK }] as const;
const created = ["file.created", { path: WORK }] as const;
const done = { [WORK]: "export const rotate = 30;\n" };
const ALICE = WORKERS.alice;

/** Alice lies on a branch, and is locked. */
async function lie(world: World): Promise<WrittenRun> {
  const run = writeRun({ claims: [exists] });
  await world.branch();
  await world.work(run, { files: { [run.path]: run.text } });
  await world.push("alice");
  expect(await isLocked(world)).toBe(true);
  return run;
}

async function isLocked(world: World, worker = ALICE): Promise<boolean> {
  const run = writeRun({ worker, claims: [created] });
  await world.branch();
  await world.clone.commit("Probe", {
    trailer: run.trailer,
    files: { [run.path]: run.text, ...done },
  });
  const push = await world.push("dana", "HEAD:refs/heads/probe", "+HEAD:refs/heads/probe2");
  const locked = codesOf(push).includes("worker/locked");
  if (!locked) await world.push("dana", ":refs/heads/probe", ":refs/heads/probe2");
  return locked;
}

describe("a locked worker", () => {
  let world: World;
  let parked: string;
  beforeAll(async () => {
    world = await workerWorld();
    const early = writeRun({ claims: [created] });
    await world.branch();
    await world.work(early, { files: { [early.path]: early.text, ...done } });
    parked = await world.clone.git("rev-parse", "HEAD");
    for (const ref of ["refs/tags/park", "refs/foo/park", "refs/notes/park", "refs/heads/park"])
      expect((await world.push("alice", `HEAD:${ref}`)).code).toBe(0);
    await lie(world);
  }, 60_000);

  const work = async (
    how: Parameters<World["clone"]["commit"]>[1] = {},
    run = writeRun({ claims: [created] }),
  ): Promise<void> => {
    await world.branch();
    await world.clone.commit("Work", {
      trailer: run.trailer,
      ...how,
      files: { [run.path]: run.text, ...done },
    });
  };

  test.each([
    ["with its trailer and key", "alice", () => work({ sign: world.keys.alice })],
    ["without a signature", "alice", () => work()],
    ["by its key alone", "stranger", () => work({ sign: world.keys.alice })],
    ["by its trailer alone", "stranger", () => work()],
    ["through a person", "dana", () => work({ sign: world.keys.alice })],
    ["through an administrator", "mark", () => work({ sign: world.keys.alice })],
    ["through another worker", "bob", () => work({ sign: world.keys.alice })],
    [
      "under another worker's trailer",
      "alice",
      () => work({ sign: world.keys.alice, trailer: writeRun({ worker: WORKERS.bob }).trailer }),
    ],
    [
      "in another worker's run, through that worker",
      "bob",
      () => work({ sign: world.keys.alice }, writeRun({ worker: WORKERS.bob, claims: [created] })),
    ],
    ["without a trailer", "alice", () => noTrailer({ sign: world.keys.alice })],
    ["without trailer and signature", "alice", () => noTrailer({})],
    ["in a person's name", "alice", () => noTrailer({ as: dana })],
    ["without a trailer, through a person", "dana", () => noTrailer({ sign: world.keys.alice })],
  ] as const)("%s is refused", async (_, as, make) => {
    await make();
    const before = await world.refs();
    expect(codesOf(await world.push(as))).toContain("worker/locked");
    expect(await world.refs()).toBe(before);
  });

  async function noTrailer(how: { sign?: KeyHolder; as?: typeof dana }): Promise<void> {
    await world.branch();
    await world.clone.commit("Work", { ...how, files: done });
  }

  test.each(["alice", "dana", "mark", "stranger"] as const)(
    "what it parked before does not land by %s",
    async (as) => {
      const push = await world.push(as, `${parked}:refs/heads/main`);
      expect(codesOf(push)).toContain("worker/locked");
    },
  );

  test.each([
    ["unsigned, by a person", "dana", {}, undefined],
    ["unsigned, by the worker itself", "alice", {}, undefined],
    ["unsigned, by a stranger", "stranger", {}, undefined],
    ["signed by a person", "dana", {}, "dana"],
    ["signed by the worker", "dana", {}, "alice"],
    ["of another repository", "dana", { origin: "acme/other" }, "mark"],
    ["by somebody else than its key", "dana", { by: "mark@acme.example" }, "dana"],
    ["in the name of a person", "dana", { by: "dana@acme.example" }, "dana"],
    ["over records that are not there", "dana", { covers: 100_000 }, "mark"],
    ["over what was there before the lie", "dana", { covers: 1 }, "mark"],
  ] as const)("is not freed by an order %s", async (_, as, wish, signer) => {
    const covers = (await world.ledger()).length;
    const order = world.order({ covers, ...wish }, signer && world.keys[signer]);
    await world.branch();
    await world.clone.commit("Unlock", { as: mark, files: { [order.path]: order.text } });
    await world.push(as);
    expect(await isLocked(world)).toBe(true);
  });

  test("is not freed by a signed order with a word changed", async () => {
    const order = world.order({ subject: WORKERS.bob, covers: 4 }, world.keys.mark);
    await world.branch();
    await world.clone.commit("Unlock", {
      files: { [order.path]: order.text.replace(WORKERS.bob, ALICE) },
    });
    await world.push("dana");
    expect(await isLocked(world)).toBe(true);
  });

  test("is not freed by an order planted in a branch that an administrator merges", async () => {
    const order = world.order({ covers: (await world.ledger()).length });
    await world.branch();
    await world.clone.commit("Unlock", { as: dana, files: { [order.path]: order.text } });
    const planted = await world.clone.git("rev-parse", "HEAD");
    await world.branch();
    await world.clone.commit("Mine", { files: { "m.txt": "m\n" } });
    await world.clone.git("merge", "-q", "--no-ff", "--no-commit", planted);
    await world.clone.commit("Merge", { as: mark });
    await world.push("mark", "HEAD:refs/heads/main");
    await world.clone.git("fetch", "-q", "origin");
    expect(await isLocked(world)).toBe(true);
  });

  test("is freed by an administrator's order, once", async () => {
    const order = world.order({ covers: (await world.ledger()).length }, world.keys.mark);
    await world.branch();
    await world.clone.commit("Unlock", { as: dana, files: { [order.path]: order.text } });
    expect((await world.push("dana")).code).toBe(0);
    expect(await isLocked(world)).toBe(false);
    await lie(world);
    await world.branch();
    await world.clone.commit("Again", { as: dana, files: { [order.path]: order.text } });
    await world.push("dana");
    expect(await isLocked(world)).toBe(true);
  });

  test("is freed by an administrator's own push of nothing but the order", async () => {
    const order = world.order({ covers: (await world.ledger()).length });
    await world.branch();
    await world.clone.commit("Unlock", { as: mark, files: { [order.path]: order.text } });
    expect((await world.push("mark")).code).toBe(0);
    expect(await isLocked(world)).toBe(false);
  });
});

describe("an instruction that needs approval", () => {
  let world: World;
  const ids = [
    "none",
    "expired",
    "digest",
    "dana",
    "alice",
    "place",
    "repo",
    "name",
    "long",
    "good",
  ];
  const idOf = (name: string): string => `INS-01${ids.indexOf(name).toString().padStart(2, "0")}`;
  const soon = (): string => new Date(Date.now() + 20 * 86_400_000).toISOString();
  const textOf = (name: string): string =>
    instructionText({
      worker: undefined,
      id: idOf(name),
      risk_assessment: { level: "high", why: "A wrong expiry would reject valid logins" },
    });

  beforeAll(async () => {
    world = await workerWorld({
      policy: { approvals: { levels: ["high", "critical"], environments: [], expires: "30d" } },
    });
    const approval = (
      name: string,
      wish: Partial<Approval>,
      signer: KeyHolder,
      more: { origin?: string; namespace?: string } = {},
    ): Record<string, string> => {
      const made = {
        v: 1,
        instruction: idOf(name),
        digest: digestOf(textOf(name)),
        environment: "test",
        reason: "Read; an overlap of 7 days is enough",
        expires: soon(),
        by: mark.email,
        ...wish,
      } as const;
      const signature = signSsh({
        key: signer.key,
        message: signedBytesOfApproval(made, more.origin ?? "acme/shop"),
        namespace: more.namespace ?? APPROVAL_NAMESPACE,
      });
      return { [approvalPath(made.instruction)]: serializeApproval({ ...made, signature }) };
    };
    const { keys } = world;
    await world.land("Order more", {
      ...Object.fromEntries(
        ids.map((name) => [`.wingman/instructions/${idOf(name)}.md`, textOf(name)]),
      ),
      ...approval("expired", { expires: "2020-01-01T00:00:00.000Z" }, keys.mark),
      ...approval("digest", { digest: digestOf("other") }, keys.mark),
      ...approval("dana", { by: dana.email }, keys.dana),
      ...approval("alice", {}, keys.alice),
      ...approval("place", { environment: "dev" }, keys.mark),
      ...approval("repo", {}, keys.mark, { origin: "acme/other" }),
      ...approval("name", {}, keys.mark, { namespace: "wingman-order" }),
      ...approval("long", { expires: "2099-01-01T00:00:00.000Z" }, keys.mark),
      ...approval("good", {}, keys.mark),
    });
  }, 60_000);

  test.each(ids.map((name) => [name] as const))("(%s)", async (name) => {
    const run = writeRun({ instruction: idOf(name), on: textOf(name), claims: [created] });
    await world.branch();
    await world.work(run, { files: { [run.path]: run.text, ...done } });
    const push = await world.push("alice", "HEAD:refs/heads/main");
    expect(codesOf(push)).toEqual(name === "good" ? [] : ["run/approval"]);
  });
});

describe("a policy that takes the unproven for", () => {
  test("workers lets nobody unproven in without a run, and nobody in a person's name", async () => {
    const world = await workerWorld({ policy: { identity: { unattributed: "worker" } } });
    await world.branch();
    await world.clone.commit("Plain", { files: { "a.txt": "a\n" } });
    expect(codesOf(await world.push("stranger"))).toContain("run/none");
    await world.clone.commit("Signed", { sign: world.keys.dana, files: { "a.txt": "b\n" } });
    expect(codesOf(await world.push("stranger"))).toContain("run/none");
    expect((await world.push("dana")).code).toBe(0);
  }, 60_000);

  test("nobody refuses them, also under a worker's trailer", async () => {
    const world = await workerWorld({ policy: { identity: { unattributed: "refused" } } });
    await world.branch();
    await world.clone.commit("Plain", { files: { "a.txt": "a\n" } });
    expect(codesOf(await world.push("stranger"))).toContain("identity/unattributed");
    const run = writeRun({ claims: [created] });
    const work = async (sign?: KeyHolder): Promise<void> => {
      await world.branch();
      await world.clone.commit("Work", {
        trailer: run.trailer,
        files: { [run.path]: run.text, ...done },
        ...(sign === undefined ? {} : { sign }),
      });
    };
    await work();
    expect(codesOf(await world.push("stranger"))).toContain("identity/unattributed");
    await work(world.keys.alice);
    expect(codesOf(await world.push("stranger"))).toEqual([]);
    await work();
    expect(codesOf(await world.push("alice", "HEAD:refs/heads/by-login"))).toEqual([]);
  }, 60_000);

  test("persons and locks the unproven: only where nobody else is proven", async () => {
    const world = await workerWorld({
      policy: { identity: { unattributed: "person", unproven: "lock" } },
    });
    const forge = async (worker: Spare): Promise<void> => {
      const run = writeRun({ worker: workerOf(worker), claims: [exists] });
      await world.branch();
      await world.clone.commit("Work", { trailer: run.trailer, files: { [run.path]: run.text } });
    };
    await forge("w1");
    await world.push("dana");
    expect(await isLocked(world, workerOf("w1"))).toBe(false);
    await forge("w2");
    await world.push("w3");
    expect(await isLocked(world, workerOf("w2"))).toBe(false);
    await forge("w4");
    await world.push("stranger");
    expect(await isLocked(world, workerOf("w4"))).toBe(true);
  }, 60_000);
});

test("mode warn lets work pass and locks nobody, but keeps law, ledger and repository", async () => {
  const world = await workerWorld({ policy: { mode: "warn", governed: ["main", "release/*"] } });
  const run = writeRun({ claims: [exists] });
  await world.branch();
  await world.work(run, { files: { [run.path]: run.text, "lib/out.mjs": "1\n" } });
  const push = await world.push("alice", "HEAD:refs/heads/main");
  expect(codesOf(push)).toEqual([]);
  expect(codesOf(push, "warning")).toEqual(
    expect.arrayContaining(["audit/false", "boundaries/outside"]),
  );
  await world.clone.git("fetch", "-q", "origin");
  const verdicts = (await world.ledger()).filter((one) => one["verdict"] === "FALSE");
  expect(verdicts.map((one) => one["accuses"])).toEqual([false]);
  expect((await world.status()).toLowerCase()).not.toContain(`${ALICE} is locked`);
  const refused = async (code: string, ...specs: string[]): Promise<void> => {
    const before = await world.refs();
    expect(codesOf(await world.push("dana", ...specs))).toContain(code);
    expect(await world.refs()).toBe(before);
  };
  await world.branch();
  const policy = world.clone.read(".wingman/policy.yaml");
  await world.clone.commit("Loosen", {
    files: { ".wingman/policy.yaml": policy.replace("revision: 1", "revision: 2") },
  });
  await refused("law/protected", "HEAD:refs/heads/main");
  await refused("refs/deleted", ":refs/heads/main");
  await refused("refs/forced", "+origin/main~1:refs/heads/main");
  await refused("refs/ledger", ":refs/heads/wingman-ledger");
  await refused(
    "hostile/replace",
    `origin/main~1:refs/replace/${await world.clone.git("rev-parse", "origin/main")}`,
  );
}, 60_000);

describe("the first policy of a server with a pinned administrator", () => {
  const pinned = withKey(mark);
  const other = withKey(dana);

  async function empty() {
    const clone = await newRepository({ files: { "README.md": "# Shop\n" } });
    const server = await clone.bareRemote();
    const keyFile = join(temporaryFolder(), "mark.pub");
    writeFileSync(keyFile, `${pinned.key.publicLine}\n`);
    const made = await runWingman(
      ["init", "--yes", "--policy-branch", "main", "--origin", "acme/shop", "--admin-key", keyFile],
      { cwd: server.folder },
    );
    expect(made.code === 0 ? "" : made.stderr).toBe("");
    return { clone, server };
  }
  const files = (administrator: string) => ({
    ".wingman/policy.yaml": policyText({ administrators: [administrator] }),
    ".wingman/allowed_signers": `${pinned.signersLine}\n${other.signersLine}\n`,
  });

  test.each([
    ["unsigned", undefined],
    ["signed by somebody else", other],
  ] as const)("%s is refused", async (_, sign) => {
    const { clone, server } = await empty();
    await clone.commit("Adopt", { files: files(dana.email), ...(sign ? { sign } : {}) });
    const push = await clone.push(["origin", "main"], { pusher: mark.email });
    expect(codesOf(push)).toContain("policy/unpinned");
    expect(await server.git("for-each-ref")).toBe("");
  });

  test("under the pinned key's signature on something older is refused", async () => {
    const { clone, server } = await empty();
    await clone.commit("Begin", { files: { "a.txt": "a\n" }, sign: pinned });
    await clone.commit("Adopt", { files: files(dana.email) });
    const push = await clone.push(["origin", "main"], { pusher: mark.email });
    expect(codesOf(push)).toContain("policy/unpinned");
    expect(await server.git("for-each-ref")).toBe("");
  });

  test("through a symbolic ref to the policy branch is refused", async () => {
    const { clone, server } = await empty();
    await server.git("symbolic-ref", "refs/heads/trunk", "refs/heads/main");
    await clone.commit("Adopt", { files: files(dana.email) });
    const push = await clone.push(["origin", "main:trunk"], { pusher: mark.email });
    expect(push.code).not.toBe(0);
    expect(await server.git("for-each-ref")).toBe("");
  });

  test("signed with the pinned key is taken, and judges from then on", async () => {
    const { clone } = await empty();
    await clone.commit("Adopt", { files: files(mark.email), sign: pinned });
    const push = await clone.push(["origin", "main"]);
    expect(push.code === 0 ? "" : push.stderr).toBe("");
    await clone.commit("Loosen", { files: { ".wingman/allowed_signers": "" } });
    expect(codesOf(await clone.push(["origin", "main"], { pusher: dana.email }))).toContain(
      "law/protected",
    );
  });
});

test("an instruction changed after the start ends the run", async () => {
  const world = await workerWorld();
  const run = writeRun({ claims: [created], close: "none" });
  const branch = await world.branch();
  await world.work(run, { files: { [run.path]: run.text, ...done } });
  expect((await world.push("alice")).code).toBe(0);
  await world.land("Reword", {
    ".wingman/instructions/INS-0007.md": ORDER_TEXT.replace("may change.", "may ever change."),
  });
  await world.clone.git("checkout", "-q", "-f", branch);
  await world.work(run, { files: { [WORK]: "export const rotate = 31;\n" } });
  expect(codesOf(await world.push("alice", "HEAD:refs/heads/outdated"))).toContain("run/outdated");
}, 60_000);
