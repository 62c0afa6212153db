/** `wingman done`: closes the open run. The next commit carries the close; then claims are judged. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { openRepo, type Repo } from "@wingman/git";
import { appendClaimsRecord, claimsPath, fault, runText } from "@wingman/model";
import { EXIT, type Io } from "../io.ts";
import { changeClaims, openRunName, rememberRun, workTreeOf } from "../open-run.ts";

export interface DoneOptions {
  readonly partial?: boolean;
  readonly abandon?: boolean;
}

/**
 * A run whose claims file is gone from this worktree has nothing to close. Until it is forgotten, every
 * commit here would carry its name, and be refused for it.
 */
async function forgotten(repo: Repo, io: Io): Promise<boolean> {
  // A run that the environment names is not the one that this worktree remembers.
  if ((io.env["WINGMAN_RUN"] ?? "") !== "") return false;
  const name = await openRunName(repo, io);
  if (existsSync(join(workTreeOf(repo), ...claimsPath(name).split("/")))) return false;
  await rememberRun(repo, undefined);
  io.out(
    `${runText(name)} is forgotten here: its claims file is not in this worktree, so nothing was closed\n`,
  );
  return true;
}

/** Appends the close record with the run's outcome. */
export async function done(options: DoneOptions, io: Io): Promise<number> {
  const repo = await openRepo({ cwd: io.cwd, env: io.env });
  try {
    if (options.abandon && (await forgotten(repo, io))) return EXIT.ok;
    const outcome = options.abandon ? "abandoned" : options.partial ? "partial" : "done";
    const { name, before } = await changeClaims(repo, io, ({ bytes, file }, run) => {
      if (file.close !== undefined)
        return fault(`${runText(run)} is closed already`, {
          code: "run/closed",
          hint: "commit it and push, or open the next run: wingman start",
        });
      return appendClaimsRecord(bytes, { kind: "close", outcome, ts: io.now().toISOString() });
    });
    const standing = before.claims.filter((one) => !one.retracted).length;
    io.out(
      `${runText(name)} is closed (${outcome}) with ${standing} claim${standing === 1 ? "" : "s"}\n` +
        "next: git add -A && git commit; the hook judges the claims before anyone else does\n",
    );
    return EXIT.ok;
  } finally {
    await repo.close();
  }
}
