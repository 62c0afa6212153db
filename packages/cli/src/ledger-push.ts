/**
 * A push to the ledger branch, whoever pushes: it must extend the records and end in a checkpoint
 * signed with the genesis key, and it never creates, forces or deletes the branch on a server that
 * holds a key.
 */
import { commitsBetween, isAncestor, type RefLine, readCommit, treeAt } from "@wingman/git";
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
  const key = place.ledger.state.auditor;
  if (key === undefined) return "this server's ledger has no genesis to be extended";
  return await wrongStep(place, line.before, line.after, key);
}

/**
 * Each commit follows the one before it alone and appends something that the key signed. The last
 * tree alone would not do: the same records under another history would pass, and so would anything
 * that a commit on the way carries.
 */
async function wrongStep(
  { repo }: Place,
  before: string,
  after: string,
  key: string,
): Promise<string | undefined> {
  if ((await repo.objects.header(after)).type !== "commit") return "it does not end in a commit";
  if (!(await isAncestor(repo, before, after)))
    return "it does not follow the commits that the ledger branch has";
  let last = before;
  for (const oid of await commitsBetween(repo, { include: [after], exclude: [before] })) {
    const { parents } = await readCommit(repo, oid);
    if (parents.length !== 1 || parents[0] !== last)
      return `commit ${oid.slice(0, 12)} does not follow the one before it alone`;
    const [was, now] = [await treeAt(repo, last), await treeAt(repo, oid)];
    if (was.id === now.id) return `commit ${oid.slice(0, 12)} appends nothing`;
    const verified = await verifyExtends(was, now, key);
    if (!verified.ok) return verified.why;
    last = oid;
  }
  return undefined;
}
