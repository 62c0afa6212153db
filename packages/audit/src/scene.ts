/**
 * Scene: what one claim may look at, and the record of what it looked at. The record becomes the
 * evidence digest, so the same tree gives the same digest on every machine.
 */
import type {
  Answer,
  Attempt,
  ClaimText,
  Instruction,
  LedgerState,
  Observation,
  PathChange,
  Policy,
  RepoPath,
  Run,
  Tree,
} from "@wingman/model";
import { builtInPolicy, digestOf, emptyLedger, foldPath } from "@wingman/model";
import { above, indexBelow } from "./below.ts";
import type { Budget, Patience } from "./budget.ts";
import { newBudget } from "./budget.ts";
import type { Covered } from "./claim-type.ts";
import type { Standing } from "./ground.ts";
import { Ground } from "./ground.ts";
import type { Judged } from "./judge-claim.ts";
import type { KeptForm } from "./parsed-once.ts";
import type { CommandEnd, Reach, Seen } from "./reach.ts";
import type { Source } from "./source/source-at.ts";
import { Turns } from "./turns.ts";

/** Shared by all claims of one run. */
export interface Stage {
  readonly run: Run | undefined;
  /** P's tree (or the one tree that `verify` was given). */
  readonly end: Ground;
  /** S's tree; undefined without a run. */
  readonly start: Ground | undefined;
  /** The run's diff by path. */
  readonly own: ReadonlyMap<RepoPath, PathChange>;
  /** Indexes of both, made when first asked. */
  readonly below: {
    own?: ReadonlyMap<RepoPath, RepoPath>;
    foreign?: ReadonlyMap<RepoPath, RepoPath>;
    doubtful?: ReadonlyMap<RepoPath, RepoPath>;
    /** Folded, as it is written. */
    folded?: ReadonlyMap<string, RepoPath>;
  };
  /** The last source files that were parsed, by language and blob. */
  readonly sources: Map<string, Promise<Source | Observation>>;
  /** What the run's claims speak for, found when first asked. */
  readonly covered: {
    all?: Promise<readonly Covered[]>;
    /** Of those whose turn has been, by number. */
    readonly known: Map<number, readonly Covered[]>;
    /** Those that were judged for it before their turn, by number: their answer stands. */
    readonly ready: Map<number, Judged>;
  };
  /** The last files that were parsed as data, by parser and blob. */
  readonly forms: Map<string, KeptForm>;
  /** What commands did, by command and files, each attempt: claims on one command share its runs. */
  readonly ran: Map<string, Promise<TimedRun>[]>;
  readonly budget: Budget;
  /** Who of those that wait for others may be under way together. */
  readonly turns: Turns;
  /** The trusted side's: the only commands there are. */
  readonly policy: Policy;
  /** What this surface can ask besides tree and history. */
  readonly reach: Reach;
  readonly clocks: Clocks;
  /** What was judged before. */
  readonly ledger: LedgerState;
  /** Instructions of the trusted side, each read once. */
  readonly orders: Map<string, Promise<Instruction | undefined>>;
}

const NO_CLOCKS: Clocks = { now: () => "", clock: () => 0 };

/** When something was looked at: RFC 3339 UTC, and whole milliseconds. */
export interface Took {
  readonly at: string;
  readonly ms: number;
}

/** A command's run; every claim on it tells the same beginning and length. */
export interface TimedRun {
  readonly seen: Seen<CommandEnd>;
  readonly took: Took;
}

/** The audit's clocks: of the day, and one that never goes back, in milliseconds. */
export interface Clocks {
  now(): string;
  clock(): number;
}

/** What a stage is set up with besides its trees. */
export interface StageSetting {
  readonly policy?: Policy;
  readonly reach?: Reach;
  /** Default: a push waits. */
  readonly patience?: Patience;
  /** Default: none, and no look has a time. */
  readonly clocks?: Clocks;
  /** Default: nothing was judged. */
  readonly ledger?: LedgerState;
  /** What is left of the budget, where an audit goes on that was stopped. Default: all of it. */
  readonly left?: Budget;
  /** Shared with other runs. Default: its own. */
  readonly turns?: Turns;
}

/** The stage of a run. */
export function stageOf(run: Run, setting: StageSetting = {}): Stage {
  return {
    run,
    end: new Ground(run.end.tree),
    start: new Ground(run.start.tree),
    own: new Map(run.diff.map((change) => [change.path, change])),
    below: {},
    sources: new Map(),
    covered: { known: new Map(), ready: new Map() },
    forms: new Map(),
    ran: new Map(),
    budget: { ...(setting.left ?? newBudget(setting.patience)) },
    turns: setting.turns ?? new Turns(),
    policy: setting.policy ?? builtInPolicy,
    reach: setting.reach ?? {},
    clocks: setting.clocks ?? NO_CLOCKS,
    ledger: setting.ledger ?? emptyLedger,
    orders: new Map(),
  };
}

/** The stage of a tree alone: what needs a run cannot be seen on it. */
export function stageOfTree(tree: Tree, setting: StageSetting = {}): Stage {
  return {
    run: undefined,
    end: new Ground(tree),
    start: undefined,
    own: new Map(),
    below: {},
    sources: new Map(),
    covered: { known: new Map(), ready: new Map() },
    forms: new Map(),
    ran: new Map(),
    budget: newBudget(setting.patience),
    turns: setting.turns ?? new Turns(),
    policy: setting.policy ?? builtInPolicy,
    reach: setting.reach ?? {},
    clocks: setting.clocks ?? NO_CLOCKS,
    ledger: setting.ledger ?? emptyLedger,
    orders: new Map(),
  };
}

/** How a claim that speaks of other claims asks for them; the judge hands it in. */
export interface Inquiry {
  ask(claim: ClaimText): Promise<Observation>;
  covered(): Promise<readonly Covered[]>;
}

/** A recorded claim's time and the auditor's. */
export interface Claimed {
  readonly at: string;
  readonly now: string;
}

/** One claim's view of the stage. */
export class Scene {
  readonly stage: Stage;
  readonly #inquiry: Inquiry;
  /** Absent for what is asked now. */
  readonly claimed: Claimed | undefined;
  readonly #looked = new Set<string>();
  readonly #attempts: Attempt[] = [];
  #asked = false;

  constructor(stage: Stage, claimed: Claimed | undefined, inquiry: Inquiry) {
    this.stage = stage;
    this.claimed = claimed;
    this.#inquiry = inquiry;
  }

  /** The answer of another claim on the same stage. */
  async ask(claim: ClaimText): Promise<Observation> {
    this.note("asked", claim.type, JSON.stringify(claim.args));
    return await this.#inquiry.ask(claim);
  }

  /** What the run's claims speak for in its diff. */
  async covered(): Promise<readonly Covered[]> {
    return await this.#inquiry.covered();
  }

  get run(): Run | undefined {
    return this.stage.run;
  }

  /**
   * The first path of the run's diff at or below this one; undefined where the run left it alone. Its own
   * claims file is no work, and only itself: `.wingman` was not touched by writing it.
   */
  ownAt(path: RepoPath): RepoPath | undefined {
    const claims = this.run?.file.path;
    if (path === claims) return this.stage.own.has(path) ? path : undefined;
    this.stage.below.own ??= indexBelow([...this.stage.own.keys()].filter((one) => one !== claims));
    return this.stage.below.own.get(path);
  }

  /** The first path at or below this one that only a merge brought, or nobody can tell who. */
  foreignAt(path: RepoPath): RepoPath | undefined {
    this.stage.below.foreign ??= indexBelow(this.run?.foreign ?? []);
    return this.stage.below.foreign.get(path) ?? this.doubtfulAt(path);
  }

  /** The first path at or below this one of which nobody can tell whether the run changed it. */
  doubtfulAt(path: RepoPath): RepoPath | undefined {
    this.stage.below.doubtful ??= indexBelow(this.run?.doubtful ?? []);
    return this.stage.below.doubtful.get(path);
  }

  /**
   * A path of the run's diff, or a folder on it, that this one is another spelling of: by case or Unicode
   * form. On many a disk they are one file.
   */
  ownVariant(path: RepoPath): RepoPath | undefined {
    this.stage.below.folded ??= new Map(
      [...this.stage.own.keys()].flatMap((one) =>
        above(one).map((at) => [foldPath(at), at] as const),
      ),
    );
    return this.stage.below.folded.get(foldPath(path));
  }

  /** What stands at a path at P. */
  async atEnd(path: RepoPath): Promise<Standing> {
    return this.#look("P", this.stage.end, path);
  }

  /** What stood at a path at S; only for claims that {@link Scene.run} answers. */
  async atStart(path: RepoPath): Promise<Standing> {
    if (this.stage.start === undefined) throw new TypeError("a tree alone has no start");
    this.#asked = true;
    return this.#look("S", this.stage.start, path);
  }

  /** Puts something else that was looked at into the evidence: a commit and its tree. */
  note(...parts: readonly string[]): void {
    this.#looked.add(JSON.stringify(parts));
  }

  /** Each look of a check that looks more than once, in order; none of one that looks once for all. */
  get attempts(): readonly Attempt[] {
    return this.#attempts;
  }

  /** Tells of one look: when (now, where nothing had to be run), and what it alone would have said. */
  attempt({ at, ms }: Took = this.took(this.began()), outcome: Answer): void {
    this.#attempts.push({ at, ms, outcome });
  }

  /** The moment at which a look begins. */
  began(): Took {
    const { clocks } = this.stage;
    return { at: clocks.now(), ms: clocks.clock() };
  }

  /** How long a look took that began then. */
  took({ at, ms }: Took): Took {
    return { at, ms: Math.max(0, Math.round(this.stage.clocks.clock() - ms)) };
  }

  /** `sha256:…` over all that was looked at, in an order of its own. */
  evidence(): string {
    // S only where it was looked at: what stands at P alone is the same from wherever the run began.
    const start = this.#asked ? (this.stage.start?.tree.id ?? null) : null;
    const trees = [start, this.stage.end.tree.id];
    return digestOf(JSON.stringify([trees, [...this.#looked].sort()]));
  }

  async #look(side: "P" | "S", ground: Ground, path: RepoPath): Promise<Standing> {
    const standing = await ground.standing(path);
    const oid = "entry" in standing ? standing.entry.oid : "";
    this.note(side, path, standing.what, oid);
    return standing;
  }
}
