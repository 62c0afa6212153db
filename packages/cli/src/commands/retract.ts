/** `wingman retract SEQ`: takes back an earlier claim, or a close that is not pushed yet. */
import { openRepo } from "@wingman/git";
import { appendClaimsRecord, fault, runText } from "@wingman/model";
import { EXIT, type Io } from "../io.ts";
import { changeClaims } from "../open-run.ts";

/** Appends a retract record. Faults where SEQ is no claim or close of the open run. */
export async function retract(
  seq: string,
  options: { readonly why?: string },
  io: Io,
): Promise<number> {
  const repo = await openRepo({ cwd: io.cwd, env: io.env });
  try {
    const of = /^\d+$/.test(seq) ? Number(seq) : -1;
    const { name, before } = await changeClaims(repo, io, ({ bytes, file }, run) => {
      const claims = file.claims.filter((one) => !one.retracted).map((one) => one.record.seq);
      if (file.lines[of] === undefined || !(file.close?.seq === of || claims.includes(of)))
        return fault(`${runText(run)} has no claim ${seq} to take back`, {
          code: "claim/unknown",
          hint: `claims that stand: ${claims.join(", ") || "none"}`,
        });
      return appendClaimsRecord(bytes, {
        kind: "retract",
        of,
        ts: io.now().toISOString(),
        ...(options.why === undefined ? {} : { why: options.why }),
      });
    });
    const isClose = before.close?.seq === of;
    io.out(`retracted ${runText(name)}#${of}${isClose ? "; the run is open again" : ""}\n`);
    return EXIT.ok;
  } finally {
    await repo.close();
  }
}
