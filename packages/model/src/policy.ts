/**
 * Policy: `.wingman/policy.yaml`, who may do what. Read from the trusted side, never from the
 * change that it judges.
 */

/** Declared or minimum risk, lowest first. */
export type RiskLevel = "low" | "medium" | "high" | "critical";
export type Environment = "dev" | "test" | "prd";
/** A claim as written in instructions, claims and on the command line: type and args. */
export interface ClaimText {
  readonly type: string;
  readonly args: Readonly<Record<string, unknown>>;
}

export interface WorkerRow {
  readonly principals: readonly string[];
  readonly logins: readonly string[];
}

export interface BotRow {
  readonly logins: readonly string[];
  readonly principals: readonly string[];
  /** Globs of what it may touch. */
  readonly paths: readonly string[];
}

export interface CommandRow {
  readonly run: readonly string[];
  readonly timeout?: string;
  /** Default false: no network while it runs. */
  readonly network?: boolean;
  readonly results?: { readonly format: "junit" | "tap" | "json" | "text"; readonly path?: string };
  /** The coverage report that it writes: lcov, a JSON summary, Cobertura. */
  readonly coverage?: { readonly path: string };
}

export interface ForbiddenRow {
  readonly id: string;
  readonly command: string;
  readonly why: string;
}

/** What happens on a finding of this kind: refuse, tell, or nothing. */
export type Weight = "block" | "warn" | "off";

/** A policy with every default filled in. */
export interface Policy {
  readonly v: 1;
  readonly revision: number;
  readonly origin: string;
  /** Globs of branch names without `refs/heads/`. */
  readonly governed: readonly string[];
  readonly mode: "enforce" | "warn";
  readonly identity: {
    readonly unattributed: "person" | "worker" | "refused";
    readonly unproven: "incident" | "lock";
  };
  readonly administrators: readonly string[];
  readonly people: readonly string[];
  readonly workers: Readonly<Record<string, WorkerRow>>;
  readonly bots: Readonly<Record<string, BotRow>>;
  readonly protect: readonly string[];
  readonly companions: Readonly<Record<string, readonly string[]>>;
  readonly risk: readonly {
    readonly paths?: readonly string[];
    readonly environment?: Environment;
    readonly level: RiskLevel;
  }[];
  readonly approvals: {
    readonly levels: readonly RiskLevel[];
    readonly environments: readonly Environment[];
    readonly expires: string;
  };
  readonly forbidden: { readonly extend: readonly ForbiddenRow[] };
  /**
   * At which confidence a secret blocks or warns (`off` never does), what happens to a file that
   * cannot be read, and whose `wingman:allow` counts besides those that landed already.
   */
  readonly secrets: {
    readonly block: "high" | "medium" | "low";
    readonly warn: "high" | "medium" | "low" | "off";
    readonly unread: Weight;
    readonly allowances: "landed" | "people" | "anyone";
  };
  readonly commands: Readonly<Record<string, CommandRow>>;
  readonly audit: {
    readonly unverifiable: Weight;
    readonly unclaimed: Weight;
    readonly attempts: number;
    /** For how long after it was made a claim about a host can be judged. */
    readonly window: string;
    /** Hosts besides loopback that a claim may have the auditor ask, as `host` or `host:port`. */
    readonly hosts: readonly string[];
    /** Name servers that are asked in place of the machine's own, as `address` or `address:port`. */
    readonly resolvers?: readonly string[];
  };
  readonly tracker?: {
    readonly github?: { readonly repository?: string; readonly labels?: readonly string[] };
  };
  readonly notify?: {
    readonly telegram?: { readonly chat?: string };
    readonly webhook?: { readonly url?: string };
  };
}

export const POLICY_PATH = ".wingman/policy.yaml";
export const SIGNERS_PATH = ".wingman/allowed_signers";

/**
 * What judges until there is a policy: secrets and hostile objects, and nobody is locked.
 * Governed is the policy branch alone, which the caller adds.
 */
export const builtInPolicy: Policy = {
  v: 1,
  revision: 0,
  origin: "",
  governed: [],
  mode: "enforce",
  identity: { unattributed: "person", unproven: "incident" },
  administrators: [],
  people: [],
  workers: {},
  bots: {},
  protect: [],
  companions: {},
  risk: [],
  approvals: { levels: ["high", "critical"], environments: ["prd"], expires: "30d" },
  forbidden: { extend: [] },
  secrets: { block: "high", warn: "medium", unread: "warn", allowances: "people" },
  commands: {},
  audit: { unverifiable: "warn", unclaimed: "warn", attempts: 3, window: "10m", hosts: [] },
};
