/**
 * One pass of the watcher: state → plan → perform, each step recorded, so that a rerun repeats
 * nothing. The outbox stands before the deed, the ledger after it. A ledger that is broken or shorter
 * than it was is told first, and nothing is planned from it.
 */
import { join } from "node:path";
import { type AlertDraft, auditorKeyOf, type Ledger, type LedgerRecord } from "@wingman/ledger";
import { visible } from "@wingman/model";
import {
  alertMessage,
  type Channel,
  channelsOf,
  doneKeys,
  gatherHistoric,
  ledgerTrouble,
  type Occurrence,
  type Outbox,
  openOutbox,
  performSteps,
  planAlerts,
  restingKeys,
  sightingLine,
  sightingOf,
  troubleMessage,
  troubleSteps,
  unrecorded,
} from "@wingman/watch";
import type { Io } from "./io.ts";
import { appendToLedger, ledgerRemote } from "./ledger-branch.ts";
import { auditorKey, openPlace, type WholePlace } from "./place.ts";

/** What a pass did, in steps. One that a channel did not take stays due. */
export interface Pass {
  readonly performed: number;
  readonly failed: number;
}

/** Tells what nobody has heard of yet. */
export async function alertOnce(io: Io, keyFile: string | undefined): Promise<Pass> {
  const place = await openPlace(io, { surface: "push", bearBrokenLedger: true });
  try {
    const outbox = openOutbox(join(place.folder, "outbox.jsonl"));
    for (const problem of outbox.problems()) io.err(`wingman watch: ${problem}\n`);
    const channels = channelsHere(place, io);
    const told = await tellTrouble(place, io, { outbox, channels });
    if (told !== undefined) return told;
    const alerts = await tellIncidents(place, io, { outbox, channels });
    await record(place, io, keyFile, outbox);
    const { size, root } = place.ledger.state;
    const line = sightingLine(sightingOf(outbox.lines()), { size, root }, io.now().toISOString());
    if (line !== undefined) outbox.append(line);
    return alerts;
  } finally {
    await place.repo.close();
  }
}

/** Says of each channel that took less than all of it why, in one line however much it was. */
function passOf(io: Io, alerts: Awaited<ReturnType<typeof performSteps>>): Pass {
  const failed = alerts.filter((one) => one.outcome === "failed");
  for (const channel of new Set(failed.map((one) => one.channel))) {
    const own = failed.filter((one) => one.channel === channel);
    // Tried steps first: the others only failed with them.
    const [why] = [...own].sort((a, b) => b.attempts - a.attempts);
    const what = own.length === 1 ? own[0]?.incident : `${own.length} incidents`;
    io.err(
      `wingman watch: ${channel} has not taken ${visible(what ?? "")}: ${why?.error ?? "no reason given"}\n` +
        "  help: nothing is lost; it stays due, and a later pass tries it again\n",
    );
  }
  return { performed: alerts.length - failed.length, failed: failed.length };
}

interface Voices {
  readonly outbox: Outbox;
  readonly channels: Readonly<Record<string, Channel>>;
}

/** A channel that the policy asks for and that cannot be used is said every time, never passed over. */
function channelsHere(place: WholePlace, io: Io): Readonly<Record<string, Channel>> {
  const { policy } = place.trusted;
  const { channels, misses } = channelsOf({
    policy,
    origin: policy.origin,
    env: io.env,
    fetch: globalThis.fetch,
    write: (text) => io.out(text),
    now: () => io.now(),
  });
  for (const miss of misses)
    io.err(`wingman watch: no ${miss.channel}: ${miss.why}\n  help: ${miss.help}\n`);
  return channels;
}

/** Told instead of everything else; undefined where the ledger still holds what was seen of it. */
async function tellTrouble(place: WholePlace, io: Io, voices: Voices): Promise<Pass | undefined> {
  const { outbox } = voices;
  const lines = outbox.lines();
  const { state, extends: holds } = place.ledger;
  const origin = state.origin ?? "";
  const trouble = ledgerTrouble(
    sightingOf(lines),
    place.ledgerTrouble !== undefined
      ? { unreadable: place.ledgerTrouble }
      : { size: state.size, root: state.root, holds: (seen) => holds({ origin, ...seen }) },
  );
  if (trouble === undefined) return undefined;
  const steps = troubleSteps(trouble, { ...pastOf(io, lines), channels: namesOf(voices) });
  const alerts = await performSteps(steps, {
    ...performing(io, voices),
    messageOf: (step) => troubleMessage(step, trouble, state, io.now().toISOString()),
  });
  io.err(`wingman watch: the ledger is not followed on: ${trouble.what}\n`);
  return passOf(io, alerts);
}

async function tellIncidents(place: WholePlace, io: Io, voices: Voices): Promise<Pass> {
  const { state } = place.ledger;
  const lines = voices.outbox.lines();
  const occurrences = occurrencesOf(place.ledger);
  const steps = gatherHistoric({
    steps: planAlerts({ state, ...pastOf(io, lines), channels: namesOf(voices) }),
    state,
    lines,
    timeOf: (seq) => occurrences.get(seq)?.ts,
    now: io.now().toISOString(),
  });
  const alerts = await performSteps(steps, {
    ...performing(io, voices),
    messageOf: (step) => alertMessage(step, state, (seq) => occurrences.get(seq)),
  });
  return passOf(io, alerts);
}

function pastOf(
  io: Io,
  lines: ReturnType<Outbox["lines"]>,
): { done: ReadonlySet<string>; resting: ReadonlySet<string> } {
  return { done: doneKeys(lines), resting: restingKeys(lines, io.now().toISOString()) };
}

function namesOf({ channels }: Voices): { name: string; kind: Channel["kind"] }[] {
  return Object.values(channels).map(({ name, kind }) => ({ name, kind }));
}

function performing(io: Io, voices: Voices) {
  return {
    ...voices,
    now: () => io.now().toISOString(),
    clock: () => io.clock(),
    wait: (ms: number) => new Promise<void>((wake) => setTimeout(wake, ms)),
    owner: io.owner,
    isAlive: (owner: string) => io.isAlive(owner),
  };
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
  place: WholePlace,
  io: Io,
  keyFile: string | undefined,
  outbox: Outbox,
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
