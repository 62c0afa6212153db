/**
 * May this order be appended (TRUST.md §7, §8)? Only an administrator's, proven by his signature on
 * it, by his own push, or at the console; once; about this repository; about something that exists.
 */
import type { AllowedSigner, Answer, Identity, LedgerState, Order, Policy } from "@wingman/model";
import {
  isWorkerId,
  matchesPatterns,
  ORDER_NAMESPACE,
  signedBytesOfOrder,
  verifySignedText,
} from "@wingman/model";
import type { OrderDraft } from "./records.ts";

export interface OrderContext {
  /** The trusted side's. */
  readonly policy: Policy;
  readonly signers: readonly AllowedSigner[];
  readonly state: LedgerState;
  /** Time of receipt. */
  readonly now: Date;
  /** Who brought it; undefined where nobody is known. */
  readonly identity?: Identity;
  /** True only for the command run where the auditor's key can be read. */
  readonly console?: boolean;
}

export type OrderJudgement =
  | { readonly ok: true; readonly draft: OrderDraft }
  | { readonly ok: false; readonly why: string };

/** Judges one order. Never throws on its content. */
export function judgeOrder(order: Order, context: OrderContext): OrderJudgement {
  const { policy, state } = context;
  const no = (why: string): OrderJudgement => ({ ok: false, why });
  if (order.origin !== policy.origin)
    return no(`it is for ${order.origin}, this is ${policy.origin}`);
  if (state.orders.has(order.nonce)) return no("it was carried out already");
  if (order.covers > state.size)
    return no(`it speaks of ${order.covers} records, the ledger has ${state.size}`);
  if (order.until !== undefined && Date.parse(order.until) <= context.now.getTime())
    return no("it has ended already");
  if (!policy.administrators.includes(order.by)) return no(`${order.by} is no administrator`);
  const unknown = unknownSubject(order, policy, state);
  if (unknown !== undefined) return no(unknown);
  const proof = proofOf(order, context);
  if ("why" in proof) return no(proof.why);
  const { action, subject, reason, nonce, covers, until } = order;
  return {
    ok: true,
    draft: {
      kind: "order",
      action,
      subject,
      by: proof.by,
      reason,
      nonce,
      covers,
      ...(until === undefined ? {} : { until }),
      proof: proof.proof,
    },
  };
}

type Proof =
  | { readonly proof: OrderDraft["proof"]; readonly by: string }
  | { readonly why: string };

function proofOf(order: Order, context: OrderContext): Proof {
  // A signature that is there must hold, also where a push or the console would prove it: an order
  // with a broken signature was changed after somebody signed it.
  if (order.signature !== undefined) return bySignature(order, order.signature, context);
  if (context.console === true) return { proof: "console", by: order.by };
  const { identity } = context;
  // A trailer lowers an administrator's login to his worker: such a push proves nothing here.
  if (identity === undefined || !identity.proven || identity.kind !== "administrator")
    return { why: "it is not signed, and no administrator's own push brought it alone" };
  return { proof: identity.proof === "pusher" ? "pusher" : "signature", by: identity.name };
}

function bySignature(order: Order, armored: string, context: OrderContext): Proof {
  const { signers, now: at, policy } = context;
  const message = signedBytesOfOrder(order);
  const seen = verifySignedText({ message, armored, namespace: ORDER_NAMESPACE, signers, at });
  if (seen.state !== "good")
    return {
      why: `its signature: ${seen.state === "absent" ? "absent" : (seen.why ?? seen.state)}`,
    };
  // `by` is inside the signed bytes, so a key listed for two names cannot be made to speak for a third.
  if (!matchesPatterns(seen.principals, order.by))
    return { why: `its signature is not by ${order.by}` };
  // A pattern such as *@acme.example in the signers file would make everybody's key an administrator's.
  if (!seen.principals.some((name) => policy.administrators.includes(name)))
    return { why: "its key is listed under a pattern, not under the administrator's own name" };
  return { proof: "signature", by: order.by };
}

/** What was said last of a claim that could be said at all. */
function newestOn(claim: string, state: LedgerState): Answer | undefined {
  const mark = state.verdicts.get(claim);
  return mark?.settled?.verdict ?? mark?.verdict;
}

/** Why the subject is nothing that this action can be about, or undefined. */
function unknownSubject(order: Order, policy: Policy, state: LedgerState): string | undefined {
  const { action, subject } = order;
  const worker =
    isWorkerId(subject) && (Object.hasOwn(policy.workers, subject) || state.locks.has(subject));
  const incident = state.incidents.some((one) => one.id === subject || one.worker === subject);
  const judged = state.falseRuns.has(subject) || newestOn(subject, state) === "FALSE";
  switch (action) {
    case "lock":
      return worker ? undefined : `there is no worker ${subject}`;
    case "unlock":
      return state.locks.has(subject) ? undefined : `${subject} is not locked`;
    case "ack":
    case "silence":
      return incident ? undefined : `there is no incident ${subject}`;
    case "false-positive":
    case "dispute":
      return judged || state.incidents.some((one) => one.id === subject)
        ? undefined
        : `there is no FALSE on ${subject}`;
    case "withdraw":
      return /^INS-\d+$/.test(subject) ? undefined : `${subject} is no instruction`;
    default:
      return action satisfies never;
  }
}
