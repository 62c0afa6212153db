/** `wingman retract SEQ`: takes back an earlier claim, or a close that is not pushed yet. */
import { openRepo } from "@wingman/git";
import { appendClaimsRecord, fault, runText } from "@wingman/model";
import { EXIT, type Io } from "../io.ts";
import { openRunName, readWorkingClaims, writeWorkingClaims } from "../open-run.ts";

/** Appends a retract record. Faults where SEQ is no claim or close of the open run. */
export async function retract(
  seq: string,
  options: { readonly why?: string },
  io: Io,
): Promise<number> {
  const repo = await openRepo({ cwd: io.cwd, env: io.env });
  try {
    const name = await openRunName(repo, io);
    const { path, bytes, file } = await readWorkingClaims(repo, name);
    const of = /^\d+$/.test(seq) ? Number(seq) : -1;
    const target = file.lines[of]?.record;
    const claims = file.claims.filter((one) => !one.retracted).map((one) => one.record.seq);
    const isClose = file.close !== undefined && file.close.seq === of;
    if (target === undefined || !(isClose || claims.includes(of)))
      return fault(`${runText(name)} has no claim ${seq} to take back`, {
        code: "claim/unknown",
        hint: `claims that stand: ${claims.join(", ") || "none"}`,
      });
    const next = appendClaimsRecord(bytes, {
      kind: "retract",
      of,
      ts: io.now().toISOString(),
      ...(options.why === undefined ? {} : { why: options.why }),
    });
    await writeWorkingClaims(path, next);
    io.out(`retracted ${runText(name)}#${of}${isClose ? "; the run is open again" : ""}\n`);
    return EXIT.ok;
  } finally {
    await repo.close();
  }
}
