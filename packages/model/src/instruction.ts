/**
 * Instruction: the committed order for a worker, with its ten points. One shape for the typed form
 * (front matter or YAML) and the text form (Markdown headings).
 */
import type { YamlDoc } from "./located.ts";
import type { RepoPath } from "./path.ts";
import type { ClaimText, Environment, RiskLevel } from "./policy.ts";

/** The ten points in their order; a point's number is its place, from 1. */
export const POINTS = [
  "deliverables",
  "success_criteria",
  "boundaries",
  "dependencies",
  "mitigation",
  "test_process",
  "test_results_format",
  "resource_requirements",
  "risk_assessment",
  "quality_metrics",
] as const;
export type PointName = (typeof POINTS)[number];

/** Where a point stands and what it says. */
export interface Point {
  readonly name: PointName;
  /** Line and column of its key or heading, from 1. */
  readonly line: number;
  readonly column: number;
  /** Its content as plain text, one string per sentence, list item or field, for substance rules. */
  readonly texts: readonly {
    readonly text: string;
    readonly line: number;
    readonly column: number;
  }[];
  /** The parsed value: YAML's, or the text itself in the text form. */
  readonly value: unknown;
  /** True where it has the typed shape that the machine enforces. */
  readonly typed: boolean;
  /** The front matter or YAML file that it stands in, its value under the point's name; else absent. */
  readonly doc?: YamlDoc;
}

/** An instruction as read. A point that is absent is absent from `points`. */
export interface Instruction {
  readonly id: string;
  readonly title: string;
  readonly path: RepoPath;
  /** `typed`: front matter or YAML; `text`: points as Markdown headings. */
  readonly form: "typed" | "text";
  readonly draft: boolean;
  readonly environment: Environment;
  readonly worker?: string;
  readonly points: Readonly<Partial<Record<PointName, Point>>>;
  /** Deliverables (and success criteria) that are claims, which the auditor verifies. */
  readonly claims: readonly ClaimText[];
  /** Typed boundaries, or undefined where only text speaks of them: not machine-enforced. */
  readonly boundaries?: { readonly allow: readonly string[]; readonly deny: readonly string[] };
  /** Instruction ids among the dependencies. */
  readonly needs: readonly string[];
  readonly risk?: RiskLevel;
  /** The body: what the worker reads, with the line at which it begins. */
  readonly body: string;
  readonly bodyLine: number;
  /** SHA-256 of the file's committed bytes, `sha256:…`. */
  readonly digest: string;
}

export const INSTRUCTIONS_DIR = ".wingman/instructions";
