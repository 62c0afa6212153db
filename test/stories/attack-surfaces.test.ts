/**
 * What must not land, asked of every surface that judges before a server does: the check of a pull
 * request from a branch and from a fork, of a merge group, a range, the index, everything at HEAD.
 * Each either refuses for the offence or cannot know it (docs/SURFACES.md); the same shapes without
 * an offence pass everywhere.
 */
import {
  alice,
  instructionText,
  type KeyHolder,
  type Ran,
  secret,
  withKey,
} from "@wingman/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { type Forge, forge, pullRequest, type RunnerEvent, runStep } from "./github-runner.ts";
import { codesOf, WORK, WORKERS, type WrittenRun, writeRun } from "./worker-world.ts";

interface Offence {
  readonly name: string;
  readonly login: string;
  readonly code: string;
  /** Surfaces that cannot know it. */
  readonly unknown?: readonly string[];
  readonly files: () => Record<string, string>;
  readonly run?: WrittenRun;
}

const LANDED = writeRun({ claims: [["file.created", { path: WORK }]], on: instructionText() });
const mine = writeRun({ claims: [["file.modified", { path: WORK }]], on: instructionText() });
const other = writeRun({ worker: WORKERS.bob, on: instructionText() });

const OFFENCES: readonly Offence[] = [
  {
    name: "a secret",
    login: "dana",
    code: "secrets/found",
    files: () => ({ "src/a.ts": `const key = "${secret("github")}";\n` }),
  },
  {
    name: "work without a run",
    login: "alice-bot",
    code: "run/none",
    unknown: ["index", "everything"],
    files: () => ({ [WORK]: "2\n" }),
  },
  {
    name: "work out of bounds",
    login: "alice-bot",
    code: "boundaries/outside",
    unknown: ["everything"],
    files: () => ({ [mine.path]: mine.text, [WORK]: "2\n", "lib/a.mjs": "1\n" }),
    run: mine,
  },
  {
    name: "another worker's claims",
    login: "alice-bot",
    code: "claims/owner",
    unknown: ["everything"],
    files: () => ({ [mine.path]: mine.text, [other.path]: other.text, [WORK]: "2\n" }),
    run: mine,
  },
  {
    name: "rewritten claims",
    login: "alice-bot",
    code: "claims/rewritten",
    unknown: ["everything"],
    files: () => ({ [mine.path]: mine.text, [LANDED.path]: LANDED.lines(2), [WORK]: "2\n" }),
    run: mine,
  },
  {
    name: "a weakened policy",
    login: "dana",
    code: "law/protected",
    unknown: ["range", "index", "everything"],
    files: () => ({ ".wingman/policy.yaml": "MODE" }),
  },
  { name: "nothing", login: "dana", code: "", files: () => ({ "src/fine.ts": "1\n" }) },
  {
    name: "an honest run",
    login: "alice-bot",
    code: "",
    files: () => ({ [mine.path]: mine.text, [WORK]: "2\n" }),
    run: mine,
  },
];

describe("what must not land", () => {
  let at: Forge;
  let base: string;
  let policy: string;
  const key: KeyHolder = withKey(alice);

  beforeAll(async () => {
    const workers = {
      [WORKERS.alice]: { principals: [alice.email], logins: ["alice-bot"] },
      [WORKERS.bob]: { logins: ["bob-bot"] },
    };
    at = await forge({ workers }, `${key.signersLine}\n`);
    const { clone } = at;
    await clone.commit("Work", {
      sign: key,
      trailer: LANDED.trailer,
      files: { [LANDED.path]: LANDED.text, [WORK]: "1\n" },
    });
    await clone.git("push", "-q", "origin", "HEAD:main");
    await clone.git("fetch", "-q", "origin");
    base = await clone.git("rev-parse", "HEAD");
    policy = clone.read(".wingman/policy.yaml");
  }, 60_000);

  const weakened = (): string =>
    `${policy.replace("revision: 1", "revision: 2").replace("mode: enforce", "mode: warn")}\n# looser\n`;

  async function commit(offence: Offence): Promise<string> {
    await at.clone.git("checkout", "-q", "-f", "-B", "topic", "origin/main");
    const files = Object.fromEntries(
      Object.entries(offence.files()).map(([path, text]) => [
        path,
        text === "MODE" ? weakened() : text,
      ]),
    );
    return await at.clone.commit("Change", {
      files,
      ...(offence.login === "alice-bot" ? { sign: key, as: alice } : {}),
      ...(offence.run === undefined ? {} : { trailer: offence.run.trailer }),
    });
  }

  const group = (head: string, login: string): RunnerEvent => ({
    name: "merge_group",
    actor: login,
    payload: {
      action: "checks_requested",
      repository: { full_name: "acme/shop", default_branch: "main" },
      sender: { login },
      merge_group: {
        base_ref: "refs/heads/main",
        base_sha: base,
        head_ref: "refs/heads/gh-readonly-queue/main/pr-1",
        head_sha: head,
      },
    },
  });

  async function gate(event: RunnerEvent, head: string, ref: string): Promise<Ran> {
    await at.clone.git("push", "-q", "-f", "origin", `${head}:${ref}`);
    const ran = await runStep(at, "gate", event);
    await at.clone.git("push", "-q", "origin", `:${ref}`);
    return { ...ran, stderr: ran.stdout };
  }
  const check = async (...args: string[]): Promise<Ran> => {
    const ran = await at.clone.wingman(["check", ...args]);
    return { ...ran, stderr: ran.stdout };
  };

  const SURFACES: Readonly<Record<string, (head: string, offence: Offence) => Promise<Ran>>> = {
    "a pull request": async (head, { login }) =>
      await gate(pullRequest(base, head, login), head, "refs/heads/topic"),
    "a fork's pull request": async (head, { login }) =>
      await gate(pullRequest(base, head, login), head, "refs/pull/7/head"),
    "a merge group": async (head) =>
      await gate(group(head, "dana"), head, "refs/heads/gh-readonly-queue/main/pr-1"),
    "a range of another forge": async (_, { login }) =>
      await check("--range", "origin/main..HEAD", "--onto", "main", "--pusher", login),
    range: async () => await check("--range", "origin/main..HEAD", "--onto", "main"),
    index: async (_, { run }) => {
      await at.clone.git("reset", "-q", "--soft", "origin/main");
      at.clone.write(".git/message", `Change\n\n${run ? `Wingman-Run: ${run.trailer}\n` : ""}`);
      const message = `${at.clone.folder}/.git/message`;
      return await check("--staged", "--message", message);
    },
    everything: async () => await check("--all"),
  };

  test("a person who retitles or reopens a pull request does not answer for its commits", async () => {
    const head = await commit({
      name: "unsigned",
      login: "unsigned",
      code: "run/none",
      files: () => ({ [WORK]: "2\n" }),
    });
    const touched = (action: string, login: string): RunnerEvent => {
      const event = pullRequest(base, head, "dana");
      const payload = event.payload as { readonly pull_request: object };
      const pull_request = { ...payload.pull_request, user: { login } };
      return { ...event, payload: { ...payload, action, pull_request } };
    };
    const codes = async (event: RunnerEvent): Promise<string[]> =>
      codesOf(await gate(event, head, "refs/heads/topic"));
    for (const action of ["edited", "reopened", "ready_for_review"]) {
      expect(await codes(touched(action, "alice-bot"))).toContain("run/none");
      expect(await codes(touched(action, "dana"))).toEqual([]);
    }
    expect(await codes(touched("synchronize", "alice-bot"))).toEqual([]);
  });

  test("a secret in a message is found wherever there is one", async () => {
    const text = secret("github");
    const { clone } = at;
    await clone.git("checkout", "-q", "-f", "-B", "topic", "origin/main");
    const message = `Change\n\nThe key is ${text}\n`;
    clone.write(".git/message", message);
    const named = `${clone.folder}/.git/message`;
    const staged = await check("--staged", "--message", named);
    const head = await clone.commit(message, { files: { "m.txt": "m\n" } });
    const event = pullRequest(base, head, "dana");
    for (const ran of [
      staged,
      await check("--range", "origin/main..HEAD"),
      await gate(event, head, "refs/heads/topic"),
    ]) {
      expect(codesOf(ran)).toEqual(["secrets/found"]);
      expect(ran.stdout).not.toContain(text);
    }
  });

  const rows = Object.keys(SURFACES).flatMap((surface) =>
    OFFENCES.map((offence) => [surface, offence.name, offence] as const),
  );

  test.each(rows)("%s with %s", async (surface, _, offence) => {
    const head = await commit(offence);
    const ran = (await SURFACES[surface]?.(head, offence)) as Ran;
    const known = offence.code !== "" && offence.unknown?.includes(surface) !== true;
    expect(ran.code, ran.stderr).toBeLessThan(known ? 2 : 1);
    if (known) expect(codesOf(ran)).toContain(offence.code);
    else expect(codesOf(ran)).toEqual([]);
  });
});
