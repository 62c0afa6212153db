import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { digestOf, parsePolicy } from "@wingman/model";
import { temporaryFolder } from "@wingman/testkit";
import { expect, it } from "vitest";
import { keptPolicy } from "../src/kept-policy.ts";

const text = (revision: number): Buffer =>
  Buffer.from(
    `v: 1\nrevision: ${revision}\norigin: acme/shop\ngoverned: [main]\nadministrators: [mark@acme.example]\n`,
  );

it("gives what reading gives, and a policy by its own bytes alone", () => {
  const folder = temporaryFolder();
  for (const revision of [1, 2, 1]) {
    const read = parsePolicy(text(revision));
    if (!read.ok) throw new Error("a good policy");
    const { policy, digest } = read.value;
    for (let again = 0; again < 2; again += 1)
      expect(keptPolicy(folder)(text(revision))).toEqual({ ok: true, value: { policy, digest } });
  }
});

it("never keeps a bad one, and reads again where the file is cut, edited, or others could write it", () => {
  const folder = temporaryFolder();
  expect(keptPolicy(folder)(Buffer.from("v: 1\nmode: warn\n")).ok).toBe(false);
  const file = join(folder, "cache/policy");
  const kept = keptPolicy(folder)(text(1));
  const whole = readFileSync(file, "utf8");
  const weaker = whole.replace('"mode":"enforce"', '"mode":"warn"');
  expect(weaker).not.toBe(whole);
  const foreign = whole.replace(digestOf(text(1)), digestOf(text(2)));
  for (const spoiled of [weaker, whole.slice(0, -3), "", foreign]) {
    writeFileSync(file, spoiled);
    expect(keptPolicy(folder)(text(1))).toEqual(kept);
  }
  const other = `${whole.split("\n")[0]}\n${JSON.stringify({ policy: {}, digest: "x" })}`;
  writeFileSync(file, other);
  expect(keptPolicy(folder)(text(1))).toEqual(kept);
  chmodSync(file, 0o666);
  expect(keptPolicy(folder)(text(1))).toEqual(kept);
});
