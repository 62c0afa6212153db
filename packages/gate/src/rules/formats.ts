/**
 * The files that Wingman reads must be readable before they are anybody's trusted side: a broken
 * policy that landed would stop every later push. Judged at the tip of every ref.
 */
import type { Change, Finding, Parsed, Problem } from "@wingman/model";
import {
  POLICY_PATH,
  parseAllowedSigners,
  parseApproval,
  parseBaseline,
  parseOrder,
  parsePolicy,
  quotePath,
  SIGNERS_PATH,
} from "@wingman/model";
import { readSmall } from "../reading.ts";
import type { Rule } from "../rule.ts";

interface Format {
  readonly code: string;
  readonly what: string;
  readonly fits: RegExp;
  /** Law is enforced in `mode: warn` too. */
  readonly law: boolean;
  parse(path: string, bytes: Uint8Array): Parsed<unknown>;
}

const exactly = (path: string): RegExp => new RegExp(`^${path.replaceAll(".", "\\.")}$`);

const FORMATS: readonly Format[] = [
  {
    code: "policy/invalid",
    what: "the policy",
    fits: exactly(POLICY_PATH),
    law: true,
    parse: (_path, bytes) => parsePolicy(bytes),
  },
  {
    code: "signers/invalid",
    what: "the signers file",
    fits: exactly(SIGNERS_PATH),
    law: true,
    parse: (_path, bytes) => parseAllowedSigners(bytes),
  },
  {
    code: "baseline/invalid",
    what: "the baseline",
    fits: /^\.wingman\/baseline\.json$/,
    law: true,
    parse: (_path, bytes) => parseBaseline(bytes),
  },
  {
    code: "approval/invalid",
    what: "the approval",
    fits: /^\.wingman\/approvals\/./,
    law: false,
    parse: parseApproval,
  },
  {
    code: "order/invalid",
    what: "the order",
    fits: /^\.wingman\/orders\/./,
    law: false,
    parse: parseOrder,
  },
];

export const formats: Rule = {
  codes: FORMATS.map(({ code }) => code),
  title: "policy, signers, baseline, approvals and orders can be read",
  scopes: ["tip"],
  needs: [],
  judge: async (change) => {
    const findings: Finding[] = [];
    for (const { path, after } of change.own) {
      const format = FORMATS.find(({ fits }) => fits.test(path));
      if (format === undefined || after === undefined) continue;
      const bytes = await readSmall(change.after, after);
      if (bytes === undefined) {
        const message = "it is a link, a submodule or larger than 5 MiB";
        findings.push(findingOf(change, format, path, { code: "", message, line: 1, column: 1 }));
        continue;
      }
      const parsed = format.parse(path, bytes);
      if (parsed.ok) continue;
      for (const problem of parsed.problems)
        findings.push(findingOf(change, format, path, problem));
    }
    return findings;
  },
};

function findingOf(change: Change, format: Format, path: string, problem: Problem): Finding {
  return {
    code: format.code,
    severity: "block",
    always: format.law,
    message: `${format.what} ${quotePath(path)} cannot be read: ${problem.message}`,
    path,
    line: problem.line,
    column: problem.column,
    why: "once landed it would be the trusted side, and every later change would fail on it",
    help: problem.help ?? `wingman explain ${format.code} shows a good one`,
    ...(change.ref === undefined ? {} : { ref: change.ref.name }),
  };
}
