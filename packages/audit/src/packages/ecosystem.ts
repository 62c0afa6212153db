/**
 * The package ecosystems whose manifests and lock files are read out of a tree. Nothing is installed, no
 * registry is asked. A file that says too little, or in a form that is not known, throws Unparsed.
 */
import type { RepoPath } from "@wingman/model";

export const ECOSYSTEMS = ["npm", "python", "go", "cargo"] as const;
export type Ecosystem = (typeof ECOSYSTEMS)[number];

/** Direct requirements of a manifest: name to requirement as it is written. */
export type Requirements = ReadonlyMap<string, string>;

/** What a lock file holds. */
export interface Lock {
  /** Every package, direct or not, with its versions. */
  readonly packages: ReadonlyMap<string, ReadonlySet<string>>;
  /** Requirements that the lock says it answers; undefined where its format does not tell. */
  readonly answered?: Requirements;
}

export interface LockFormat {
  readonly ecosystem: Ecosystem;
  readonly file: string;
  read(text: string, path: RepoPath): Promise<Lock> | Lock;
}

export interface ManifestFormat {
  readonly ecosystem: Ecosystem;
  readonly file: string;
  read(text: string, path: RepoPath): Promise<Requirements> | Requirements;
}

/** One spelling for a name that an ecosystem takes in several (PEP 503; crates' - and _). */
export function plainName(ecosystem: Ecosystem, name: string): string {
  if (ecosystem === "python") return name.toLowerCase().replace(/[-_.]+/g, "-");
  return ecosystem === "cargo" ? name.toLowerCase().replaceAll("_", "-") : name;
}
