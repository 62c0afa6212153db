/**
 * The tip of a ledger: its end and what all of it comes to, which is what judging and appending ask.
 * Also as a text that an authority keeps beside its key, so that a push costs what it brings and not
 * what a million pushes brought before. The text is believed only with a code that the auditor's key
 * alone can make, for the very commit that it was folded from, and as far as that commit's signed
 * checkpoint confirms it; anything else is stale, and the ledger is read whole.
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { LedgerState, Tree } from "@wingman/model";
import type { HeadPlan, Signing } from "./append.ts";
import { planOnHead } from "./append.ts";
import { auditorKeyOf } from "./auditor-key.ts";
import { type LedgerHead, loadHead, saveHead } from "./head.ts";
import { type Ledger, readLedger, soundLedger } from "./ledger.ts";
import type { Draft } from "./records.ts";
import { type Fold, resumeFold } from "./state.ts";

export interface LedgerTip {
  readonly head: LedgerHead;
  readonly state: LedgerState;
  readonly fold: Fold;
  /** The ledger with its records, for who must look at them. Reads it all where that was not done yet. */
  whole(): Promise<Ledger>;
}

/** What a kept tip is bound to: the program whose fold it is, the commit, and the auditor's key (PEM). */
export interface TipBinding {
  readonly checker: string;
  readonly commit: string;
  readonly key: string;
}

/** The tip of a ledger that was read whole. */
export function tipOfLedger(ledger: Ledger): LedgerTip {
  const { head, state, fold } = ledger;
  return { head, state, fold, whole: async () => ledger };
}

/** The text to keep. */
export function saveTip(tip: LedgerTip, binding: TipBinding): string {
  const body = `${binding.checker}\n${saveHead(tip.head, binding.commit)}\n${JSON.stringify(tip.fold.saved())}`;
  return `${codeOf(body, binding.key).toString("hex")}\n${body}`;
}

/** The tip from a kept text, for the ledger at this commit, whose tree is `tree`; undefined: stale. */
export async function loadTip(
  text: string,
  at: TipBinding & { readonly tree: Tree },
): Promise<LedgerTip | undefined> {
  const end = text.indexOf("\n");
  const body = text.slice(end + 1);
  const code = Buffer.from(text.slice(0, Math.max(end, 0)), "hex");
  const right = codeOf(body, at.key);
  // Whoever can read the key can append records anyway; nobody else can make this code.
  if (code.length !== right.length || !timingSafeEqual(code, right)) return undefined;
  const [checker, head = "", fold = ""] = body.split("\n");
  if (checker !== at.checker) return undefined;
  const { publicKey } = auditorKeyOf(at.key);
  const loaded = await loadHead(head, { commit: at.commit, tree: at.tree, auditor: publicKey });
  if ("stale" in loaded) return undefined;
  const resumed = resumeFold(JSON.parse(fold));
  const state = resumed.state(loaded.frontier.root());
  if (state.size !== loaded.size || state.auditor !== publicKey) return undefined;
  const whole = async () => soundLedger(await readLedger(at.tree));
  return { head: loaded, state, fold: resumed, whole };
}

function codeOf(body: string, key: string): Buffer {
  const secret = createHash("sha256").update("wingman kept ledger tip\n").update(key).digest();
  return createHmac("sha256", secret).update(body).digest();
}

/**
 * Plans one batch on a tip and gives the tip after it. The tip before is used up: its fold goes on.
 * @throws Fault as {@link planOnHead}.
 */
export function planOnTip(
  tip: LedgerTip,
  drafts: readonly Draft[],
  signing: Signing,
): HeadPlan & { readonly after: LedgerTip } {
  const plan = planOnHead(tip.head, drafts, signing);
  for (const record of plan.records) tip.fold.add(record);
  const state = tip.fold.state(plan.head.frontier.root());
  const whole = async (): Promise<Ledger> => {
    throw new Error("the ledger after a batch is read from its branch");
  };
  return { ...plan, after: { head: plan.head, state, fold: tip.fold, whole } };
}
