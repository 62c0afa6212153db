/** A secret in a claim, or beside another fault on its line, is never quoted: not to the pusher, not in the ledger. */
import { instructionText, secret } from "@wingman/testkit";
import { expect, test } from "vitest";
import { governed, LOGINS } from "./governed.ts";

const policy = { commands: { unit: { run: ["node", "--test"] } } };

test("a claim whose literal is a secret: refused, recorded, and withheld everywhere", async () => {
  const world = await governed({
    policy,
    files: { ".wingman/instructions/INS-0007.md": instructionText() },
  });
  const { clone, server } = world;
  const text = secret("github");
  await clone.git("checkout", "-q", "-b", "work");
  expect((await clone.wingman(["start", "INS-0007", "--worker", "claude-code/alice"])).code).toBe(
    0,
  );
  const claim = ["claim", "file.contains", "path=README.md", `literal=${text}`];
  expect((await clone.wingman(claim)).code).toBe(0);
  expect((await clone.wingman(["done"])).code).toBe(0);
  await clone.git("add", "-A");
  const run =
    /claims\/(.+)\.jsonl/.exec(await clone.git("diff", "--cached", "--name-only"))?.[1] ?? "";
  await clone.commit("Work", { trailer: run, sign: world.keys.alice });
  for (const ref of ["main", "topic"]) {
    const push = await clone.push(["origin", `HEAD:refs/heads/${ref}`], { pusher: LOGINS.alice });
    expect(push.code).not.toBe(0);
    expect(push.stderr).toContain("secrets/found");
    expect(push.stderr).not.toContain(text);
  }
  const ledger = await server.wingman(["ledger", "show", "--format", "json"]);
  expect(ledger.stdout).toContain('"verdict":"FALSE"');
  expect(ledger.stdout).toContain("withheld");
  expect(ledger.stdout).not.toContain(text);
}, 60_000);

test("a secret on a line that another rule shows", async () => {
  const { clone } = await governed({ policy });
  const text = secret("github");
  clone.write(
    ".wingman/instructions/INS-0001.md",
    instructionText({
      id: "INS-0001",
      mitigation: text,
      body: `Run git push --force ${text} now.`,
    }),
  );
  for (const format of ["text", "json", "sarif", "github", "junit", "markdown"]) {
    const run = await clone.wingman([
      "check",
      ".wingman/instructions/INS-0001.md",
      "--format",
      format,
    ]);
    expect(run.code).toBe(1);
    expect(`${run.stdout}${run.stderr}`).toContain("secrets/found");
    expect(`${run.stdout}${run.stderr}`).not.toContain(text);
  }
}, 60_000);
