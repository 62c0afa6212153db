/**
 * What of a run's claims waits for others, begun before its turn. Verdicts are made in order all the same,
 * out of the same budget: a look at a host spends none, and of commands only their runs are taken over.
 */
import type { ClaimText, Run } from "@wingman/model";
import { claimTypeOf } from "./claim-types.ts";
import { judgeClaim } from "./judge-claim.ts";
import type { Need } from "./reach.ts";
import type { Stage } from "./scene.ts";

type Claim = Run["file"]["claims"][number];

/** Claims about hosts that are begun and whose turn has not come. */
const MOST_BEGUN = 64;

const LOOKED_AT: ReadonlySet<Need> = new Set(["host", "engine", "remote"]);

/** The claims of a run that are under way though their turn has not come. */
export class Ahead<T> {
  readonly #claims: readonly Claim[];
  readonly #begin: (claim: Claim) => Promise<T>;
  readonly #begun = new Map<number, Promise<T>>();
  #next = 0;

  /**
   * Begins what can begin: the first looks, then each command that is asked for. `begin` judges a claim;
   * it is called once for each.
   */
  constructor(stage: Stage, claims: readonly Claim[], begin: (claim: Claim) => Promise<T>) {
    this.#claims = claims.filter(({ record }) => isLook(record, stage));
    this.#begin = begin;
    this.#fill();
    runCommands(stage, claims);
  }

  /** A claim's answer, where it is a look at something outside; undefined for all others. */
  take(claim: Claim): Promise<T> | undefined {
    const begun = this.#begun.get(claim.record.seq);
    if (begun === undefined) return undefined;
    this.#begun.delete(claim.record.seq);
    this.#fill();
    return begun;
  }

  #fill(): void {
    while (this.#begun.size < MOST_BEGUN) {
      const claim = this.#claims[this.#next];
      if (claim === undefined) return;
      this.#next += 1;
      const begun = this.#begin(claim);
      // Thrown where its turn comes; a fault before that ends the audit without it.
      begun.catch(() => {});
      this.#begun.set(claim.record.seq, begun);
    }
  }
}

function isLook({ type }: ClaimText, stage: Stage): boolean {
  const need = claimTypeOf(type)?.needs ?? "tree";
  return LOOKED_AT.has(need) && need in stage.reach;
}

/**
 * Judges one claim of each kind on each command on a stage beside, for the runs that it asks for: they are
 * what takes long, and both stages share them. What it answers is let go, and so is what it spends.
 */
function runCommands(stage: Stage, claims: readonly Claim[]): void {
  if (stage.reach.commands === undefined) return;
  const beside: Stage = {
    ...stage,
    budget: { ...stage.budget },
    sources: new Map(),
    forms: new Map(),
    covered: { known: new Map(), ready: new Map() },
  };
  const asked = new Set<string>();
  for (const { record } of claims) {
    if (claimTypeOf(record.type)?.needs !== "commands") continue;
    const key = JSON.stringify([record.type, record.args["command"] ?? null]);
    if (asked.has(key)) continue;
    asked.add(key);
    judgeClaim(beside, record).catch(() => {});
  }
}
