/** `wingman verify` through the built program: ranges, trees, shallow clones, JSON, hostile text. */
import { newRepository, repositoryAt, type TestRepository } from "@wingman/testkit";
import { beforeAll, describe, expect, it } from "vitest";

let repo: TestRepository;
let base: string;

async function ask(sentence: string, ...more: string[]): Promise<Record<string, unknown>> {
  const ran = await repo.wingman(["verify", ...more, "--format", "json", "--", sentence]);
  if (ran.code === 2) throw new Error(ran.stderr);
  return { code: ran.code, ...(JSON.parse(ran.stdout) as Record<string, unknown>) };
}

beforeAll(async () => {
  repo = await newRepository({
    files: { "src/a.ts": "a\n", "old.ts": "o\n", "docs/x.md": "# X\n", keep: "k\n" },
  });
  base = await repo.git("rev-parse", "HEAD");
  await repo.git("checkout", "-q", "-b", "work");
  await repo.commit("Work", {
    files: { "src/b.ts": "b\n", "old.ts": undefined, "docs/x.md": "# X\n\nMore\n" },
  });
  await repo.git("checkout", "-q", "main");
  await repo.commit("Meanwhile", { files: { "src/main.ts": "m\n", "src/a.ts": "a2\n" } });
  await repo.git("checkout", "-q", "work");
});

describe("verify", () => {
  it("stands in for the older system's /verify", async () => {
    const seen = await ask("I created src/b.ts and deleted old.ts", "--range", "main..work");
    expect(Object.keys(seen).slice(1, 6)).toEqual([
      "verdict",
      "details",
      "timestamp",
      "verifier",
      "processing_time_ms",
    ]);
    expect(seen).toMatchObject({
      code: 0,
      verdict: "TRUE",
      verifier: "wingman",
      base: expect.any(String),
    });
    expect(String(seen["timestamp"])).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
    expect(seen["processing_time_ms"]).toBeTypeOf("number");
  });
  it("ends with one answer where a sentence makes several claims", async () => {
    const words = "I created src/b.ts and deleted ./keep";
    const ran = await repo.wingman(["verify", "--range", "main..work", words]);
    expect(ran).toMatchObject({ code: 1, stdout: expect.stringMatching(/^TRUE [^]*\nFALSE /) });
    expect(ran.stdout.trimEnd().split("\n").at(-1)).toBe("all in all: FALSE (1 of 2)");
  });
  it("judges from where the branch left, not by what its base did since", async () => {
    expect(await ask("I did not touch src/a.ts", "--range", "main..work")).toMatchObject({
      code: 0,
    });
    expect(await ask("I deleted src/main.ts", "--range", "main..work")).toMatchObject({ code: 1 });
    expect(await ask("I only changed docs/x.md", "--range", "main..work")).toMatchObject({
      code: 1,
    });
    expect(await ask("I created src/a.ts", "--range", "main..work")).toMatchObject({ code: 1 });
  });
  it("says on a tree what the tree shows, and no more", async () => {
    expect(await ask("I created src/a.ts")).toMatchObject({ code: 0 });
    expect(await ask("I deleted old.ts")).toMatchObject({ code: 0 });
    expect(await ask("I deleted keep")).toMatchObject({ code: 3 });
    expect(await ask("I deleted ./keep")).toMatchObject({ code: 1 });
    expect(await ask("I modified ./keep")).toMatchObject({ code: 3 });
    expect(await ask("I created ./nope.ts")).toMatchObject({ code: 1 });
  });
  it("accuses nobody in a shallow clone", async () => {
    const url = `file://${repo.folder}`;
    await repo.git(
      "clone",
      "-q",
      "--depth",
      "1",
      "--branch",
      "work",
      url,
      `${repo.folder}/shallow`,
    );
    const shallow = repositoryAt(`${repo.folder}/shallow`);
    const open = await shallow.wingman(["verify", "I deleted never.ts"]);
    expect(open.code).toBe(3);
    const range = ["--range", `${base}..HEAD`];
    const gone = await shallow.wingman(["verify", ...range, "I created src/b.ts"]);
    expect(gone.code).toBe(2);
    expect(gone.stderr).toContain("shallow");
  });
  it("shows what it cannot read, and paints no terminal", async () => {
    const ran = await repo.wingman(["verify", "I deployed \u001b[31msrc/b.ts"]);
    expect(ran.code).toBe(3);
    expect(ran.stdout).toContain("AMBIGUOUS");
    expect(ran.stdout).toContain("wingman verify file.exists");
    expect(ran.stdout).not.toContain("\u001b");
  });
});
