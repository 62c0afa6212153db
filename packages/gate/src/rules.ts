/**
 * THE TABLE: everything that Wingman demands of a change, in the order in which a newcomer should
 * read it. A rule that is not here does not exist.
 */
import type { Rule } from "./rule.ts";
import { approvals } from "./rules/approvals.ts";
import { boundaries, netBoundaries } from "./rules/boundaries.ts";
import { claims, closedRuns } from "./rules/claims.ts";
import { composeValues, envFiles } from "./rules/config.ts";
import { dependenciesDone, dependencyGraph } from "./rules/dependencies.ts";
import { forbidden } from "./rules/forbidden.ts";
import { formats } from "./rules/formats.ts";
import { hostile } from "./rules/hostile.ts";
import { agentMark, signature, unattributed } from "./rules/identity.ts";
import { landedRuns, verdicts } from "./rules/landing.ts";
import { instructionLander, law, policyRevision } from "./rules/law.ts";
import { lock } from "./rules/lock.ts";
import { looser } from "./rules/looser.ts";
import { points } from "./rules/points.ts";
import { refs } from "./rules/refs.ts";
import { leastRisks } from "./rules/risk.ts";
import { run } from "./rules/run.ts";
import { secrets } from "./rules/secrets.ts";
import { skip } from "./rules/skip.ts";

export const RULES: readonly Rule[] = [
  // An order for a worker is complete and asks for nothing forbidden.
  points,
  forbidden,
  // Its risk is not made smaller than the policy says, and who must approve it is told in time.
  leastRisks,
  approvals,
  // It needs what exists, and never itself.
  dependencyGraph,
  // A worker works on such an order, within its boundaries, and is not locked.
  run,
  boundaries,
  lock,
  // It says what it did, and what it once said stands.
  claims,
  closedRuns,
  // What lands is closed, checked and within bounds in sum.
  landedRuns,
  dependenciesDone,
  verdicts,
  netBoundaries,
  // Whoever acts: no secret, no configuration of one place, no broken proof.
  secrets,
  envFiles,
  composeValues,
  signature,
  unattributed,
  agentMark,
  skip,
  // Who may do what is decided by administrators, in files that can be read.
  law,
  instructionLander,
  policyRevision,
  looser,
  formats,
  // The repository itself is what it seems to be.
  refs,
  hostile,
];
