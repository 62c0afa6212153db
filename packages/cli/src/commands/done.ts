/** `wingman done`: closes the open run. The next commit carries the close; then claims are judged. */
import { openRepo } from "@wingman/git";
import { appendClaimsRecord, fault, runText } from "@wingman/model";
import { EXIT, type Io } from "../io.ts";
import { changeClaims } from "../open-run.ts";

export interface DoneOptions {
  readonly partial?: boolean;
  readonly abandon?: boolean;
}

/** Appends the close record with the run's outcome. */
export async function done(options: DoneOptions, io: Io): Promise<number> {
  const repo = await openRepo({ cwd: io.cwd, env: io.env });
  try {
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
