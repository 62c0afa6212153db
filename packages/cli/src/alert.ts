/**
 * One pass of the watcher: state → plan → perform, each step recorded, so that a rerun repeats
 * nothing. The outbox stands before the deed, the ledger after it.
 */
import { join } from "node:path";
import { type AlertDraft, auditorKeyOf, type Ledger, type LedgerRecord } from "@wingman/ledger";
import {
  alertMessage,
  type Channel,
  consoleNotifier,
  doneKeys,
  type Occurrence,
  openOutbox,
  performSteps,
  planAlerts,
  restingKeys,
  unrecorded,
} from "@wingman/watch";
import type { Io } from "./io.ts";
import { appendToLedger, ledgerRemote } from "./ledger-branch.ts";
import { auditorKey, openPlace, type Place } from "./place.ts";

/** Tells what nobody has heard of yet. Gives the number of steps performed. */
export async function alertOnce(io: Io, keyFile: string | undefined): Promise<number> {
  const place = await openPlace(io, { surface: "server" });
  try {
    const outbox = openOutbox(join(place.folder, "outbox.jsonl"));
    for (const problem of outbox.problems()) io.err(`wingman watch: ${problem}\n`);
    const channels: Readonly<Record<string, Channel>> = {
      console: consoleNotifier((text) => io.out(text)),
    };
    const { state } = place.ledger;
    const steps = planAlerts({
      state,
      done: doneKeys(outbox.lines()),
      resting: restingKeys(outbox.lines(), io.now().toISOString()),
      channels: Object.values(channels).map(({ name, kind }) => ({ name, kind })),
    });
    const occurrences = occurrencesOf(place.ledger);
    const alerts = await performSteps(steps, {
      channels,
      outbox,
      messageOf: (step) => alertMessage(step, state, (seq) => occurrences.get(seq)),
      now: () => io.now().toISOString(),
      clock: () => io.clock(),
      wait: (ms) => new Promise((wake) => setTimeout(wake, ms)),
      owner: io.owner,
      isAlive: (owner) => io.isAlive(owner),
    });
    await record(place, io, keyFile, outbox);
    return alerts.length;
  } finally {
    await place.repo.close();
  }
}

/** What stands behind an incident, by sequence number. */
function occurrencesOf(ledger: Ledger): ReadonlyMap<number, Occurrence> {
  const found = new Map<number, Occurrence>();
  for (const one of ledger.records) {
    if (one.kind === "verdict" && one.verdict === "FALSE")
      found.set(one.seq, { seq: one.seq, ts: one.ts, verdict: one });
    if (one.kind === "incident")
      found.set(one.seq, { seq: one.seq, ts: one.ts, what: whatOf(one) });
  }
  return found;
}

function whatOf(one: Extract<LedgerRecord, { kind: "incident" }>): string {
  return `${one.what} of ${one.subject}${one.why === undefined ? "" : `: ${one.why}`}`;
}

/**
 * Appends the alerts that the ledger does not hold yet, those of a pass that was killed among them. A
 * clone without the key only has its outbox, and says so.
 */
async function record(
  place: Place,
  io: Io,
  keyFile: string | undefined,
  outbox: ReturnType<typeof openOutbox>,
): Promise<void> {
  if (unrecorded(outbox.lines(), place.ledger.state).length === 0) return;
  if (!place.authority && keyFile === undefined) {
    io.err(
      "wingman watch: without the auditor's key the alerts stand in this clone's outbox only\n",
    );
    return;
  }
  const key = await auditorKey(place, keyFile);
  const { publicKey } = auditorKeyOf(key);
  const remote = place.authority ? undefined : await ledgerRemote(place.repo);
  await appendToLedger(
    place.repo,
    {
      key,
      now: io.now(),
      message: "alerts",
      ...(place.authority ? { folder: place.folder } : {}),
      ...(remote === undefined ? {} : { remote }),
    },
    (ledger) =>
      ledger.state.auditor === publicKey
        ? unrecorded(outbox.lines(), ledger.state).map(withoutError)
        : [],
  );
}

/** What a service answered stays in the outbox: the ledger holds nothing that a stranger wrote freely. */
function withoutError(alert: AlertDraft & { readonly error?: string }): AlertDraft {
  const { error: _error, ...rest } = alert;
  return rest;
}
