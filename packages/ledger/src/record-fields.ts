/**
 * What the fields of each kind of record must be: the table behind reading and writing. It is about
 * shape only, so that what the auditor signed can be folded without a crash.
 */
import { ORDER_ACTIONS } from "@wingman/model";

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === "string";
const filled: Check = (value) => typeof value === "string" && value !== "";
const flag: Check = (value) => typeof value === "boolean";
const count: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const oneOf =
  (...values: readonly string[]): Check =>
  (value) =>
    values.includes(value as string);
const maybe =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const mapOf =
  (check: Check): Check =>
  (value) =>
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every(check);
const oneLine: Check = (value) =>
  filled(value) && !/[\u0000-\u001f\u007f-\u009f]/.test(value as string);
const shape =
  (row: Readonly<Record<string, Check>>): Check =>
  (value) =>
    typeof value === "object" &&
    value !== null &&
    Object.entries(row).every(([name, check]) => check((value as Record<string, unknown>)[name]));

const hash: Check = (value) => typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
const oid: Check = (value) =>
  typeof value === "string" && /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(value);
const key: Check = (value) => typeof value === "string" && /^[A-Za-z0-9+/]{43}=$/.test(value);

/** Field by field, for every kind that this version knows. A new kind needs a row here. */
export const FIELDS: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  genesis: { origin: oneLine, auditor: key, policy: text },
  push: {
    ref: filled,
    old: oid,
    new: oid,
    pusher: maybe(filled),
    policy: text,
    revision: count,
    outcome: oneOf("accepted", "refused"),
    findings: mapOf(count),
    late: maybe(flag),
  },
  verdict: {
    claim: shape({ name: filled, digest: filled, type: filled }),
    run: filled,
    worker: filled,
    instruction: filled,
    commit: text,
    tree: text,
    verdict: oneOf("TRUE", "FALSE", "UNVERIFIABLE"),
    reason: maybe(filled),
    expected: text,
    observed: text,
    evidence: text,
    witness: filled,
    forgeable: flag,
    proof: oneOf("signature", "pusher", "none"),
    accuses: flag,
    line: maybe(text),
    attempts: listOf(shape({ at: filled, ms: count, outcome: filled })),
    checker: filled,
    policy: text,
  },
  incident: {
    id: filled,
    what: oneOf("tampering", "silence", "drift"),
    subject: filled,
    severity: oneOf("low", "medium", "high", "critical"),
    why: maybe(text),
  },
  alert: {
    incident: filled,
    occurrence: count,
    channel: filled,
    step: filled,
    outcome: oneOf("ok", "failed"),
    attempts: maybe(count),
    latencyMs: maybe(count),
    externalId: maybe(filled),
    error: maybe(text),
  },
  order: {
    action: oneOf(...ORDER_ACTIONS),
    subject: filled,
    by: filled,
    reason: filled,
    nonce: filled,
    covers: count,
    until: maybe(filled),
    proof: oneOf("signature", "pusher", "event", "console"),
  },
  canary: { point: filled, outcome: filled },
  skip: { reason: text, by: filled, where: filled },
  repair: { what: filled, why: text, by: maybe(filled) },
  checkpoint: { size: count, root: hash, note: filled },
};
