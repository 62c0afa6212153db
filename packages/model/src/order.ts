/**
 * Order: an administrator's lock, unlock, acknowledgement, dispute … as a file that any accepted
 * push may carry. A signature over origin, subject, nonce and the ledger size it covers proves it,
 * or the administrator's own push does.
 */
import { order as validator } from "./generated/validators.mjs";
import { canonicalJson } from "./jcs.ts";
import type { RepoPath } from "./path.ts";
import type { Parsed } from "./problem.ts";
import type { SignedKind } from "./signed-file.ts";
import { parseSigned, signedText } from "./signed-file.ts";

export const ORDER_ACTIONS = [
  "lock",
  "unlock",
  "ack",
  "dispute",
  "false-positive",
  "silence",
  "withdraw",
] as const;
export type OrderAction = (typeof ORDER_ACTIONS)[number];

export interface Order {
  readonly v: 1;
  readonly origin: string;
  readonly action: OrderAction;
  /** A worker, run, claim or incident. */
  readonly subject: string;
  readonly reason: string;
  /** Lower-case hex, used once; also the file's name. */
  readonly nonce: string;
  /** Ledger size that the administrator saw: a newer lie is not covered. */
  readonly covers: number;
  readonly until?: string;
  readonly by: string;
  /** Armored SSH signature, namespace {@link ORDER_NAMESPACE}; absent where a push proves it. */
  readonly signature?: string;
}

export const ORDERS_DIR = ".wingman/orders";
export const ORDER_NAMESPACE = "wingman-order";

const kind: SignedKind<Order> = {
  what: "the order",
  validator,
  times: ["until"],
  path: (order) => orderPath(order.nonce),
};

/** Where the order with this nonce stands. */
export function orderPath(nonce: string): RepoPath {
  return `${ORDERS_DIR}/${nonce}.yaml`;
}

/** Reads one. Who may order, and whether the signature holds, is judged elsewhere. */
export function parseOrder(path: RepoPath, bytes: Uint8Array): Parsed<Order> {
  return parseSigned(path, bytes, kind);
}

/** The exact bytes that its signature covers: canonical JSON of all fields but `signature`. */
export function signedBytesOfOrder(order: Omit<Order, "signature">): Buffer {
  const { v, origin, action, subject, reason, nonce, covers, until, by } = order;
  return Buffer.from(
    canonicalJson({ v, origin, action, subject, reason, nonce, covers, until, by }),
  );
}

/** Its file's text. A nonce of digits alone is written in quotes, so that it stays text. */
export function serializeOrder(order: Order): string {
  const { v, origin, action, subject, reason, nonce, covers, until, by, signature } = order;
  const fields = { v, origin, action, subject, reason, nonce, covers, until, by, signature };
  return signedText(
    Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)),
  );
}
