/**
 * `wingman status`: instructions and their states, open incidents, locks and runs, and how old the
 * ledger that says so is.
 */
import type { InstructionStanding } from "@wingman/gate";
import { type Incident, runText, visible } from "@wingman/model";
import { statesOf } from "../instruction-states.ts";
import { EXIT, type Io } from "../io.ts";
import { openRunNameOrNone } from "../open-run.ts";
import { openPlace, type WholePlace } from "../place.ts";
import { stateLines } from "../state-text.ts";

/** Prints the state; exit 0 whatever it says. */
export async function status(options: { readonly format?: string }, io: Io): Promise<number> {
  const place = await openPlace(io, { surface: "local" });
  try {
    const run = place.repo.bare ? undefined : await openRunNameOrNone(place.repo, io);
    const { state } = place.ledger;
    const instructions = await statesOf(place);
    if (options.format === "json") {
      const document = {
        schemaVersion: 1,
        policyBranch: place.policyBranch,
        adopted: place.trusted.established,
        ledger: { size: state.size, root: state.root },
        incidents: state.incidents,
        locks: [...state.locks.values()],
        run: run === undefined ? null : runText(run),
        instructions,
      };
      io.out(`${JSON.stringify(document, undefined, 2)}\n`);
      return EXIT.ok;
    }
    io.out(statusText(place, run === undefined ? undefined : runText(run), instructions));
    return EXIT.ok;
  } finally {
    await place.repo.close();
  }
}

function statusText(
  place: WholePlace,
  run: string | undefined,
  instructions: readonly InstructionStanding[],
): string {
  const { state, head } = place.ledger;
  const lines = [
    place.trusted.established
      ? `policy: revision ${place.trusted.policy.revision} on ${place.policyBranch} (${place.trusted.policy.mode})`
      : `policy: none on ${place.policyBranch}; the built-in one judges (secrets, hostile objects)`,
    state.size === 0
      ? `ledger: none here${place.repo.bare ? "" : "; git fetch brings the server's"}`
      : `ledger: ${state.size} records, root ${state.root.slice(0, 12)}, newest ${head.ts ?? "unknown"}`,
    `run:    ${run ?? "none open in this worktree"}`,
  ];
  if (place.broken !== undefined) lines.push(`BROKEN: ${visible(place.broken)}`);
  lines.push(...stateLines(instructions));
  const open = state.incidents.filter((one) => one.state !== "resolved");
  lines.push(open.length === 0 ? "incidents: none open" : "incidents:");
  lines.push(...open.map(incidentText));
  lines.push(state.locks.size === 0 ? "locks: none" : "locks:");
  for (const lock of state.locks.values())
    lines.push(`  ${lock.worker} since record ${lock.since}: ${visible(lock.reason)}`);
  const first = [...state.locks.keys()][0];
  if (first !== undefined) lines.push(`next: wingman unlock ${first} --reason "…"`);
  return `${lines.join("\n")}\n`;
}

function incidentText(one: Incident): string {
  const accuses = one.accuses ? "accuses" : "accuses nobody";
  return `  ${visible(one.id)} (${one.kind}, ${one.state}, ${one.occurrences.length} occurrence${one.occurrences.length === 1 ? "" : "s"}, ${accuses})`;
}
