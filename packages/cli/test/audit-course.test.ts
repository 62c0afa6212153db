/**
 * An audit that is cut off at any byte of its part goes on to the same bytes and judges nothing twice;
 * parts that were changed, mixed up or made elsewhere are refused.
 */
import { closeSync, constants, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { auditRun, CHECKER } from "@wingman/audit";
import { type ClaimText, isFault, type Run } from "@wingman/model";
import { temporaryFolder } from "@wingman/testkit";
import { beforeAll, expect, test } from "vitest";
import { resealed } from "../../../test/stories/sealed.ts";
import { context, runOf } from "../../audit/test/run-literal.ts";
import { type Course, goOn, type Judge, joinParts } from "../src/audit-course.ts";
import { AuditPart } from "../src/audit-part.ts";
import { formatReport } from "../src/formats/formats.ts";
import { PartCursor } from "../src/part-cursor.ts";
import type { PartHead } from "../src/part-records.ts";
import { BEGIN } from "../src/sealed-lines.ts";

const HEAD: PartHead = {
  schemaVersion: 2,
  checker: CHECKER,
  program: "0.0.0",
  policy: "sha256:0",
  asked: { all: true },
  subject: "b",
  drift: null,
  events: null,
  shard: [1, 1],
};
/** Each is parsed once, until what a push spends on parsing is spent. */
const LARGE = Object.fromEntries(
  Array.from({ length: 45 }, (_, at) => [`${at}.json`, `{"a": "${at}${"x".repeat(1 << 20)}"}\n`]),
);

let runs: readonly Run[];
let folder: string;
beforeAll(async () => {
  folder = temporaryFolder();
  const exists = (count: number): ClaimText[] =>
    Array.from({ length: count }, (_, at) => ({
      type: "file.exists",
      args: { path: at % 7 === 0 ? `none${at}` : "a.txt" },
    }));
  const parsed = exists(80).map((one, at) =>
    at < 45
      ? { type: "data.path", args: { path: `${at}.json`, pointer: "/a", op: "exists" } }
      : one,
  );
  const literals = [exists(150), [], [...parsed, ...parsed.slice(42, 45)], exists(3)];
  runs = await Promise.all(
    literals.map(async (claims, at) => {
      const run = await runOf({ end: { "a.txt": "a\n", ...(at === 2 ? LARGE : {}) }, claims });
      const name = { worker: "claude-code/alice", run: `20261122-09000${at}-k3f9` };
      return { ...run, name, file: { ...run.file, name } };
    }),
  );
});

let judged = 0;
const judge: Judge = async (run, { earlier, keep }) => {
  const { findings } = await auditRun(run, {
    ...context(),
    ...(earlier === undefined ? {} : { earlier }),
    keep: async (verdicts, left) => {
      judged += verdicts.length;
      keep({ verdicts, left });
    },
  });
  return findings;
};

/** Audits into a file as it stands, and gives what the report says. */
async function audited(
  path: string,
  shard: readonly [number, number] = [1, 1],
  of = runs,
): Promise<string> {
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT);
  const part = new AuditPart(file, "", BEGIN);
  try {
    let known: PartCursor | undefined;
    if (readFileSync(path).includes(10)) known = new PartCursor(path, file, "");
    else {
      part.goOnFrom(BEGIN);
      part.add({ head: { ...HEAD, shard } });
    }
    return told(part, await goOn({ runs: of, shard, judge, part }, known));
  } finally {
    part.close();
  }
}

function told({ findings, verdicts }: AuditPart, { runs: subject, tally }: Course): string {
  const report = { subject: `${subject}`, findings, verdicts, tally, notKnown: [] };
  return formatReport("json", report, { colour: false, all: true, policy: context().policy });
}

async function joined(paths: readonly string[], of = runs, secret = ""): Promise<string> {
  const files = paths.map((path) => openSync(path, constants.O_RDONLY));
  const part = new AuditPart(openSync(join(folder, `joined-${judged}`), "w+"), "", BEGIN);
  try {
    const cursors = paths.map((path, at) => new PartCursor(path, files[at] ?? -1, secret));
    return told(
      part,
      await joinParts({ runs: of, shard: [1, 1], judge, part }, cursors, () => true),
    );
  } finally {
    part.close();
    for (const file of files) closeSync(file);
  }
}

async function why(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return isFault(error) ? `${error.code}: ${error.message}` : `no fault: ${String(error)}`;
}

test("cut off at any byte, it goes on to the same bytes and judges nothing twice", async () => {
  const whole = join(folder, "whole");
  judged = 0;
  const report = await audited(whole);
  const all = judged;
  expect(all).toBe(236);
  expect(report).toContain('"reason": "BUDGET"');
  const bytes = readFileSync(whole);
  const ends = [...bytes.entries()].flatMap(([at, byte]) => (byte === 10 ? [at + 1] : []));
  const cuts = ends.flatMap((end) => [end - 1, end, end + 9]);
  for (const cut of [...new Set([0, 1, 40, ...cuts])].filter((at) => at <= bytes.length)) {
    const path = join(folder, "cut");
    // What a crash leaves: the file's begin, or blocks of zeros where its end should be.
    const rest = cut % 2 === 0 ? Buffer.alloc(0) : Buffer.alloc(cut === 1 ? 0 : 512);
    writeFileSync(path, Buffer.concat([bytes.subarray(0, cut), rest]));
    judged = 0;
    expect(await audited(path)).toBe(report);
    expect(readFileSync(path).equals(bytes)).toBe(true);
    const lines = bytes.subarray(0, cut).toString("utf8").split("\n").slice(0, -1);
    const kept = lines.reduce((sum, one) => sum + (one.match(/"claim":\{/g)?.length ?? 0), 0);
    expect([cut, judged]).toEqual([cut, all - kept]);
  }
});

test("shards join to the whole", async () => {
  const report = await audited(join(folder, "whole"));
  for (const count of [2, 3, 9]) {
    const paths = Array.from({ length: count }, (_, at) => join(folder, `part-${at + 1}-${count}`));
    for (const [at, path] of paths.entries()) await audited(path, [at + 1, count]);
    expect(await joined(paths)).toBe(report);
  }
});

test("a part that is not what this repository would give is refused", async () => {
  const path = join(folder, "changed");
  const honest = join(folder, "honest");
  await audited(honest);
  const text = readFileSync(honest, "utf8");
  const lines = text.split("\n").slice(0, -1);
  const swap = (from: string | RegExp, to: string) =>
    resealed(text, (line) => line.replace(from, to));
  const without = (at: number) =>
    resealed(lines.filter((_, other) => other !== at).join("\n"), (line) => line);
  const doubled = (at: number) =>
    resealed(
      lines.flatMap((line, other) => (other === at ? [line, line] : [line])).join("\n"),
      (line) => line,
    );
  const cases: [what: string, content: string, says: RegExp][] = [
    ["one byte", text.replace('"verdict":"TRUE"', '"verdict":"FALSE"'), /not judged to its end/],
    ["no head", lines.slice(1).join("\n"), /is no part/],
    ["text", "hello\n", /is no part/],
    ["nothing", "", /is no part/],
    ["JSON of another kind", '{"a":1}\n', /is no part/],
    ["another format", swap('"schemaVersion":2', '"schemaVersion":3'), /is no part/],
    ["other commits' verdicts", swap(/"commit":"b/g, '"commit":"c'), /another commit/],
    ["another tree", swap(/"tree":"/g, '"tree":"0'), /another commit/],
    [
      "another run",
      swap(
        /"run":"claude-code\/alice\/20261122-090000/g,
        '"run":"claude-code/alice/20261122-090009',
      ),
      /names another run|does not tell/,
    ],
    [
      "another worker",
      swap('"worker":"claude-code/alice"', '"worker":"claude-code/bob"'),
      /names another run/,
    ],
    ["another claim line", swap('"digest":"sha256:', '"digest":"sha256:00'), /another line/],
    ["a batch left out", without(2), /verdicts on|another line/],
    ["a batch twice", doubled(1), /verdicts on/],
    ["a run left out", without(4), /where another is due|not judged to its end/],
    ["a run twice", doubled(4), /where another is due/],
    ["no end", `${lines.slice(0, -1).join("\n")}\n`, /not judged to its end/],
    ["more behind the end", doubled(lines.length - 1), /not judged to its end/],
    ["the end of another audit", swap('"end":4', '"end":5'), /audit of 5 runs/],
    ["no verdict", swap('"verdict":"TRUE"', '"verdict":"MAYBE"'), /not judged to its end/],
    [
      "a verdict of another shape",
      swap('"expected":"', '"expected":5,"x":"'),
      /not judged to its end/,
    ],
    ["an accusing TRUE", swap('"accuses":false', '"accuses":true'), /not judged to its end/],
    ["findings of another shape", swap('"findings":[', '"findings":[5,'), /not judged to its end/],
  ];
  for (const [what, content, says] of cases) {
    writeFileSync(path, content);
    expect([what, await why(joined([path]))]).toEqual([what, expect.stringMatching(says)]);
  }
  writeFileSync(path, swap(/"commit":"b/g, '"commit":"c'));
  expect(await why(audited(path))).toMatch(/audit\/part: .*another commit/);
  writeFileSync(path, text);
  // Fewer runs than the part tells of; or it was sealed by somebody else.
  expect(await why(joined([path], runs.slice(0, 3)))).toMatch(/audit\/part/);
  const fewer = await audited(join(folder, "fewer"), [1, 1], runs.slice(0, 3));
  expect(await audited(path, [1, 1], runs.slice(0, 3))).toBe(fewer);
  writeFileSync(path, text);
  expect(await why(joined([path], runs, "a secret"))).toMatch(/WINGMAN_PART_SECRET/);
});
