/** Approvals, orders, baselines, canonical JSON: what is written is read, and what is signed is exact. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Approval } from "../src/approval.ts";
import {
  approvalPath,
  parseApproval,
  serializeApproval,
  signedBytesOfApproval,
} from "../src/approval.ts";
import { parseBaseline, serializeBaseline } from "../src/baseline.ts";
import { parseDuration } from "../src/duration.ts";
import { isFault } from "../src/fault.ts";
import { canonicalJson } from "../src/jcs.ts";
import type { Order } from "../src/order.ts";
import { orderPath, parseOrder, serializeOrder, signedBytesOfOrder } from "../src/order.ts";
import { isTimestamp } from "../src/timestamp.ts";

const signature = "-----BEGIN SSH SIGNATURE-----\nU1NIU0lH\n-----END SSH SIGNATURE-----\n";
const approval: Approval = {
  v: 1,
  instruction: "INS-0007",
  digest: `sha256:${"a".repeat(64)}`,
  environment: "test",
  reason: "Read: # fine, 'quoted' and \"quoted\"",
  expires: "2026-12-22T00:00:00.000Z",
  by: "mark@acme.example",
  signature,
};
const order: Order = {
  v: 1,
  origin: "acme/shop",
  action: "unlock",
  subject: "claude-code/alice",
  reason: "Build path was a typo; corrected in INS-0011",
  nonce: "12345678901234567890123456789012",
  covers: 118,
  by: "mark@acme.example",
  signature,
};

describe("round trips", () => {
  const line = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 80 })
    .filter((text) => !text.includes("\0"));

  test("approvals", () => {
    fc.assert(
      fc.property(line, (reason) => {
        const one = { ...approval, reason };
        const parsed = parseApproval(approvalPath("INS-0007"), Buffer.from(serializeApproval(one)));
        expect(parsed).toEqual({ ok: true, value: one });
      }),
    );
  });

  test("orders: digits alone stay text, nonces like 1e5 too", () => {
    const nonce = fc
      .array(fc.constantFrom(..."0123456789abcdef"), { minLength: 16, maxLength: 64 })
      .map((chars) => chars.join(""));
    fc.assert(
      fc.property(line, nonce, (reason, one) => {
        const made = { ...order, reason, nonce: one };
        const parsed = parseOrder(orderPath(one), Buffer.from(serializeOrder(made)));
        expect(parsed).toEqual({ ok: true, value: made });
      }),
    );
    const digits = { ...order, nonce: "1234567890123456e7" };
    expect(parseOrder(orderPath(digits.nonce), Buffer.from(serializeOrder(digits)))).toEqual({
      ok: true,
      value: digits,
    });
  });

  test("baselines, with paths that are no UTF-8", () => {
    const finding = {
      fingerprint: "f1",
      code: "secrets/found",
      owner: "mark",
      reason: "old",
      expires: approval.expires,
    };
    const baseline = {
      v: 1 as const,
      tips: ["1".repeat(40)],
      findings: [{ ...finding, path: "a\udcff/b" }],
    };
    expect(parseBaseline(Buffer.from(serializeBaseline(baseline)))).toEqual({
      ok: true,
      value: baseline,
    });
  });
});

describe("signed bytes", () => {
  test("are these", () => {
    expect(signedBytesOfApproval(approval, "acme/shop").toString()).toBe(
      `{"by":"mark@acme.example","digest":"sha256:${"a".repeat(64)}","environment":"test","expires":"2026-12-22T00:00:00.000Z","instruction":"INS-0007","origin":"acme/shop","reason":"Read: # fine, 'quoted' and \\"quoted\\"","v":1}`,
    );
    expect(signedBytesOfOrder(order).toString()).toBe(
      '{"action":"unlock","by":"mark@acme.example","covers":118,"nonce":"12345678901234567890123456789012","origin":"acme/shop","reason":"Build path was a typo; corrected in INS-0011","subject":"claude-code/alice","v":1}',
    );
  });

  test("change with every field", () => {
    const base = signedBytesOfOrder(order).toString();
    const others: Partial<Order>[] = [
      { origin: "evil/shop" },
      { action: "lock" },
      { subject: "claude-code/bob" },
      { reason: "x" },
      { nonce: "f".repeat(32) },
      { covers: 119 },
      { until: approval.expires },
      { by: "dana@acme.example" },
    ];
    for (const other of others)
      expect(signedBytesOfOrder({ ...order, ...other }).toString()).not.toBe(base);
    const signed = signedBytesOfApproval(approval, "acme/shop").toString();
    expect(signedBytesOfApproval(approval, "acme/fork").toString()).not.toBe(signed);
  });
});

describe("canonicalJson", () => {
  test("RFC 8785 3.2.3: keys by UTF-16 units", () => {
    const value = {
      "\u20ac": 1,
      "\r": 2,
      "\ufb33": 3,
      "1": 4,
      "\ud83d\ude00": 5,
      "\u0080": 6,
      "\u00f6": 7,
    };
    expect(canonicalJson(value)).toBe(
      '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}',
    );
  });

  test("RFC 8785 3.2.2.2: strings", () => {
    expect(canonicalJson('\u20ac$\u000f\nA\'B"\\\\"/')).toBe(
      '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"',
    );
  });

  test("is JSON, and stable under itself", () => {
    const value = fc
      .jsonValue()
      .filter((one) => !/[.e]/.test(JSON.stringify(one).replaceAll(/"(?:\\.|[^"])*"/g, "")));
    fc.assert(
      fc.property(value, (one) => {
        if (/\p{Surrogate}/u.test(JSON.stringify(one)) || /\\ud[89a-f]/i.test(JSON.stringify(one)))
          return;
        let text: string;
        try {
          text = canonicalJson(one);
        } catch (error) {
          if (isFault(error)) return; // -0.0 and huge integers
          throw error;
        }
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });

  test("refuses what two readers could print differently", () => {
    const deep = Array.from({ length: 300 }).reduce<unknown>((inner) => [inner], 1);
    for (const value of [
      1.5,
      2 ** 53,
      Number.NaN,
      Infinity,
      "\ud800",
      { "\udfff": 1 },
      1n,
      undefined,
      () => 1,
      deep,
    ]) {
      expect(() => canonicalJson(value)).toThrow("canonical JSON");
    }
    expect(canonicalJson([-0, 2 ** 53 - 1, -(2 ** 53 - 1)])).toBe(
      "[0,9007199254740991,-9007199254740991]",
    );
  });
});

test("times and durations", () => {
  expect(["2026-02-28T23:59:59.999Z", "2024-02-29T00:00:00.000Z"].every(isTimestamp)).toBe(true);
  const bad = [
    "2026-02-29T00:00:00.000Z",
    "2026-11-22T09:00:01Z",
    "2026-11-22",
    "2026-11-22T24:00:00.000Z",
    "",
  ];
  expect(bad.filter(isTimestamp)).toEqual([]);
  expect(
    ["5ms", "120s", "2m", "1h", "30d", "0s", "1.5h", "1 h", "-1s", "99999999d"].map(parseDuration),
  ).toEqual([
    5,
    120_000,
    120_000,
    3_600_000,
    2_592_000_000,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
