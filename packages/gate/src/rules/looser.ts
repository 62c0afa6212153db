/**
 * Law that becomes looser is named line by line, for whoever reviews it: an administrator may land it,
 * and nobody shall land it unseen (TRUST.md §2). It refuses nothing itself.
 */
import type { Baseline, Change, Finding, Tree } from "@wingman/model";
import {
  BASELINE_PATH,
  POLICY_PATH,
  parseAllowedSigners,
  parseBaseline,
  parsePolicy,
  parseYaml,
  quotePath,
  SIGNERS_PATH,
  visible,
} from "@wingman/model";
import { readSmall } from "../reading.ts";
import type { Rule } from "../rule.ts";

/** One loosening, placed in the new file; `old` is its line in the file as it stood. */
interface Named {
  readonly what: string;
  readonly line?: number;
  readonly old?: number;
}

interface LawFile {
  readonly code: string;
  readonly path: string;
  readonly what: string;
  /** Undefined where a side cannot be read: another rule says so. */
  compare(
    before: Uint8Array | undefined,
    after: Uint8Array | undefined,
  ): Promise<readonly Named[]> | readonly Named[];
}

const FILES: readonly LawFile[] = [
  { code: "policy/looser", path: POLICY_PATH, what: "the policy", compare: policies },
  { code: "signers/looser", path: SIGNERS_PATH, what: "the signers file", compare: signers },
  { code: "baseline/looser", path: BASELINE_PATH, what: "the baseline", compare: baselines },
];

export const looser: Rule = {
  codes: FILES.map(({ code }) => code),
  title: "what loosens the law is named line by line",
  scopes: ["landing"],
  needs: [],
  judge: async (change) => {
    // Before the first policy nothing was forbidden, so nothing becomes looser.
    if (!change.trusted.established) return [];
    const findings: Finding[] = [];
    for (const file of FILES) {
      if (!change.own.some(({ path }) => path === file.path)) continue;
      const [before, after] = await Promise.all([
        bytesAt(change.before, file.path),
        bytesAt(change.after, file.path),
      ]);
      for (const one of await file.compare(before, after))
        findings.push(findingOf(change, file, one));
    }
    return findings;
  },
};

async function bytesAt(tree: Tree, path: string): Promise<Uint8Array | undefined> {
  const entry = await tree.entry(path);
  return entry === undefined ? undefined : await readSmall(tree, entry);
}

async function policies(
  before: Uint8Array | undefined,
  after: Uint8Array | undefined,
): Promise<readonly Named[]> {
  const old = before === undefined ? undefined : parsePolicy(before);
  const now = after === undefined ? undefined : parsePolicy(after);
  if (old?.ok !== true || now?.ok !== true) return [];
  const { looserPolicy } = await import("../looser-policy.ts");
  return looserPolicy(old.value.policy, now.value.policy).map(({ what, side, at }) => ({
    what,
    line: now.value.doc.keyAt(at).line,
    ...(side === "before" ? { old: old.value.doc.keyAt(at).line } : {}),
  }));
}

/** A file that goes takes every key with it. */
async function signers(
  before: Uint8Array | undefined,
  after: Uint8Array | undefined,
): Promise<readonly Named[]> {
  const none = { ok: true, value: [] } as const;
  const old = before === undefined ? none : parseAllowedSigners(before);
  const now = after === undefined ? none : parseAllowedSigners(after);
  if (!old.ok || !now.ok) return [];
  const { looserSigners } = await import("../looser-signers.ts");
  return looserSigners(old.value, now.value).map(({ what, side, line }) =>
    side === "after" ? { what, line } : { what, old: line },
  );
}

function baselines(
  before: Uint8Array | undefined,
  after: Uint8Array | undefined,
): readonly Named[] {
  const old = before === undefined ? undefined : parseBaseline(before);
  const now = after === undefined ? undefined : parseBaseline(after);
  if (now?.ok !== true) return [];
  const was: Baseline = old?.ok === true ? old.value : { v: 1, tips: [], findings: [] };
  const doc = parseYaml(after ?? new Uint8Array(), { what: "the baseline", maxBytes: 5 << 20 });
  const lineOf = (at: readonly (string | number)[]): number => (doc.ok ? doc.value.at(at).line : 1);
  const named: Named[] = [];
  for (const [index, tip] of now.value.tips.entries())
    if (!was.tips.includes(tip))
      named.push({
        what: `what ${tip.slice(0, 12)} reaches is not judged`,
        line: lineOf(["tips", index]),
      });
  for (const [index, one] of now.value.findings.entries()) {
    const stood = was.findings.filter(
      (other) => other.fingerprint === one.fingerprint && other.code === one.code,
    );
    if (stood.some((other) => Date.parse(other.expires) >= Date.parse(one.expires))) continue;
    const what = `${one.code} in ${quotePath(one.path)} is let through ${stood.length === 0 ? "" : "longer, "}until ${one.expires.slice(0, 10)}`;
    named.push({ what, line: lineOf(["findings", index]) });
  }
  return named;
}

function findingOf({ ref }: Change, file: LawFile, one: Named): Finding {
  const old = one.old === undefined ? "" : ` (line ${one.old} of ${file.what} as it stands)`;
  return {
    code: file.code,
    severity: "warn",
    always: true,
    message: `${file.what} becomes looser: ${visible(one.what)}${old}`,
    path: file.path,
    ...(one.line === undefined ? {} : { line: one.line }),
    why: "whoever lands it should know what is allowed from then on that was not before",
    help: "land it only if it is meant so; an administrator must, and the push record names it",
    ...(ref === undefined ? {} : { ref: ref.name }),
  };
}
