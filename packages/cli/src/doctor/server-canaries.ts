/**
 * The canary of a server: a push into the repository itself that pre-receive must refuse. It cannot land
 * where nothing refuses it either: it is atomic, and asks for two refs of which git can have one only.
 */
import { pathToFileURL } from "node:url";
import type { Repo } from "@wingman/git";
import type { LedgerRecord } from "@wingman/ledger";
import { holdsKey, type WholePlace } from "../place.ts";
import type { CanaryPlace } from "./canary-place.ts";
import { type Proof, proofOf } from "./proof.ts";

/** Pushes the canary as nobody. */
export async function provePreReceive(
  place: CanaryPlace,
  repo: Repo,
  pusherVariable: string,
): Promise<Proof> {
  const name = `refs/heads/wingman-canary-${place.canaries.leak.slice(0, 12)}`;
  const { leak } = place.canaries;
  const push = ["push", "-q", "--atomic", "--no-signed", "--no-follow-tags", "--no-verify"];
  const specs = [`${leak}:${name}`, `${leak}:${name}/and-below`];
  return proofOf(
    await place.real([...push, pathToFileURL(repo.commonDir).href, ...specs], {
      env: { [pusherVariable]: undefined },
    }),
    {
      hook: "pre-receive",
      findings: /secrets\/(?:found|suspected)/,
      help: "wingman init here again; a forge that keeps its hooks elsewhere starts them itself (docs/guides)",
    },
  );
}

/** No canary can ask post-receive, which runs for what has landed: its newest record is what was seen. */
export function postReceiveSeen(place: WholePlace, tip: string | undefined): Proof {
  const point = "post-receive";
  const branch = `refs/heads/${place.policyBranch}`;
  const last = place.ledger.records.findLast(
    (one): one is LedgerRecord & { kind: "push" } =>
      one.kind === "push" && one.outcome === "accepted" && one.late !== true,
  );
  if (last === undefined)
    return {
      point,
      outcome: "unproven",
      says: "no push has been recorded yet; the first one proves it",
    };
  const seen = `last seen at record ${last.seq}, ${last.ts}`;
  const behind = tip !== undefined && place.ledger.state.refs.get(branch) !== tip;
  return behind
    ? {
        point,
        outcome: "silent",
        says: `${branch} has moved since its last record (${seen})`,
        help: "wingman ledger gaps lists what has no record, wingman audit --all --record writes it down",
      }
    : { point, outcome: "fires", says: seen };
}

/** The key and the ledger: openPlace has verified records and checkpoint, the append proves the key. */
export async function keyStands(repo: Repo): Promise<Proof | undefined> {
  if (holdsKey(repo)) return undefined;
  return {
    point: "auditor's key",
    outcome: "silent",
    says: "there is none beside this repository, so nothing is recorded",
    help: "wingman init makes one where no ledger stands yet; else restore wingman/auditor.key from its backup",
  };
}
