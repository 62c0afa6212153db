/** Ledger states, channels and an outbox in memory that can be killed at any write. */
import type { Incident, LedgerState, Verdict } from "@wingman/model";
import { emptyLedger } from "@wingman/model";
import type {
  AlertMessage,
  Channel,
  Occurrence,
  Outbox,
  OutboxLine,
  PerformContext,
  Step,
} from "../src/index.ts";
import { alertMessage } from "../src/index.ts";

export const TS = "2026-11-22T09:00:01.000Z";
export const NOW = "2026-11-22T09:00:01.250Z";

export function stateOf(
  incidents: readonly Partial<Incident>[],
  alerts: readonly string[] = [],
): LedgerState {
  return {
    ...emptyLedger,
    size: 100,
    root: "ab".repeat(32),
    alerts: new Set(alerts),
    incidents: incidents.map((one) => ({
      id: "claude-code/alice@INS-0007",
      kind: "false",
      worker: "claude-code/alice",
      instruction: "INS-0007",
      state: "open",
      occurrences: [1],
      accuses: true,
      ...one,
    })),
    locks: new Map([
      ["claude-code/alice", { worker: "claude-code/alice", since: 1, reason: "FALSE" }],
    ]),
  };
}

export function verdict(seq: number, more: Partial<Verdict> = {}): Verdict {
  return {
    claim: {
      name: `claude-code/alice/20261122-090001-k3f9#${seq}`,
      digest: "sha256:0",
      type: "file.exists",
    },
    run: "claude-code/alice/20261122-090001-k3f9",
    worker: "claude-code/alice",
    instruction: "INS-0007",
    commit: "b".repeat(40),
    tree: "c".repeat(40),
    verdict: "FALSE",
    expected: "something at src/a.ts",
    observed: "nothing stands there",
    evidence: "sha256:1",
    witness: "git",
    forgeable: false,
    proof: "signature",
    accuses: true,
    attempts: [],
    ...more,
  };
}

export const occurrence = (seq: number): Occurrence => ({ seq, ts: TS, verdict: verdict(seq) });

/** Thrown where a test kills the watcher: nothing behind it runs. */
export class Killed extends Error {}

export class MemoryOutbox implements Outbox {
  readonly kept: OutboxLine[] = [];
  killAt = Number.POSITIVE_INFINITY;
  #clock = 0;
  lines(): readonly OutboxLine[] {
    return [...this.kept];
  }
  append(...lines: readonly OutboxLine[]): void {
    this.tick();
    this.kept.push(...lines);
    this.tick();
  }
  problems(): readonly string[] {
    return [];
  }
  /** One moment at which the watcher may be killed. */
  tick(): void {
    this.#clock += 1;
    if (this.#clock >= this.killAt) throw new Killed();
  }
  restart(killAt = Number.POSITIVE_INFINITY): void {
    this.#clock = 0;
    this.killAt = killAt;
  }
}

/** A service that keeps what it accepted, with the moments before and after each call. */
export function service(outbox: MemoryOutbox) {
  const said: AlertMessage[] = [];
  const calls: string[] = [];
  const take = (what: string, message: AlertMessage) => {
    outbox.tick();
    calls.push(`${what} ${message.incident} ${message.fresh.map((one) => one.seq).join(",")}`);
    said.push(message);
    outbox.tick();
  };
  const voice: Channel = {
    kind: "notifier",
    name: "voice",
    notify: async (message) => {
      take("notify", message);
      return {};
    },
  };
  const tracker = {
    kind: "tracker",
    name: "issues",
    open: async (message: AlertMessage) => {
      take("open", message);
      return { externalId: "17" };
    },
    update: async (message: AlertMessage, id: string | undefined) => {
      take(`update ${id}`, message);
      return {};
    },
    close: async (message: AlertMessage, id: string | undefined) => {
      take(`close ${id}`, message);
      return {};
    },
  } satisfies Channel;
  return { said, calls, channels: { voice, issues: tracker } as Record<string, Channel> };
}

export function performing(
  outbox: Outbox,
  state: LedgerState,
  channels: Record<string, Channel>,
): PerformContext {
  return {
    channels,
    outbox,
    messageOf: (step: Step) => alertMessage(step, state, occurrence),
    now: () => NOW,
    clock: () => 0,
    wait: async () => {},
    owner: "1@0",
  };
}

export const CHANNELS = [
  { name: "voice", kind: "notifier" },
  { name: "issues", kind: "tracker" },
] as const;
