/**
 * A push to the ledger branch, whoever pushes: it must extend the records and end in a checkpoint
 * signed with the genesis key, and it never creates, forces or deletes the branch on a server that
 * holds a key.
 */
import { type RefLine, treeAt } from "@wingman/git";
import { verifyExtends } from "@wingman/ledger";
import type { Finding } from "@wingman/model";
import { LEDGER_REF } from "./ledger-branch.ts";
import type { Place } from "./place.ts";
import type { Report } from "./report.ts";

/** Judges one line on the ledger ref. */
export async function judgeLedgerPush(place: Place, line: RefLine): Promise<Report> {
  const why = await wrongWith(place, line);
  const findings: Finding[] =
    why === undefined
      ? []
      : [
          {
            code: "refs/ledger",
            severity: "block",
            always: true,
            ref: line.ref,
            message: why,
            why: "the ledger is append-only, and only the auditor's key appends",
            help: "fetch it instead: git fetch origin wingman-ledger; orders travel as .wingman/orders/<nonce>.yaml",
          },
        ];
  return { subject: line.ref, findings, verdicts: [], notKnown: [] };
}

async function wrongWith(place: Place, line: RefLine): Promise<string | undefined> {
  if (line.ref !== LEDGER_REF) return "a ref that some disks take for the ledger branch";
  if (line.after === undefined) return "the ledger branch cannot be deleted";
  if (line.before === undefined)
    return place.authority ? "the ledger branch is made by this server, not by a push" : undefined;
  const before = await treeAt(place.repo, line.before);
  const after = await treeAt(place.repo, line.after);
  const key = place.ledger.state.auditor;
  if (key === undefined) return "this server's ledger has no genesis to be extended";
  const verified = await verifyExtends(before, after, key);
  return verified.ok ? undefined : verified.why;
}
