/**
 * The gate: judges one Change by the rows of the table and gives sorted findings. It refuses to be
 * green where nothing was asked: no rules, or a rule that crashed, is a fault.
 */
import type { Change, Finding } from "@wingman/model";
import { compareFindings, Fault, isFault } from "@wingman/model";
import { baselined } from "./baselined.ts";
import { namedFinding } from "./finding-name.ts";
import type { Rule } from "./rule.ts";
import { RULES } from "./rules.ts";

/** What the gate says of one change. */
export interface Judgement {
  /** By path, line, column, code: the same bytes on every surface. */
  readonly findings: Finding[];
  /** Codes that this surface cannot know (no message at pre-commit, no pusher in a clone). */
  readonly notKnown: string[];
}

/**
 * Judges a change by every rule of its scope. Takes the table as an argument for cases. Throws a
 * Fault where no rule applies (`gate/no-rules`) or a rule broke (`gate/rule-crashed`): an empty or
 * broken gate must never look like a green one (TRUST.md §10).
 */
export async function judgeChange(
  change: Change,
  rules: readonly Rule[] = RULES,
): Promise<Judgement> {
  const applying = rules.filter((rule) => rule.scopes.includes(change.scope));
  if (applying.length === 0) {
    throw new Fault(`no rule judges a ${change.scope}`, {
      code: "gate/no-rules",
      hint: "this build of Wingman has no rules: install a released one",
    });
  }
  const findings: Finding[] = [];
  const notKnown = new Set<string>();
  for (const rule of applying) {
    if (!isKnown(rule, change)) {
      for (const code of rule.codes) notKnown.add(code);
      continue;
    }
    for (const finding of await judged(rule, change))
      findings.push(
        rule.adoptable === true ? namedFinding(finding, change.trusted.policy.origin) : finding,
      );
  }
  const told = await baselined(change, findings);
  return {
    findings: withoutDoubles(told.map((one) => inMode(one, change))).sort(compareFindings),
    notKnown: [...notKnown].sort(),
  };
}

/**
 * Only a local surface may leave a rule to a later one. Elsewhere what is absent counts against the
 * change: a server whose pusher variable is unset must not skip the rules that need a pusher.
 */
function isKnown(rule: Rule, change: Change): boolean {
  return !change.local || rule.needs.every((need) => change.known.has(need));
}

async function judged(rule: Rule, change: Change): Promise<readonly Finding[]> {
  try {
    return await rule.judge(change);
  } catch (error) {
    if (isFault(error)) throw error;
    throw new Fault(`the rule "${rule.title}" broke`, {
      code: "gate/rule-crashed",
      hint: "this is a bug of Wingman: report it with the change that it was judging",
      cause: error,
    });
  }
}

/** `mode: warn` lets findings pass, but not law, the ledger's branch and hostile objects (TRUST.md §5). */
function inMode(finding: Finding, change: Change): Finding {
  if (change.trusted.policy.mode !== "warn" || finding.always === true) return finding;
  return finding.severity === "block" ? { ...finding, severity: "warn" } : finding;
}

function withoutDoubles(findings: readonly Finding[]): Finding[] {
  const byKey = new Map<string, Finding>();
  for (const one of findings) {
    const key = JSON.stringify([
      one.code,
      one.path,
      one.line,
      one.column,
      one.message,
      one.commit,
      one.ref,
    ]);
    const other = byKey.get(key);
    if (other === undefined || (other.severity === "warn" && one.severity === "block")) {
      byKey.set(key, one);
    }
  }
  return [...byKey.values()];
}
