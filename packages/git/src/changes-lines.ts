/**
 * The lines that git hands to pre-receive, post-receive and pre-push. A line that cannot be read is a
 * fault: a ref that was overlooked would be a ref that nobody judged.
 */
import { fault, pathFromBytes, quotePath } from "@wingman/model";

/** One ref that moves. Ids are undefined where git writes zeros: created, or deleted. */
export interface RefLine {
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** Full name on the receiving side. */
  readonly ref: string;
}

const OID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
// `0{40}` in SHA-1 and `0{64}` in SHA-256 repositories: never a fixed length.
const ZEROS = /^0+$/;

/** pre-receive's and post-receive's `old new ref` lines. Faults `git/push-lines`. */
export function parsePushedLines(text: string | Uint8Array): RefLine[] {
  return linesOf(text).map((line) => {
    const [before, after, ...rest] = line.split(" ");
    return refLine(line, before, after, rest.join(" "));
  });
}

/** pre-push's `local-ref local-oid remote-ref remote-oid` lines. Faults `git/push-lines`. */
export function parsePrePushLines(text: string | Uint8Array): RefLine[] {
  return linesOf(text).map((line) => {
    // The local "ref" is whatever was typed (`HEAD~1`, `(delete)`), the rest cannot hold a space.
    const match = /^.* ([0-9a-f]+) (\S+) ([0-9a-f]+)$/.exec(line);
    return refLine(line, match?.[3], match?.[1], match?.[2] ?? "");
  });
}

/** True where git writes this id for "no object". */
function isZeros(oid: string): boolean {
  return ZEROS.test(oid);
}

function linesOf(text: string | Uint8Array): string[] {
  // Ref names are bytes, as paths are.
  const all = typeof text === "string" ? text : pathFromBytes(text);
  return all.split("\n").filter((line) => line !== "");
}

function refLine(
  line: string,
  before: string | undefined,
  after: string | undefined,
  ref: string,
): RefLine {
  if (
    before === undefined ||
    after === undefined ||
    !OID.test(before) ||
    !OID.test(after) ||
    ref === ""
  )
    return fault(`git handed in a line that names no ref move: ${quotePath(line.slice(0, 200))}`, {
      code: "git/push-lines",
      hint: "the hook must pass on what git writes to it, unchanged: run wingman init again",
    });
  return {
    before: isZeros(before) ? undefined : before,
    after: isZeros(after) ? undefined : after,
    ref,
  };
}
