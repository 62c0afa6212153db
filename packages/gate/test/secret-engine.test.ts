/** The engine beneath the rows: its automaton, its windows, its blocks. */
import { secretOf } from "@wingman/testkit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildAutomaton, decodeAutomaton, encodeAutomaton } from "../src/secrets/automaton.ts";
import { AUTOMATON, findKeywords, RUN_STEP, runsOf } from "../src/secrets/keyword-search.ts";
import { KEYWORDS } from "../src/secrets/keywords.ts";
import { reachOf } from "../src/secrets/pattern-reach.ts";
import { ROWS } from "../src/secrets/rows.ts";
import { scanVersion } from "../src/secrets/scan-version.ts";
import { MARGIN, type SecretHit, scanBytes, scanStream } from "../src/secrets/scanner.ts";

const bytesOf = ({ buffer, byteOffset, byteLength }: Uint16Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

describe("the automaton", () => {
  test("that was built is the one that the rows say", () => {
    const now = buildAutomaton(KEYWORDS);
    expect(AUTOMATON.keywords).toEqual(now.keywords);
    expect(AUTOMATON.ends).toEqual(now.ends);
    expect([AUTOMATON.shift, AUTOMATON.accepting]).toEqual([now.shift, now.accepting]);
    expect(Buffer.from(AUTOMATON.classes).equals(Buffer.from(now.classes))).toBe(true);
    // The built one's table is a view into its file.
    expect(Buffer.compare(bytesOf(AUTOMATON.next), bytesOf(now.next))).toBe(0);
  });

  test("is the same after it was written and read", () => {
    const automaton = buildAutomaton(["abc", "bcd-", "c".repeat(3)]);
    const { automaton: read, digest } = decodeAutomaton(encodeAutomaton(automaton, "1f"));
    expect({ ...read, classes: [...read.classes] }).toEqual({
      ...automaton,
      classes: [...automaton.classes],
    });
    expect(digest).toBe("1f");
  });

  test("finds what a plain search finds, wherever keywords overlap", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom(..."ab-"), minLength: 2, maxLength: 5 }), {
          minLength: 1,
          maxLength: 8,
        }),
        fc.string({ unit: fc.constantFrom(..."abAB-é\0"), maxLength: 60 }),
        (keywords, text) => {
          const automaton = buildAutomaton(keywords);
          const bytes = Buffer.from(text, "latin1");
          const found = findKeywords(bytes, automaton);
          const seen = Array.from({ length: found.count }, (_, at) =>
            [found.pairs[2 * at + 1], automaton.keywords[found.pairs[2 * at] ?? -1]].join(),
          );
          const folded = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
          const plain = automaton.keywords.flatMap((keyword) =>
            [...folded].flatMap((_, at) =>
              folded.startsWith(keyword, at) ? [`${at},${keyword}`] : [],
            ),
          );
          const runs = new Set([...runsOf(automaton)].map((index) => automaton.keywords[index]));
          const notRun = (one: string) => !runs.has(one.slice(one.indexOf(",") + 1));
          expect(seen.filter(notRun).sort()).toEqual(plain.filter(notRun).sort());
          for (const one of seen) expect(plain).toContain(one);
        },
      ),
    );
  });

  test("tells a few places of a long run, from its first to its last", () => {
    const automaton = buildAutomaton(["aaaa"]);
    const { count, pairs } = findKeywords(Buffer.from(`x${"a".repeat(1000)}y`), automaton);
    const starts = Array.from({ length: count }, (_, at) => pairs[2 * at + 1] ?? -1);
    expect(starts[0]).toBe(1);
    expect(starts.at(-1)).toBeGreaterThan(1001 - 4 - RUN_STEP);
    for (const [at, start] of starts.slice(1).entries())
      expect(start - (starts[at] ?? 0)).toBe(RUN_STEP);
  });

  test("tells the first place of each run, which is all that a row that looks nowhere else can match", () => {
    const runs = [...runsOf(AUTOMATON)].map((index) => AUTOMATON.keywords[index] ?? "");
    expect(runs.length).toBeGreaterThan(0);
    for (const run of runs) expect(run.length).toBeGreaterThan(RUN_STEP);
    for (const { id, keywords, pattern } of ROWS)
      if (pattern.sticky && keywords.some((keyword) => runs.includes(keyword)))
        expect(pattern.source.startsWith("(?<![A-Za-z0-9]"), id).toBe(true);
  });
});

describe("every row", () => {
  test.each(ROWS.map((row) => [row.id, row] as const))("%s is bounded", (_id, row) => {
    const { match, behind, ahead } = reachOf(row.pattern);
    expect(match + behind + ahead + (row.near ?? 0)).toBeLessThanOrEqual(MARGIN / 2);
    expect(row.pattern.flags).toMatch(/^[dims]*[gy][dims]*$/);
  });

  test("has an id of its own", () => {
    const ids = ROWS.map((row) => row.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
  });
});

test.each([
  ["a{2,5}b?", 6],
  ["(?:ab|c){3}", 6],
  ["(?=(x{12,300}))\\1", 300],
  ["[\\]a]{2}\\x41\\b", 3],
])("the reach of /%s/ is %i", (source, length) => {
  expect(reachOf(new RegExp(source)).match).toBe(length);
});

test.each(["a*", "ab+", "(?:ab){2,}"])("/%s/ has no bound", (source) => {
  expect(() => reachOf(new RegExp(source))).toThrow("bound");
});

describe("a stream", () => {
  const secret = `${"1234567890".slice(0, 9)}:AA${secretOf("random").repeat(3).slice(0, 33)}`;
  test.each([1, 7, 4096, 1 << 20])(
    "in pieces of %i bytes gives what the whole gives",
    async (size) => {
      const bytes = Buffer.from(`ü ${"x ".repeat(size === 1 ? 100 : 900_000)}\n${secret} `);
      const pieces = async function* () {
        for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
      };
      const whole = await scanBytes(bytes);
      expect(whole.map((hit) => [hit.rule, hit.line])).toEqual([["telegram-bot-token", 2]]);
      expect(await scanStream(pieces())).toEqual(whole);
    },
  );
});

describe("a later version of a file", () => {
  const token = () => secretOf("github");
  const filler = "some words of no importance\n".repeat(4000);
  const rules = async (bytes: string, before: string) =>
    (await scanVersion(Buffer.from(bytes), Buffer.from(before), {})).hits.map((hit) => hit.line);

  test("tells what came, at its line, and not what was there", async () => {
    const old = `key = ${token()}\n${filler}`;
    expect(await rules(`${old}key = ${token()}\n${filler}`, `${old}${filler}`)).toEqual([4002]);
    expect(await rules(old, old)).toEqual([]);
    expect(await rules("", old)).toEqual([]);
    expect(await rules(old, "")).toEqual([1]);
  });

  test("finds a secret whatever part of it came", async () => {
    const secret = token();
    for (let at = 0; at <= secret.length; at += 1) {
      for (const length of [1, 5, secret.length]) {
        const old = `${filler}${secret.slice(0, at)}${secret.slice(at + length)}\n${filler}`;
        expect(await rules(`${filler}${secret}\n${filler}`, old)).toEqual(
          at === secret.length ? [] : [4001],
        );
      }
    }
  });

  test("and whatever else changed: what differs is scanned as the whole would be", async () => {
    const pieces = fc.array(fc.constantFrom("a", "b\n", token(), " ", "key = "), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(pieces, pieces, async (before, after) => {
        const [old, now] = [Buffer.from(before.join("")), Buffer.from(after.join(""))];
        const all = await scanBytes(now);
        const { hits } = await scanVersion(now, old, {});
        const known = new Set((await scanBytes(old)).map((hit) => hit.fingerprint));
        const isNew = (hit: SecretHit) => !known.has(hit.fingerprint);
        expect(hits.filter(isNew)).toEqual(all.filter(isNew));
      }),
    );
  });
});
