/**
 * The policy's text into a policy with every default filled in. Refuses what could be read in two
 * ways: unknown keys, one name under two workers, globs and durations that mean nothing.
 */
import { isWorkerId } from "./claim.ts";
import { digestOf } from "./digest.ts";
import { parseDuration } from "./duration.ts";
import { policy as validator } from "./generated/validators.mjs";
import { globFault } from "./globs.ts";
import type { YamlDoc } from "./located.ts";
import type { BotRow, Policy, WorkerRow } from "./policy.ts";
import { builtInPolicy } from "./policy.ts";
import type { Parsed, Problem } from "./problem.ts";
import { checkSchema } from "./schema-check.ts";
import { parseYaml } from "./yaml.ts";

/** A policy, where its parts stand, and the digest of the bytes that it was read from. */
export interface PolicyFile {
  readonly policy: Policy;
  readonly doc: YamlDoc;
  /** `sha256:…` */
  readonly digest: string;
}

type Fields<T> = {
  readonly [K in keyof T]?: T[K] extends readonly unknown[] ? T[K] : Partial<T[K]>;
};
/** The file as the schema lets it through: every key may be absent but the required ones. */
interface Written
  extends Omit<Fields<Policy>, "v" | "workers" | "bots" | "mode" | "revision" | "origin"> {
  readonly revision: number;
  readonly origin: string;
  readonly mode?: Policy["mode"];
  readonly workers?: Readonly<Record<string, Partial<WorkerRow>>>;
  readonly bots?: Readonly<Record<string, Partial<BotRow>>>;
}

/** Reads `.wingman/policy.yaml`. Never throws; problems name line and column. */
export function parsePolicy(bytes: Uint8Array): Parsed<PolicyFile> {
  const what = "the policy";
  const yaml = parseYaml(bytes, { what });
  if (!yaml.ok) return yaml;
  const problems = checkSchema(yaml.value, validator, what);
  if (problems.length > 0) return { ok: false, problems };
  const policy = withDefaults(yaml.value.value as Written);
  const wrong = [
    ...workerProblems(policy, yaml.value),
    ...globProblems(policy, yaml.value),
    ...durationProblems(policy, yaml.value),
  ];
  if (wrong.length > 0) return { ok: false, problems: wrong.sort((a, b) => a.line - b.line) };
  return { ok: true, value: { policy, doc: yaml.value, digest: digestOf(bytes) } };
}

function withDefaults(written: Written): Policy {
  const base = builtInPolicy;
  return {
    v: 1,
    revision: written.revision,
    origin: written.origin,
    governed: written.governed ?? base.governed,
    mode: written.mode ?? base.mode,
    identity: { ...base.identity, ...written.identity },
    administrators: written.administrators ?? base.administrators,
    people: written.people ?? base.people,
    workers: rows(written.workers, (row) => ({
      principals: row.principals ?? [],
      logins: row.logins ?? [],
    })),
    bots: rows(written.bots, (row) => ({
      principals: row.principals ?? [],
      logins: row.logins ?? [],
      paths: row.paths ?? [],
    })),
    protect: written.protect ?? base.protect,
    companions: rows(written.companions, (globs) => globs ?? []),
    risk: written.risk ?? base.risk,
    approvals: { ...base.approvals, ...written.approvals },
    forbidden: { extend: written.forbidden?.extend ?? base.forbidden.extend },
    secrets: { ...base.secrets, ...written.secrets },
    commands: rows(written.commands, (row) => row as Policy["commands"][string]),
    audit: { ...base.audit, ...written.audit },
    ...(written.tracker === undefined ? {} : { tracker: written.tracker }),
    ...(written.notify === undefined ? {} : { notify: written.notify }),
  };
}

/** Rows by name, without a prototype: a claim that names the command `constructor` finds none. */
function rows<In, Out>(
  written: Readonly<Record<string, In>> | undefined,
  make: (row: In) => Out,
): Record<string, Out> {
  const made: Record<string, Out> = Object.create(null);
  for (const [name, row] of Object.entries(written ?? {})) made[name] = make(row);
  return made;
}

function workerProblems(policy: Policy, doc: YamlDoc): Problem[] {
  const problems: Problem[] = [];
  const owners = new Map<string, string>();
  for (const [group, table] of [
    ["workers", policy.workers],
    ["bots", policy.bots],
  ] as const) {
    for (const [id, row] of Object.entries(table)) {
      if (group === "workers" && !isWorkerId(id)) {
        const message = `the policy: "${id}" is no worker id`;
        const help = "harness/name in lower case, no name that Windows opens as a device";
        problems.push({ code: "policy/worker", message, ...doc.keyAt(["workers", id]), help });
      }
      for (const list of ["principals", "logins"] as const) {
        for (const [index, name] of row[list].entries()) {
          // One name under two of them: nobody could tell whose commit it is, nor whom to lock.
          const owner = owners.get(name);
          if (owner !== undefined && owner !== id) {
            const message = `the policy: "${name}" stands under "${owner}" and "${id}"`;
            const help = "give each its own name";
            problems.push({
              code: "policy/shared-name",
              message,
              ...doc.at([group, id, list, index]),
              help,
            });
          }
          owners.set(name, id);
        }
      }
      if (row.principals.length + row.logins.length === 0 && group === "bots") {
        const message = `the policy: nothing proves the bot "${id}"`;
        problems.push({
          code: "policy/bot",
          message,
          ...doc.keyAt([group, id]),
          help: "add logins or principals",
        });
      }
    }
  }
  return problems;
}

function globProblems(policy: Policy, doc: YamlDoc): Problem[] {
  const lists: (readonly [readonly string[], readonly (string | number)[]])[] = [
    [policy.governed, ["governed"]],
    [policy.protect, ["protect"]],
    ...Object.entries(policy.bots).map(([id, row]) => [row.paths, ["bots", id, "paths"]] as const),
    ...Object.entries(policy.companions).map(([glob, of]) => [of, ["companions", glob]] as const),
    ...policy.risk.map((row, index) => [row.paths ?? [], ["risk", index, "paths"]] as const),
  ];
  const problems: Problem[] = [];
  const check = (glob: string, at: { line: number; column: number }): void => {
    const why = globFault(glob);
    if (why !== undefined)
      problems.push({ code: "policy/glob", message: `the policy: a glob ${why}`, ...at });
  };
  for (const [globs, path] of lists) {
    for (const [index, glob] of globs.entries()) check(glob, doc.at([...path, index]));
  }
  for (const glob of Object.keys(policy.companions)) check(glob, doc.keyAt(["companions", glob]));
  for (const [index, name] of policy.governed.entries()) {
    if (!name.startsWith("refs/")) continue;
    const message = `the policy: "${name}" is a ref, not a branch's name`;
    const help = `write ${name.replace(/^refs\/(heads\/)?/, "")}`;
    problems.push({ code: "policy/branch", message, ...doc.at(["governed", index]), help });
  }
  return problems;
}

function durationProblems(policy: Policy, doc: YamlDoc): Problem[] {
  const bounds: (readonly [string | undefined, readonly string[], number])[] = [
    [policy.approvals.expires, ["approvals", "expires"], 3660],
    [policy.audit.window, ["audit", "window"], 30],
    ...Object.entries(policy.commands).map(
      ([id, row]) => [row.timeout, ["commands", id, "timeout"], 1] as const,
    ),
  ];
  const problems: Problem[] = [];
  for (const [text, path, days] of bounds) {
    const ms = text === undefined ? 0 : parseDuration(text);
    if (ms !== undefined && ms <= days * 86_400_000) continue;
    const message = `the policy: "${path.join(".")}" is longer than ${days} day${days === 1 ? "" : "s"}`;
    problems.push({ code: "policy/duration", message, ...doc.at(path) });
  }
  return problems;
}
