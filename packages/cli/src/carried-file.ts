/**
 * A file that an administrator made (an order, an approval): written into the work tree for his next
 * commit, or pushed at once on a branch of its own, past work tree and index.
 */
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pushFile, resolve } from "@wingman/git";
import { fault, type RepoPath } from "@wingman/model";
import type { Io } from "./io.ts";
import { workTreeOf } from "./open-run.ts";
import type { Place } from "./place.ts";
import { writeWhole } from "./whole-file.ts";

export interface CarriedFile {
  readonly path: RepoPath;
  readonly bytes: Uint8Array;
  /** The subject of its commit, as `unlock claude-code/alice`. */
  readonly subject: string;
  readonly reason: string;
  readonly by: string;
  /** What proves it, for people. */
  readonly proof: string;
  /** The branch that carries it, where it is pushed. */
  readonly branch: string;
  /** Where it may land: `any branch will do`. */
  readonly where: string;
  /** Refuses to write over a file that is there. */
  readonly fresh: boolean;
}

/** Writes or pushes it, and says what comes next. Faults as git does, and `order/no-base`. */
export async function carry(
  place: Place,
  io: Io,
  file: CarriedFile,
  push: string | boolean | undefined,
): Promise<void> {
  const { path, bytes, subject, proof, by } = file;
  if (push === undefined || push === false) {
    const whole = join(workTreeOf(place.repo), path);
    await mkdir(dirname(whole), { recursive: true });
    await writeWhole(whole, bytes, { fresh: file.fresh });
    io.out(
      `${path} (${proof})\n` +
        `next: git add ${path} && git commit -m "${subject}" && git push; ${file.where}\n`,
    );
    return;
  }
  const remote = typeof push === "string" ? push : "origin";
  const base =
    place.trusted.commit ??
    (await resolve(place.repo, "HEAD")) ??
    fault("there is no commit to put the file on", {
      code: "order/no-base",
      hint: "fetch the policy branch first",
    });
  await pushFile(place.repo, {
    remote,
    branch: file.branch,
    base,
    path,
    bytes,
    message: `${subject}\n\n${file.reason}\n`,
    author: { name: by, email: by },
    now: io.now(),
  });
  io.out(`${subject}: pushed to ${remote} on ${file.branch} (${proof}); ${file.where}\n`);
}
