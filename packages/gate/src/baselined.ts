/**
 * Old findings that the trusted side's baseline lists until a day: they are told, and let pass. An
 * entry of the change itself says nothing, and an expired one neither (TRUST.md §5).
 */
import type { Baseline, Change, Finding } from "@wingman/model";
import { trustedBaseline } from "@wingman/model";

/** The findings, those that the baseline lists as warnings. Faults on a baseline that cannot be read. */
export async function baselined(
  change: Change,
  findings: readonly Finding[],
): Promise<readonly Finding[]> {
  const open = findings.some((one) => one.severity === "block" && one.fingerprint !== undefined);
  if (!open) return findings;
  const baseline = await trustedBaseline(change.trusted);
  return findings.map((one) => listed(one, change, baseline));
}

function listed(finding: Finding, change: Change, baseline: Baseline): Finding {
  const { fingerprint, path, code, severity } = finding;
  if (severity !== "block" || fingerprint === undefined || finding.always === true) return finding;
  const entry = baseline.findings.find(
    (one) => one.fingerprint === fingerprint && one.path === path && one.code === code,
  );
  if (entry === undefined) return finding;
  if (change.now === undefined || change.now.getTime() >= Date.parse(entry.expires)) return finding;
  const until = entry.expires.slice(0, 10);
  const message = `${finding.message} (in the baseline until ${until}, ${entry.owner}: ${entry.reason})`;
  return { ...finding, severity: "warn", message };
}
