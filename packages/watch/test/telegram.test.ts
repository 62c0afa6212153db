import { inspect } from "node:util";
import { secret } from "@wingman/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { NotDelivered } from "../src/index.ts";
import { telegramNotifier } from "../src/index.ts";
import { inertForTelegram } from "../src/telegram.ts";
import { about, CHAT, failure, telegram } from "./doubles.ts";
import { HOSTILE_TEXTS, UNSHOWN } from "./hostile-texts.ts";

/** A loaded machine answers late: only what is meant to time out does. */
const PATIENT = 20_000;

async function voice(more: { token?: string; chat?: string; timeoutMs?: number } = {}) {
  const { token, double } = await telegram();
  const notifier = telegramNotifier({
    token: more.token ?? token,
    chat: more.chat ?? CHAT,
    api: double.url,
    fetch,
    timeoutMs: more.timeoutMs ?? PATIENT,
  });
  return { token, double, notifier };
}

/** The error, which must never show the token however it is looked at. */
async function refusal(promise: Promise<unknown>, token: string): Promise<NotDelivered> {
  const error = await failure(promise);
  expect(error).toMatchObject({ name: "NotDelivered" });
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(token);
  return error as NotDelivered;
}

describe("Telegram", () => {
  it("takes the message as one block of plain text, previews off", async () => {
    const { double, notifier } = await voice();
    expect(await notifier.notify(about(), PATIENT)).toEqual({ externalId: "1" });
    const [message] = double.messages;
    expect(message?.text).toContain("FALSE: a claim of claude-code/alice is not so");
    expect(message?.entities).toEqual([
      { type: "pre", offset: 0, length: message?.text.length ?? 0 },
    ]);
    const sent = JSON.parse(double.requests[0]?.body ?? "");
    expect(sent).toMatchObject({ chat_id: CHAT, link_preview_options: { is_disabled: true } });
    expect(sent).not.toHaveProperty("parse_mode");
  });

  it.each(Object.entries(HOSTILE_TEXTS))("shows %s as text, whole or cut", async (_, text) => {
    const { double, notifier } = await voice();
    await notifier.notify(about({ text, occurrences: [1, 2, 3, 4, 5, 6, 7, 8] }), PATIENT);
    double.refuse({ kind: "entities" });
    await notifier.notify(about({ text }), PATIENT);
    const [blocked, bare] = double.messages;
    for (const message of [blocked, bare]) {
      expect(message?.text.length).toBeLessThanOrEqual(4096);
      expect(message?.text).not.toMatch(UNSHOWN);
      expect(message?.text).not.toMatch(/^\s*::|##\[/m);
      expect(message?.text).toContain("wingman");
    }
    expect(blocked?.entities[0]).toEqual({ type: "pre", offset: 0, length: blocked?.text.length });
    // Without a block, nothing that Telegram would make active stands next to its sign.
    expect(bare?.entities).toEqual([]);
    expect(bare?.text).not.toMatch(/[@#$][A-Za-z0-9_]|:\/\/|(^|\s)\/\w|\w\.[A-Za-z]/);
  });

  it("falls back to plain text once, and no further", async () => {
    const { double, token, notifier } = await voice();
    double.refuse({ kind: "entities" }, { kind: "entities" });
    const error = await refusal(notifier.notify(about(), PATIENT), token);
    expect(error).toMatchObject({ permanent: true, onlyThis: true });
    expect(double.requests).toHaveLength(2);
  });

  it.each([
    ["a refused token", { kind: "error", code: 401, description: "Unauthorized" }, true],
    ["a blocked bot", { kind: "blocked" }, true],
    ["a kicked bot", { kind: "kicked" }, true],
    ["an error of its own", { kind: "error", code: 500, description: "Internal" }, false],
    ["a lie: 200 and ok false", { kind: "lie" }, true],
    ["a lie without a code", { kind: "error", code: 200, description: "ok?" }, false],
  ] as const)("%s is told as such", async (_, how, permanent) => {
    const { double, token, notifier } = await voice();
    double.refuse(how);
    const error = await refusal(notifier.notify(about(), PATIENT), token);
    expect(error.permanent).toBe(permanent);
    expect(error.onlyThis).toBe(false);
    expect(double.messages).toHaveLength(0);
  });

  it("says which of its settings is wrong", async () => {
    const other = secret("telegram");
    const wrong = await voice({ token: other });
    const refused = await refusal(wrong.notifier.notify(about(), PATIENT), other);
    expect(refused).toMatchObject({ permanent: true });
    expect(refused.message).toContain("WINGMAN_TELEGRAM_TOKEN");
    const lost = await voice({ chat: "-5" });
    const error = await refusal(lost.notifier.notify(about(), PATIENT), lost.token);
    expect(error.message).toMatch(/notify\.telegram\.chat.*chat not found/);
    expect(error).toMatchObject({ permanent: true, onlyThis: false });
    const moved = await voice();
    moved.double.refuse({ kind: "moved", to: -100777 });
    expect((await refusal(moved.notifier.notify(about(), PATIENT), moved.token)).message).toContain(
      "-100777",
    );
  });

  it("hands on what it is asked to wait, bounded", async () => {
    const { double, token, notifier } = await voice();
    double.refuse({ kind: "wait", seconds: 7 });
    expect(await refusal(notifier.notify(about(), PATIENT), token)).toMatchObject({
      permanent: false,
      retryAfterMs: 7000,
    });
    for (const [asked, wait] of [
      [1e12, 86_400_000],
      [-5, undefined],
      ["soon", undefined],
    ]) {
      const body = { ok: false, error_code: 429, parameters: { retry_after: asked } };
      double.misbehave({ kind: "status", status: 429, body: JSON.stringify(body) });
      const error = await refusal(notifier.notify(about(), PATIENT), token);
      expect(error.permanent).toBe(false);
      expect(error.retryAfterMs === undefined || error.retryAfterMs <= 86_400_000).toBe(true);
      if (wait === undefined) expect(error.retryAfterMs).toBeUndefined();
    }
  });

  it.each([
    ["slow", { kind: "slow", ms: 1500 }],
    ["stalled", { kind: "stall" }],
    ["cut", { kind: "cut" }],
    ["cut after it was done", { kind: "cut", after: true }],
    ["a page of a proxy", { kind: "garbage" }],
    ["an empty body", { kind: "garbage", body: "" }],
    ["null", { kind: "garbage", body: "null" }],
    ["ok without a message", { kind: "garbage", body: '{"ok":true,"result":true}' }],
    ["ok as a text", { kind: "garbage", body: '{"ok":"true","result":{"message_id":1}}' }],
    ["endless", { kind: "endless" }],
    ["502", { kind: "status", status: 502 }],
    ["503", { kind: "status", status: 503, body: "" }],
  ] as const)("an answer that is %s can be tried again", async (_, how) => {
    const { double, token, notifier } = await voice({ timeoutMs: 300 });
    double.misbehave(how);
    expect(await refusal(notifier.notify(about(), PATIENT), token)).toMatchObject({
      permanent: false,
      onlyThis: false,
    });
    const patient = telegramNotifier({
      token,
      chat: CHAT,
      api: double.url,
      fetch,
      timeoutMs: PATIENT,
    });
    expect(await patient.notify(about(), PATIENT)).toHaveProperty("externalId");
  });

  it("keeps to the time that is left, whatever a clock makes of it", async () => {
    const { double, token, notifier } = await voice();
    expect(await notifier.notify(about(), 9876.543)).toHaveProperty("externalId");
    for (const left of [50.25, 0, -3]) {
      double.misbehave({ kind: "slow", ms: 1500 });
      expect(await refusal(notifier.notify(about(), left), token)).toMatchObject({
        permanent: false,
      });
    }
  });

  it("follows no redirect: the token would go along", async () => {
    const { double, token, notifier } = await voice();
    const other = await telegram(token);
    for (const status of [301, 302, 303, 307, 308])
      double.misbehave({
        kind: "redirect",
        status,
        to: `${other.double.url}/bot${token}/sendMessage`,
      });
    for (let asked = 0; asked < 5; asked += 1)
      expect((await refusal(notifier.notify(about(), PATIENT), token)).permanent).toBe(true);
    expect(other.double.requests).toHaveLength(0);
  });

  it("says what the connection said, without its address", async () => {
    const { double, token, notifier } = await voice();
    await double.close();
    const error = await refusal(notifier.notify(about(), PATIENT), token);
    expect(error.message).toMatch(/^no connection \(E[A-Z]+\)$/);
    expect(error.permanent).toBe(false);
  });

  it("shows no token, whatever fetch throws or a service echoes (property)", async () => {
    const token = secret("telegram");
    const forms = [
      token,
      encodeURIComponent(token),
      Buffer.from(token).toString("base64"),
      Buffer.from(token).toString("base64url"),
    ];
    const around = fc.tuple(fc.string({ maxLength: 300 }), fc.string({ maxLength: 300 }));
    await fc.assert(
      fc.asyncProperty(
        around,
        fc.constantFrom(...forms),
        fc.constantFrom("throw", "cause", "code", "echo", "page"),
        fc.constantFrom(400, 401, 404, 429, 500),
        async ([before, after], form, how, code) => {
          const text = `${before}/bot${form}/sendMessage${after}`;
          const broken = async (): Promise<Response> => {
            if (how === "throw") throw new Error(text);
            if (how === "cause") throw new TypeError("fetch failed", { cause: new Error(text) });
            if (how === "code") throw Object.assign(new Error(text), { code: text });
            if (how === "page") return new Response(text, { status: code });
            const body = { ok: false, error_code: code, description: text };
            return new Response(JSON.stringify(body), { status: code });
          };
          const notifier = telegramNotifier({ token, chat: CHAT, fetch: broken });
          const error = await failure(notifier.notify(about(), PATIENT));
          const shown = inspect(error, { depth: 9, showHidden: true });
          for (const one of forms) expect(shown).not.toContain(one);
        },
      ),
      { numRuns: 150 },
    );
  });

  it("parts what would be active, and nothing else", () => {
    expect(inertForTelegram("a b-c 1. x")).toBe("a b-c 1. x");
    expect(inertForTelegram("@a #b $C /d x://y setup.py").replaceAll("\u2060", "·")).toBe(
      "@·a #·b $·C /·d x:·/·/·y setup.·py",
    );
  });
});
