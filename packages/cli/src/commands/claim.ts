/** `wingman claim TYPE key=value…`: appends one typed claim to the open run, or refuses to. */
import { CLAIM_TYPES, readArguments } from "@wingman/audit";
import { openRepo } from "@wingman/git";
import { appendClaimsRecord, fault, runText } from "@wingman/model";
import { EXIT, type Io } from "../io.ts";
import { changeClaims } from "../open-run.ts";

export interface ClaimOptions {
  /** What the worker would say in words; kept beside the claim, judged by nobody. */
  readonly text?: string;
}

/** Writes one claim. What could never be judged (unknown type, wrong arguments) is a fault. */
export async function claim(
  type: string,
  words: readonly string[],
  options: ClaimOptions,
  io: Io,
): Promise<number> {
  const args = readArguments(type, words);
  if (!args.ok)
    return fault(args.why, {
      code: "claim/malformed",
      hint: args.help ?? `claim types: ${CLAIM_TYPES.map((row) => row.type).join(", ")}`,
    });
  const repo = await openRepo({ cwd: io.cwd, env: io.env });
  try {
    const { name, before } = await changeClaims(repo, io, ({ bytes, file }, run) => {
      if (file.close !== undefined)
        return fault(`${runText(run)} is closed; a closed run takes no more claims`, {
          code: "run/closed",
          hint: `not pushed yet: wingman retract ${file.close.seq} reopens it. Else: wingman start`,
        });
      return appendClaimsRecord(bytes, {
        kind: "claim",
        type,
        args: args.value,
        ts: io.now().toISOString(),
        ...(options.text === undefined ? {} : { text: options.text }),
      });
    });
    io.out(
      `claim ${runText(name)}#${before.lines.length}: ${type} ${JSON.stringify(args.value)}\n`,
    );
    return EXIT.ok;
  } finally {
    await repo.close();
  }
}
