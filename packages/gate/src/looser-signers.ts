/**
 * What makes a signers file looser: keys that prove more than before, and keys that prove nobody any
 * more, whose commits then count as anybody's. Compares what the lines mean, not their order.
 */
import type { AllowedSigner } from "@wingman/model";
import { sshFingerprint, visible } from "@wingman/model";

/** One thing that becomes looser, at its line in the old or the new file. */
export interface LooserLine {
  readonly what: string;
  readonly side: "before" | "after";
  readonly line: number;
}

/** Everything that becomes looser between two signers files, new lines first. */
export function looserSigners(
  before: readonly AllowedSigner[],
  after: readonly AllowedSigner[],
): readonly LooserLine[] {
  const found: LooserLine[] = [];
  for (const signer of after)
    for (const name of signer.principals) {
      const what = wider(name, signer, linesOf(before, name, signer));
      if (what !== undefined) found.push({ what, side: "after", line: signer.line });
    }
  for (const signer of before)
    for (const name of signer.principals)
      if (linesOf(after, name, signer).length === 0) {
        const what = `${quoted(name)} loses the key ${sshFingerprint(signer.key)}: what it signs proves nobody`;
        found.push({ what, side: "before", line: signer.line });
      }
  return found;
}

function linesOf(
  signers: readonly AllowedSigner[],
  name: string,
  { key }: AllowedSigner,
): readonly AllowedSigner[] {
  return signers.filter(
    (one) => one.principals.includes(name) && Buffer.compare(one.key, key) === 0,
  );
}

/** How a line proves more for a name than every line that stood before; undefined where it does not. */
function wider(
  name: string,
  now: AllowedSigner,
  before: readonly AllowedSigner[],
): string | undefined {
  const who = quoted(name);
  if (before.length === 0) return `the key ${sshFingerprint(now.key)} proves ${who}`;
  const reasons = before.map((was) => {
    if (now.certAuthority && !was.certAuthority) return "it may sign certificates";
    const spaces = now.namespaces.filter((one) => !was.namespaces.includes(one));
    if (was.namespaces.length > 0 && (now.namespaces.length === 0 || spaces.length > 0))
      return `it counts for ${spaces.length === 0 ? "every purpose" : spaces.map(quoted).join(", ")}`;
    if (was.validAfter !== undefined && (now.validAfter ?? 0) < was.validAfter)
      return "it is valid earlier";
    if (was.validBefore !== undefined && (now.validBefore ?? Infinity) > was.validBefore)
      return "it is valid longer";
    return undefined;
  });
  const why = reasons.every((one) => one !== undefined) ? reasons[0] : undefined;
  return why === undefined ? undefined : `a key of ${who} counts for more: ${why}`;
}

function quoted(text: string): string {
  return JSON.stringify(visible(text));
}
