import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alertMessage, consoleNotifier, cutText, planAlerts, textOf } from "../src/index.ts";
import { HOSTILE_TEXTS, UNSHOWN } from "./hostile-texts.ts";
import { occurrence, stateOf, TS, verdict } from "./literals.ts";

const CHANNEL = [{ name: "voice", kind: "notifier" }] as const;
function messageOf(
  state: ReturnType<typeof stateOf>,
  find: Parameters<typeof alertMessage>[2] = occurrence,
) {
  const [step] = planAlerts({ state, done: new Set(), channels: CHANNEL });
  if (step === undefined) throw new Error("no step");
  return alertMessage(step, state, find);
}

describe("the message", () => {
  it("says who, what, where, and how to lift it", async () => {
    let out = "";
    await consoleNotifier((text) => {
      out += text;
    }).notify(messageOf(stateOf([{}])));
    for (const part of [
      "claude-code/alice (locked)",
      "INS-0007",
      "20261122-090001-k3f9#1 file.exists",
      "something at src/a.ts",
      "nothing stands there",
      "commit bbbbbbbbbbbb",
      "100 records, root abababababab",
      "wingman unlock claude-code/alice",
    ])
      expect(out).toContain(part);
    expect(out.endsWith("\n")).toBe(true);
  });
  it("counts twenty and lists them all", () => {
    const occurrences = Array.from({ length: 20 }, (_, at) => at);
    const text = textOf(messageOf(stateOf([{ occurrences }])), 16_384);
    expect(text.split("\n")[0]).toBe("FALSE: 20 claims of claude-code/alice are not so");
    for (const seq of occurrences) expect(text).toContain(`#${seq} file.exists`);
  });
  it("says how many more there are where they do not fit, and still how to lift it", () => {
    const occurrences = Array.from({ length: 500 }, (_, at) => at);
    const text = textOf(messageOf(stateOf([{ occurrences }])));
    expect(text.length).toBeLessThanOrEqual(4096);
    expect(text).toMatch(/… and \d+ more, in the ledger/);
    expect(text).toContain("wingman unlock claude-code/alice");
  });
  it("shows hostile text as text, and starts no line with it", () => {
    const hostile = "x\n::error::y\u001b[31m\u202e@everyone\r";
    const text = textOf(
      messageOf(stateOf([{}]), (seq) => ({
        seq,
        ts: TS,
        verdict: verdict(seq, { observed: hostile }),
      })),
    );
    expect(text).not.toMatch(/^::/m);
    expect(text).not.toMatch(/[\u001b\u202e\r]/);
  });
  it.each(Object.entries(HOSTILE_TEXTS))(
    "%s starts no command and paints nothing on the console",
    async (_, text) => {
      let out = "";
      const message = messageOf(stateOf([{ occurrences: [1, 2] }]), (seq) => ({
        seq,
        ts: TS,
        verdict: verdict(seq, { expected: text, observed: text, worker: text }),
      }));
      await consoleNotifier((piece) => {
        out += piece;
      }).notify(message);
      expect(out).not.toMatch(/^\s*::|##\[/m);
      expect(out).not.toMatch(UNSHOWN);
      expect(out.length).toBeLessThan(16_500);
    },
  );
  it("tells what is no verdict, and what could not be read", () => {
    const state = stateOf([{ id: "incident-7", kind: "tampering", worker: "" }]);
    expect(
      textOf(messageOf(state, (seq) => ({ seq, ts: TS, what: "line 4 was rewritten" }))),
    ).toContain("line 4 was rewritten");
    expect(textOf(messageOf(state, () => undefined))).toContain("could not be read");
  });
  it("is cut between characters as readers see them (property)", () => {
    const family = "\u{1f469}\u200d\u{1f469}\u200d\u{1f467}";
    expect(cutText(`ab${family}cd`, 8)).toBe("ab…");
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 200 }),
        fc.integer({ min: 1, max: 100 }),
        (text, limit) => {
          const cut = cutText(text, limit);
          expect(cut.length).toBeLessThanOrEqual(limit);
          if (cut !== text) expect(text.startsWith(cut.slice(0, -1))).toBe(true);
        },
      ),
    );
  });
});
