/**
 * Identity: who acts, and how we know. A commit is judged with a signer and a pusher, each proven or
 * absent. What a commit says of itself (author, trailers) proves nothing; it can only lower rights.
 */
import type { RunName } from "./claim.ts";
import type { Policy } from "./policy.ts";

/**
 * What a signature shows. `unknown`: a sound signature (or a kind we do not verify, as OpenPGP) of
 * nobody that the trusted side lists, which is no proof. `bad`: broken, wrong namespace, doubled.
 */
export type Signature =
  | { readonly state: "absent" }
  | { readonly state: "good"; readonly principals: readonly string[]; readonly fingerprint: string }
  | { readonly state: "unknown"; readonly fingerprint?: string; readonly why: string }
  | { readonly state: "bad"; readonly why: string };

export type Kind = "administrator" | "person" | "bot" | "worker" | "unattributed";

/** Who acts, after signer, pusher and trailer were weighed. */
export interface Identity {
  readonly kind: Kind;
  /** Worker id, bot's name, principal or login; "" where unattributed. */
  readonly name: string;
  /** True where signature or pusher proves that this name acted. A trailer alone proves nothing. */
  readonly proven: boolean;
  /** What proves it: `none` where nothing does. */
  readonly proof: "signature" | "pusher" | "none";
  /** True where some proof shows somebody, whoever it is. */
  readonly anyProof: boolean;
  /** The run that the trailer names, where it still lowers. */
  readonly run?: RunName;
  /**
   * Asked of whoever brings claims lines without any proof and without naming their run: the commit shows
   * several hands (co-authors, another worker's run), so what it holds may be another's.
   */
  readonly several?: true;
  readonly signer?: string;
  readonly pusher?: string;
}

/** What is known of one commit's origin. */
export interface Origin {
  readonly signature: Signature;
  /** The login that the server authenticated. */
  readonly pusher?: string;
  /** The run of its `Wingman-Run` trailer, unless that run is closed on a governed branch. */
  readonly run?: RunName;
}

interface Standing {
  readonly kind: Kind;
  readonly name: string;
  readonly proof: "signature" | "pusher";
}

/**
 * Weighs signer, pusher and trailer into one identity (TRUST.md §1): the lesser of signer and pusher,
 * lowered to a worker by a trailer. Pure; `policy` is the trusted side's.
 */
export function identify(policy: Policy, origin: Origin): Identity {
  const names = origin.signature.state === "good" ? origin.signature.principals : [];
  const bySignature = standings(policy, names, "signature");
  const byPusher = origin.pusher === undefined ? [] : standings(policy, [origin.pusher], "pusher");
  const anyProof = names.length > 0 || origin.pusher !== undefined;
  const shown = {
    anyProof,
    ...(names[0] === undefined ? {} : { signer: names[0] }),
    ...(origin.pusher === undefined ? {} : { pusher: origin.pusher }),
    ...(origin.run === undefined ? {} : { run: origin.run }),
  };
  const claimed = origin.run?.worker;
  if (claimed !== undefined) {
    const own = [...bySignature, ...byPusher].find(
      (one) => one.kind === "worker" && one.name === claimed,
    );
    const other = lesser(bestFor(bySignature), bestFor(byPusher));
    // A worker that names another worker's run stays who the proof says; the run's owner is a rule's matter.
    if (own === undefined && other?.kind === "worker") {
      return { kind: "worker", name: other.name, proven: true, proof: other.proof, ...shown };
    }
    return {
      kind: "worker",
      name: claimed,
      proven: own !== undefined,
      proof: own?.proof ?? "none",
      ...shown,
    };
  }
  const who = lesser(bestFor(bySignature), bestFor(byPusher));
  if (who === undefined)
    return { kind: "unattributed", name: "", proven: false, proof: "none", ...shown };
  return { kind: who.kind, name: who.name, proven: true, proof: who.proof, ...shown };
}

const RANK: Readonly<Record<Kind, number>> = {
  administrator: 4,
  person: 3,
  bot: 2,
  worker: 1,
  unattributed: 0,
};

/** Everything that a name stands under in the policy: one key may be a person's and a worker's. */
function standings(policy: Policy, names: readonly string[], proof: Standing["proof"]): Standing[] {
  const found: Standing[] = [];
  for (const name of names) {
    if (policy.administrators.includes(name)) found.push({ kind: "administrator", name, proof });
    if (policy.people.includes(name)) found.push({ kind: "person", name, proof });
    for (const [bot, row] of Object.entries(policy.bots)) {
      if (row.logins.includes(name) || row.principals.includes(name))
        found.push({ kind: "bot", name: bot, proof });
    }
    for (const [worker, row] of Object.entries(policy.workers)) {
      // Folded here and nowhere above: another spelling of a login may lower rights, never raise them.
      if ([...row.logins, ...row.principals].some((one) => sameFolded(one, name)))
        found.push({ kind: "worker", name: worker, proof });
    }
    // `people: []` means: whoever the signers file or the forge names is a person.
    if (policy.people.length === 0 && !found.some((one) => one.proof === proof))
      found.push({ kind: "person", name, proof });
  }
  return found;
}

/** Forges take `Alice-Bot` and `alice-bot` for one login. */
function sameFolded(a: string, b: string): boolean {
  return a === b || a.toLowerCase() === b.toLowerCase();
}

/** The highest standing: one key under a person and a worker is the person's, unless a trailer lowers it. */
function bestFor(all: readonly Standing[]): Standing | undefined {
  return [...all].sort((a, b) => RANK[b.kind] - RANK[a.kind])[0];
}

function lesser(a: Standing | undefined, b: Standing | undefined): Standing | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return RANK[b.kind] < RANK[a.kind] ? b : a;
}

/** What the policy lets this identity do: unattributed is a person, a worker or refused. */
export function effectiveKind(policy: Policy, identity: Identity): Kind | "refused" {
  if (identity.kind !== "unattributed") return identity.kind;
  return policy.identity.unattributed;
}
