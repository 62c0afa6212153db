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
  /** The version by which each of them is answered; a link or another source has none. */
  readonly direct?: ReadonlyMap<string, string | undefined>;
  /** What may have been left out for another platform. */
  readonly optional?: ReadonlySet<string>;
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
  /** What a host is asked to have beside it; some installers install these too. */
  peers?(text: string, path: RepoPath): Promise<Requirements> | Requirements;
  /** What else of it decides what is installed: where a requirement stands, overrides, patches. */
  besides?(text: string, path: RepoPath): Promise<Requirements> | Requirements;
}

/** Files that decide what is installed, and that nothing here reads. */
const UNREAD =
  /^(?:pnpm-workspace\.yaml|\.npmrc|\.pnpmfile\.c?js|\.yarnrc(?:\.yml)?|bower\.json|deno\.jsonc?|import_map\.json|Pipfile|setup\.(?:py|cfg)|constraints[^/]*\.txt|requirements[^/]*\.(?:txt|in)|environment\.ya?ml|go\.work|Gemfile|[^/]*\.gemspec|pom\.xml|build\.gradle(?:\.kts)?|settings\.gradle(?:\.kts)?|libs\.versions\.toml|composer\.json|[^/]*\.(?:cs|fs|vb)proj|Directory\.Packages\.props|packages\.config|mix\.exs|Package\.swift|Podfile|pubspec\.yaml)$/;
const OF: readonly (readonly [Ecosystem, RegExp])[] = [
  ["npm", /^(?:pnpm-workspace|\.npmrc|\.pnpmfile|\.yarnrc|bower|deno|import_map)/],
  ["python", /^(?:Pipfile|setup\.|constraints|requirements|environment)/],
  ["go", /^go\./],
];

/** True of such a file, of this ecosystem where one is said. */
export function isUnreadManifest(path: RepoPath, ecosystem: string | undefined): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const folder = /(?:^|\/)requirements\/[^/]+\.(?:txt|in)$/.test(path);
  if (name === "requirements.txt" || !(folder || UNREAD.test(name))) return false;
  if (ecosystem === undefined) return true;
  return folder ? ecosystem === "python" : OF.some(([of, is]) => of === ecosystem && is.test(name));
}

/** One spelling for a name that an ecosystem takes in several (PEP 503; crates' - and _). */
export function plainName(ecosystem: Ecosystem, name: string): string {
  if (ecosystem === "python") return name.toLowerCase().replace(/[-_.]+/g, "-");
  return ecosystem === "cargo" ? name.toLowerCase().replaceAll("_", "-") : name;
}
