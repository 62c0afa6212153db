/** Explanations of what an instruction must say and must not ask for. */
import type { Explanation } from "./explanations.ts";

const TEN =
  "without all ten points, with real content, neither worker nor reviewer knows when the work is right";

export const POINT_EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  "points/missing": {
    title: "An instruction has all ten points",
    why: TEN,
    good: "mitigation: Revert the merge; keys issued by the old code stay valid for 7 days",
    bad: "(no `mitigation` at all)",
  },
  "points/empty": {
    title: "A point says something",
    why: TEN,
    good: "deliverables:\n  - file.exists: {path: src/keys/rotate.mjs}",
    bad: "deliverables: []",
  },
  "points/placeholder": {
    title: "A point is not a placeholder",
    why: "a placeholder is a promise to think later; the worker starts now",
    good: "dependencies: {none: The key store is already on main; nothing is added}",
    bad: "dependencies: TBD",
  },
  "points/thin": {
    title: "A point has substance: three words, or a number, path or command",
    why: "one word can mean anything, so nobody can hold anybody to it",
    good: "mitigation: Revert the merge commit",
    bad: "mitigation: rollback",
  },
  "points/same": {
    title: "No two points say the same",
    why: "the same text in two points answers one of two questions at most",
    good: "success_criteria: A key older than 30 days is refused within 1 second",
    bad: "success_criteria and quality_metrics with one and the same sentence",
  },
  "points/scaffold": {
    title: "The scaffold's text is replaced",
    why: "what `wingman new` writes is a question, not an answer",
    good: "risk_assessment: {level: low, why: Only a comment changes}",
    bad: "risk_assessment: the text that `wingman new` left there",
  },
  "points/boundless": {
    title: "Boundaries bound something",
    why: "a worker that may touch everything has no boundaries",
    good: 'boundaries: {allow: ["src/keys/**"], deny: []}',
    bad: 'boundaries: {allow: ["**"]}',
  },
  "points/untyped": {
    title: "For production, deliverables are claims and boundaries are typed",
    why: "in production what only text says cannot be checked by anyone",
    good: "deliverables:\n  - file.exists: {path: infra/dns.tf}",
    bad: "environment: prd with deliverables: The DNS is updated",
  },
  "points/vague": {
    title: "The ten points name things: files, numbers, commands",
    why: "a list of what belongs in each point is a template; no worker can do it and nobody can check it",
    good: "DELIVERABLES: `src/keys/rotate.mjs` with its test",
    bad: "DELIVERABLES: specific files to create (and nine more of that kind)",
  },
  "points/text-only": {
    title: "Boundaries are typed, so that they can be enforced",
    why: "what only text says no commit can be held to; people may still read it",
    good: 'boundaries: {allow: ["src/keys/**"], deny: []}',
    bad: "boundaries: Only the key store",
  },
};

/** All rows of forbidden-actions.ts, and those that a policy adds. */
export const FORBIDDEN_EXPLANATION: Explanation = {
  title: "An instruction does not ask for a forbidden action",
  why: "some commands destroy what cannot be brought back, or walk past the checks; a worker does as told",
  good: "Do not push with force; bring the change on top with git pull --rebase",
  bad: "Then push with force to main",
};
