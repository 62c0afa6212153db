import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { OutboxLine } from "../src/index.ts";
import { doneKeys, openOutbox, performSteps, planAlerts } from "../src/index.ts";
import { CHANNELS, MemoryOutbox, performing, service, stateOf } from "./literals.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "outbox-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const intent = (key: string): OutboxLine => ({
  what: "intent",
  key,
  owner: "1@0",
  at: "2026-11-22T09:00:01.000Z",
});

describe("the outbox file", () => {
  it("is empty before it exists, and keeps lines in order", () => {
    const path = join(folder, "new", "outbox.jsonl");
    const outbox = openOutbox(path);
    expect(outbox.lines()).toEqual([]);
    outbox.append(intent("a"));
    outbox.append(intent("b"));
    expect(
      openOutbox(path)
        .lines()
        .map((line) => line.key),
    ).toEqual(["a", "b"]);
    expect(statSync(path).mode & 0o077).toBe(0);
  });
  it("torn at any byte: the whole lines stay, the torn one is reported, the next line is whole", () => {
    const path = join(folder, "outbox.jsonl");
    const outbox = openOutbox(path);
    outbox.append(intent("a"));
    outbox.append(intent("b"));
    const whole = readFileSync(path);
    const first = whole.indexOf(10) + 1;
    for (let size = first; size < whole.length; size += 1) {
      writeFileSync(path, whole.subarray(0, size));
      expect(outbox.lines().map((line) => line.key)).toEqual(["a"]);
      expect(outbox.problems()).toHaveLength(size === first ? 0 : 1);
      outbox.append(intent("c"));
      const keys = outbox.lines().map((line) => line.key);
      // Cut right before its line feed, the line itself is whole: the next append completes it.
      expect(keys).toEqual(size === whole.length - 1 ? ["a", "b", "c"] : ["a", "c"]);
    }
  });
  it("reports foreign lines, whatever they hold", () => {
    const path = join(folder, "outbox.jsonl");
    const outbox = openOutbox(path);
    outbox.append(intent("a"));
    appendFileSync(
      path,
      '[]\nnull\n"x"\n{"what":"done","key":"k","at":"x"}\n{"what":"other","key":"k","at":"x"}\n',
    );
    expect(outbox.lines()).toHaveLength(1);
    expect(outbox.problems()).toHaveLength(5);
  });
  it("carries a whole pass", async () => {
    const outbox = openOutbox(join(folder, "outbox.jsonl"));
    const state = stateOf([{}]);
    const { calls, channels } = service(new MemoryOutbox());
    for (let pass = 0; pass < 3; pass += 1) {
      const steps = planAlerts({ state, done: doneKeys(outbox.lines()), channels: CHANNELS });
      await performSteps(steps, performing(outbox, state, channels));
    }
    expect(calls).toHaveLength(2);
    expect(outbox.problems()).toEqual([]);
  });
});
