/**
 * `wingman demo`: the whole story in a throw-away copy of a real repository, narrated, with measured
 * times. Exit 0 only if every step went as it should; it leaves nothing behind without `--keep`.
 */

import { openRepo } from "@wingman/git";
import { isFault, visible } from "@wingman/model";
import { type SetUp, setUp, sourceOf } from "../demo/set-up.ts";
import { openStage } from "../demo/stage.ts";
import { storySteps } from "../demo/story.ts";
import { EXIT, type Io } from "../io.ts";

interface Row {
  readonly title: string;
  readonly seconds: number;
  readonly outcome: "as it should" | "FAILED" | "not reached";
}

/** Plays the story; `repo` is the repository to copy. */
export async function demo(
  options: { readonly repo?: string; readonly keep?: boolean },
  io: Io,
): Promise<number> {
  const began = io.clock();
  const source = await sourceOf(io, (folder) => repositoryAt(io, folder), options.repo);
  const { stage, actors } = await openStage(io, source ?? io.cwd);
  const undo = io.onStop(() => {
    if (!options.keep) stage.drop();
  });
  const rows: Row[] = [];
  try {
    io.out(PROLOGUE);
    io.out(" 0 a copy of the repository adopts Wingman\n");
    const started = io.clock();
    const scene = await setUp(stage, actors, source);
    io.out(`   ${setTelling(scene)}\n`);
    rows.push({
      title: "a copy of the repository adopts Wingman",
      seconds: (io.clock() - started) / 1000,
      outcome: "as it should",
    });
    const told = {
      say: (line: string) => io.out(`   ${line}\n`),
      show: (output: string, pattern: RegExp) => io.out(excerpt(output, pattern)),
      frame: (output: string, pattern: RegExp) => io.out(block(output, pattern)),
    };
    for (const [at, step] of storySteps({ ...scene, stage, actors, told }).entries()) {
      if (rows.some((row) => row.outcome === "FAILED")) {
        rows.push({ title: step.title, seconds: 0, outcome: "not reached" });
        continue;
      }
      io.out(`${String(at + 1).padStart(2)} ${step.title}\n`);
      rows.push(await play(io, step.title, () => step.run()));
    }
    io.out(table(rows, (io.clock() - began) / 1000));
    return rows.every((row) => row.outcome === "as it should") ? EXIT.ok : EXIT.findings;
  } finally {
    undo();
    if (options.keep) io.out(`kept: ${stage.root}\n`);
    else await stage.close();
  }
}

const PROLOGUE = `Wingman demo: a copy of a real repository, a bare remote with hooks, real git.
mark administers it, dana is a developer; alice, bob and carol are AI workers, and two of them lie.
The remote is a path on this machine: a courtesy, not an authority. Whoever pushes by path
chooses the program that receives. An authority is a server that nobody has a shell on.
GitHub and Telegram are two small servers of the demo's own, on this machine: nothing leaves it.

`;

function setTelling(scene: SetUp): string {
  const commits = `${scene.commits} commit${scene.commits === 1 ? "" : "s"}`;
  return `${commits} with the one that adopts it; the governed branch is ${visible(scene.branch)}; the story works in ${scene.folder}/`;
}

async function play(io: Io, title: string, run: () => Promise<void>): Promise<Row> {
  const started = io.clock();
  try {
    await run();
    return { title, seconds: (io.clock() - started) / 1000, outcome: "as it should" };
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    io.err(`   FAILED: ${what}\n${isFault(error) ? `   help: ${error.hint}\n` : ""}`);
    return { title, seconds: (io.clock() - started) / 1000, outcome: "FAILED" };
  }
}

async function repositoryAt(io: Io, folder: string): Promise<string | undefined> {
  try {
    const env = Object.fromEntries(
      Object.entries(io.env).filter(([name]) => !name.startsWith("GIT_")),
    );
    const repo = await openRepo({ cwd: folder, env });
    await repo.close();
    return repo.workTree ?? repo.commonDir;
  } catch (error) {
    if (isFault(error) && error.code === "git/no-repository") return undefined;
    throw error;
  }
}

/** The lines that matter, at most six, so that a newcomer reads an answer and not a log. */
function excerpt(output: string, pattern: RegExp): string {
  return quoted(
    plainLines(output)
      .filter((line) => pattern.test(line))
      .slice(0, 6),
  );
}

/** The first block that matches: reports divide their blocks by an empty line. */
function block(output: string, pattern: RegExp): string {
  const lines = plainLines(output);
  const from = lines.findIndex((line) => pattern.test(line));
  if (from === -1) return "";
  const length = lines.slice(from).indexOf("");
  return quoted(lines.slice(from, length === -1 ? undefined : from + length));
}

function plainLines(output: string): string[] {
  return output.split("\n").map((line) => line.replace(/^remote: ?/, "").trimEnd());
}

function quoted(lines: readonly string[]): string {
  return lines.map((line) => `   | ${line}\n`).join("");
}

function table(rows: readonly Row[], total: number): string {
  const width = Math.max(...rows.map((row) => row.title.length));
  const lines = rows.map(
    (row, at) =>
      `${String(at).padStart(2)} ${row.title.padEnd(width)}  ${row.seconds.toFixed(2).padStart(6)} s  ${row.outcome}`,
  );
  const good = rows.filter((row) => row.outcome === "as it should").length;
  return `\n${lines.join("\n")}\n${"".padEnd(width + 3)}  ${total.toFixed(2).padStart(6)} s  ${good} of ${rows.length} steps as they should be\n`;
}
