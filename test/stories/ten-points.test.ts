/**
 * The ten points through the built program: each of them missing, empty, a placeholder, too thin, or
 * only hidden somewhere, in every form; refused with its name, number and line, on every surface with
 * the same findings. And complete instructions of every form accepted on all of them.
 */
import { POINTS, type PointName } from "@wingman/model";
import { runWingman } from "@wingman/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { type Governed, governed, LOGINS } from "./governed.ts";
import { COMPLETE, DEFECTS, type Sample } from "./ten-points-samples.ts";

interface Seen {
  readonly code: string;
  readonly severity: string;
  readonly path: string;
  readonly line: number;
  readonly why?: string;
}

const DIR = ".wingman/instructions";
const pathOf = (sample: Sample, index: number): string =>
  `${DIR}/INS-${String(index + 1).padStart(4, "0")}.${sample.form === "yaml" ? "yaml" : "md"}`;

const filesOf = (samples: readonly Sample[]): Record<string, string> =>
  Object.fromEntries(
    samples.map((sample, index) => [
      pathOf(sample, index),
      sample.text(`INS-${String(index + 1).padStart(4, "0")}`),
    ]),
  );

/** The findings about instructions, without what only says where they were seen. */
async function findings(
  cwd: string,
  args: readonly string[],
  input?: string,
): Promise<{ code: number; found: readonly Seen[] }> {
  const ran = await runWingman(["check", "--format", "json", ...args], {
    cwd,
    ...(input === undefined ? {} : { input }),
  });
  if (ran.code > 1) throw new Error(`${args.join(" ").slice(0, 200)}: ${ran.stderr}`);
  const document: { findings: (Seen & { commit?: string; ref?: string })[] } = JSON.parse(
    ran.stdout,
  );
  const found = document.findings
    .filter((one) => one.path?.startsWith(`${DIR}/`))
    .map(({ commit: _commit, ref: _ref, ...one }) => one);
  return { code: ran.code, found };
}

/** What pre-receive and pre-commit print: `error[code]` and the line below it that says where. */
function printed(text: string): string[] {
  const plain = text.replace(/^remote: /gm, "").replace(/[ \t]+$/gm, "");
  return [
    ...plain.matchAll(/^(?:error|warning)\[([\w/-]+)\].*\n {2}--> "?([^\s":]+)"?(?::(\d+))?/gm),
  ].map(([, code, path, line]) => `${code} ${path}:${line}`);
}

const brief = (one: Seen): string => `${one.code} ${one.path}:${one.line}`;

describe("ten points", () => {
  let world: Governed;
  const surfaces: Record<string, readonly Seen[]> = {};
  let hook = { code: 0, stderr: "" };
  let push = { code: 0, stderr: "" };

  beforeAll(async () => {
    world = await governed();
    const { clone } = world;
    const adopted = await clone.wingman(["init", "--yes"]);
    if (adopted.code !== 0) throw new Error(adopted.stderr);
    const main = await clone.git("rev-parse", "HEAD");
    const files = filesOf(DEFECTS);
    await clone.git("checkout", "-q", "-b", "bad");
    const paths = Object.keys(files);
    const take = async (name: string, args: readonly string[], input?: string): Promise<void> => {
      const { code, found } = await findings(clone.folder, args, input);
      expect(`${name} ${code}`).toBe(`${name} 1`);
      surfaces[name] = found;
    };
    for (const [path, text] of Object.entries(files)) clone.write(path, text);
    await clone.git("add", DIR);
    await take("paths", paths);
    await take("staged", ["--staged"]);
    const head = await clone.commit("Bring them");
    await take("range", ["--range", `${main}..${head}`]);
    await take("all", ["--all"]);
    await take("pushed", ["--pushed"], `${"0".repeat(40)} ${head} refs/heads/bad\n`);
    // The hooks print twenty findings, so some of each form are enough for them.
    await clone.git("checkout", "-q", "-B", "some", "origin/main");
    const some = Object.entries(files).filter((_, index) => index % 25 === 0);
    hook = await clone.tryCommit("Bring some", { files: Object.fromEntries(some) });
    await clone.commit("Bring some");
    push = await clone.push(["origin", "some"], { pusher: LOGINS.dana });
  }, 300_000);

  test("the table has every point in every form", () => {
    for (const form of ["front matter", "yaml", "text"])
      for (const name of POINTS)
        expect(
          DEFECTS.filter((one) => one.form === form && one.point === name).length,
        ).toBeGreaterThan(9);
  });

  test.each(["paths", "staged", "range", "all", "pushed"])(
    "%s: each is refused at its line",
    (name) => {
      const seen = new Map<string, Seen[]>();
      for (const one of surfaces[name] ?? [])
        if (one.severity === "block") seen.set(one.path, [...(seen.get(one.path) ?? []), one]);
      const wrong: string[] = [];
      for (const [index, sample] of DEFECTS.entries()) {
        const path = pathOf(sample, index);
        const expected = `${sample.code} ${sample.line} ${title(sample.point)}`;
        const got = (seen.get(path) ?? [])
          .map((one) => `${one.code} ${one.line} ${one.why}`)
          .join("; ");
        if (got !== expected)
          wrong.push(`${sample.name}: ${got || "nothing"} instead of ${expected}`);
      }
      expect(wrong).toEqual([]);
    },
  );

  test("every surface says the same, byte for byte", () => {
    const [first, ...others] = Object.entries(surfaces).map(([, found]) => JSON.stringify(found));
    for (const other of others) expect(other === first).toBe(true);
  });

  test("pre-commit refuses, and prints what check found", () => {
    expect(hook.code).toBe(1);
    const all = (surfaces["staged"] ?? []).map(brief);
    const shown = printed(hook.stderr);
    expect(shown.length).toBeGreaterThan(9);
    for (const one of shown) expect(all).toContain(one);
  });

  test("the server refuses, prints what check found, and takes nothing", async () => {
    expect(push.code).not.toBe(0);
    const all = (surfaces["pushed"] ?? []).map(brief);
    const shown = printed(push.stderr);
    expect(shown.length).toBeGreaterThan(9);
    for (const one of shown) expect(all).toContain(one);
    expect(await world.server.git("for-each-ref", "--format=%(refname)", "refs/heads/bad")).toBe(
      "",
    );
  });

  test("a push of one defect says its point, number and line", async () => {
    const { clone } = world;
    for (const name of ["mitigation", "quality_metrics"] as const) {
      const index = DEFECTS.findIndex((one) => one.point === name && one.code === "points/missing");
      const sample = DEFECTS[index] as Sample;
      await clone.git("checkout", "-q", "-f", "-B", `one-${name}`, "origin/main");
      await clone.commit("Bring one", {
        files: { [`${DIR}/INS-0001.md`]: sample.text("INS-0001") },
      });
      const one = await clone.push(["origin", `one-${name}`], { pusher: LOGINS.dana });
      expect(one.code).not.toBe(0);
      expect(one.stderr).toContain(title(name));
      expect(printed(one.stderr)).toEqual([`points/missing ${DIR}/INS-0001.md:${sample.line}`]);
    }
  });

  test("complete ones of every form are accepted by the hook, by check and by the server", async () => {
    const { clone } = world;
    await clone.git("checkout", "-q", "-f", "-B", "good", "origin/main");
    const files = filesOf(COMPLETE);
    const committed = await clone.tryCommit("Bring good ones", { files });
    expect(committed.stderr).not.toMatch(/error\[/);
    expect(committed.code).toBe(0);
    for (const args of [Object.keys(files), ["--range", "origin/main..good"], ["--all"]]) {
      const { code, found } = await findings(clone.folder, args);
      expect(found.filter((one) => one.severity === "block")).toEqual([]);
      expect(code).toBe(0);
    }
    const landed = await clone.push(["origin", "good"], { pusher: LOGINS.mark });
    expect(landed.stderr).not.toMatch(/error\[/);
    expect(landed.code).toBe(0);
  }, 120_000);
});

function title(name: PointName): string {
  return `point ${POINTS.indexOf(name) + 1} of 10: ${name}`;
}
