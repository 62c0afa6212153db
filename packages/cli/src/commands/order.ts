/**
 * `wingman lock|unlock|ack`: an administrator's order. In a clone it becomes a file that any accepted
 * push may carry, proven by a signature or by the administrator's own push; on a server that holds
 * the auditor's key it is appended at once, proven by the console.
 */
import { randomBytes } from "node:crypto";
import { configGet } from "@wingman/git";
import { judgeOrder } from "@wingman/ledger";
import {
  fault,
  nearestInstruction,
  ORDER_NAMESPACE,
  type Order,
  type OrderAction,
  orderPath,
  serializeOrder,
  signedBytesOfOrder,
} from "@wingman/model";
import { instructionIds } from "../accepted-instruction.ts";
import { carry } from "../carried-file.ts";
import { EXIT, type Io } from "../io.ts";
import { appendToLedger } from "../ledger-branch.ts";
import { auditorKey, openPlace, type Place } from "../place.ts";
import { signatureOver } from "../signing.ts";

export interface OrderOptions {
  readonly reason?: string;
  readonly key?: string;
  readonly by?: string;
  readonly push?: string | boolean;
}

/** Makes one order. Faults without a reason, without an administrator, or on an unknown subject. */
export async function order(
  action: OrderAction,
  subject: string,
  options: OrderOptions,
  io: Io,
): Promise<number> {
  const place = await openPlace(io, { surface: "local" });
  try {
    const made = await makeOrder(place, action, subject, options);
    if (place.repo.bare) return await onConsole(place, made, io);
    return await asFile(place, made, options, io);
  } finally {
    await place.repo.close();
  }
}

async function makeOrder(
  place: Place,
  action: OrderAction,
  subject: string,
  options: OrderOptions,
): Promise<Order> {
  const { policy } = place.trusted;
  if (options.reason === undefined || options.reason.trim() === "")
    return fault(`an order needs a reason; it stands in the ledger for good`, {
      code: "order/reason",
      hint: `wingman ${action} ${subject} --reason "what was wrong and what was done about it"`,
    });
  await refuseUnknownSubject(place, action, subject);
  const by = options.by ?? (await configGet(place.repo, "user.email")) ?? policy.administrators[0];
  if (by === undefined || !policy.administrators.includes(by))
    return fault(`${by ?? "nobody"} is no administrator of ${policy.origin}`, {
      code: "order/administrator",
      hint: `administrators: ${policy.administrators.join(", ") || "none"}; say who with --by`,
    });
  return {
    v: 1,
    origin: policy.origin,
    action,
    subject,
    reason: options.reason,
    nonce: randomBytes(16).toString("hex"),
    covers: place.ledger.state.size,
    by,
  };
}

/** A typing error in an unlock would otherwise be an order that unlocks nobody, silently. */
async function refuseUnknownSubject(
  place: Place,
  action: OrderAction,
  subject: string,
): Promise<void> {
  const { state } = place.ledger;
  if (action === "withdraw") return await refuseUnknownInstruction(place, subject);
  if (action === "ack") {
    if (state.incidents.some((one) => one.id === subject)) return;
    fault(`there is no incident ${JSON.stringify(subject)}`, {
      code: "order/subject",
      hint: `incidents: ${state.incidents.map((one) => one.id).join(", ") || "none"}`,
    });
  }
  const known = Object.hasOwn(place.trusted.policy.workers, subject) || state.locks.has(subject);
  if (!known)
    fault(`there is no worker ${JSON.stringify(subject)}`, {
      code: "order/subject",
      hint: `workers: ${Object.keys(place.trusted.policy.workers).join(", ") || "none"}`,
    });
  if (action === "unlock" && !state.locks.has(subject))
    fault(`${subject} is not locked, as far as this clone's ledger knows (${state.size} records)`, {
      code: "order/not-locked",
      hint: "git fetch first: the ledger of this clone may be old",
    });
}

async function refuseUnknownInstruction(place: Place, id: string): Promise<void> {
  const order = place.ledger.state.withdrawn.get(id);
  if (order !== undefined)
    fault(`${id} is withdrawn already, since ledger record ${order.since}`, {
      code: "order/subject",
      hint: "wingman status shows what stands",
    });
  const known = await instructionIds(place.trusted.tree);
  if (known.includes(id)) return;
  const near = nearestInstruction(id, known);
  fault(`there is no instruction ${JSON.stringify(id)} on ${place.policyBranch}`, {
    code: "order/subject",
    hint: `${near === undefined ? "" : `did you mean ${near}? `}wingman status lists them`,
  });
}

async function onConsole(place: Place, made: Order, io: Io): Promise<number> {
  const key = await auditorKey(place, undefined);
  const after = await appendToLedger(
    place.repo,
    { key, now: io.now(), message: `order: ${made.action}`, folder: place.folder },
    (ledger) => {
      const judged = judgeOrder(made, {
        policy: place.trusted.policy,
        signers: place.trusted.signers,
        state: ledger.state,
        now: io.now(),
        console: true,
      });
      return judged.ok ? [judged.draft] : refusedOrder(judged.why);
    },
  );
  io.out(`${made.action} ${made.subject}: ledger record ${(after?.state.size ?? 1) - 1}\n`);
  return EXIT.ok;
}

function refusedOrder(why: string): never {
  return fault(`the order is refused: ${why}`, {
    code: "order/refused",
    hint: "wingman status shows what stands; wingman explain order/refused",
  });
}

/** The server would leave an order out whose key it does not know, after the push that brought it. */
function refuseVainOrder(place: Place, signed: Order, now: Date): void {
  const { policy, signers } = place.trusted;
  const judged = judgeOrder(signed, { policy, signers, state: place.ledger.state, now });
  if (judged.ok) return;
  fault(`the order would not count: ${judged.why}`, {
    code: "order/refused",
    hint: `sign with a key that .wingman/allowed_signers on ${place.policyBranch} lists for ${signed.by} with namespaces="wingman-order": --key FILE`,
  });
}

async function asFile(place: Place, made: Order, options: OrderOptions, io: Io): Promise<number> {
  const signature = await signatureOver(place, {
    message: signedBytesOfOrder(made),
    namespace: ORDER_NAMESPACE,
    keyFile: options.key,
  });
  const whole: Order = signature === undefined ? made : { ...made, signature };
  if (signature !== undefined) refuseVainOrder(place, whole, io.now());
  const file = {
    path: orderPath(made.nonce),
    bytes: Buffer.from(serializeOrder(whole), "utf8"),
    subject: `${made.action} ${made.subject}`,
    reason: made.reason,
    by: made.by,
    proof:
      signature === undefined
        ? "unsigned: it counts when an administrator pushes it alone"
        : "signed",
    branch: `order-${made.nonce.slice(0, 8)}`,
    where: "any branch will do",
    fresh: true,
  };
  await carry(place, io, file, options.push);
  return EXIT.ok;
}
