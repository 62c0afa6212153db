/**
 * What the contract server remembers of its one repository: rows as GitHub must store them, not as it
 * shows them. A test may read and change every one.
 */
import { GitStore } from "./contract-server-store.ts";

export interface CommentRow {
  readonly id: number;
  readonly user: string;
  body: string;
  readonly created_at: string;
  updated_at: string;
}

/** An issue; a pull request is one as well, and shares its numbers (a trap of lists). */
export interface IssueRow {
  readonly number: number;
  readonly id: number;
  readonly user: string;
  title: string;
  body: string | null;
  state: "open" | "closed";
  state_reason: string | null;
  locked: boolean;
  active_lock_reason: string | null;
  labels: string[];
  assignees: string[];
  readonly created_at: string;
  updated_at: string;
  closed_at: string | null;
  closed_by: string | null;
  /** Gone for good: GitHub answers 410 from then on. */
  deleted: boolean;
  comments: CommentRow[];
}

export interface LabelRow {
  readonly id: number;
  name: string;
  color: string;
  description: string | null;
}

export interface StatusRow {
  readonly id: number;
  readonly sha: string;
  readonly state: "error" | "failure" | "pending" | "success";
  readonly context: string;
  readonly description: string | null;
  readonly target_url: string | null;
  readonly creator: string;
  readonly created_at: string;
}

export interface AnnotationRow {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly start_column?: number;
  readonly end_column?: number;
  readonly annotation_level: "notice" | "warning" | "failure";
  readonly message: string;
  readonly title?: string;
  readonly raw_details?: string;
}

export interface CheckRunRow {
  readonly id: number;
  readonly head_sha: string;
  readonly app: string;
  name: string;
  status: string;
  conclusion: string | null;
  external_id: string | null;
  details_url: string | null;
  started_at: string | null;
  completed_at: string | null;
  output: { title: string | null; summary: string | null; text: string | null };
  annotations: AnnotationRow[];
}

export interface PullFileRow {
  readonly filename: string;
  readonly status: "added" | "removed" | "modified" | "renamed";
  readonly additions?: number;
  readonly deletions?: number;
  readonly patch?: string;
  readonly previous_filename?: string;
}

/** A pull request. Its issue, with the same number, stands among the issues. */
export interface PullRow {
  readonly number: number;
  readonly head: { readonly ref: string; readonly sha: string; readonly repository: string };
  readonly base: { readonly ref: string; readonly sha: string };
  readonly draft: boolean;
  merged: boolean;
  files: readonly PullFileRow[];
}

export interface ContractState {
  /** `owner/name`. */
  readonly repository: string;
  readonly private: boolean;
  readonly defaultBranch: string;
  /** False: every issue operation is 410. */
  issuesEnabled: boolean;
  readonly issues: IssueRow[];
  readonly labels: LabelRow[];
  readonly statuses: StatusRow[];
  readonly checkRuns: CheckRunRow[];
  readonly pulls: PullRow[];
  /** Login to role. */
  readonly collaborators: Map<string, "admin" | "maintain" | "write" | "triage" | "read">;
  readonly git: GitStore;
  /** Requests left before 403; counted down as GitHub does. */
  rateLeft: number;
  readonly rateLimit: number;
  /** The next free id, the same for everything. */
  readonly nextId: () => number;
  /** Time as GitHub writes it: RFC 3339 in whole seconds. */
  readonly now: () => string;
  /** Whether a commit exists. Statuses and check runs of others are refused. */
  readonly hasCommit: (sha: string) => boolean;
}

/** What a test may say of the repository. */
export interface ContractRepository {
  /** Default `acme/shop`. */
  readonly repository?: string;
  readonly private?: boolean;
  readonly defaultBranch?: string;
  readonly issuesEnabled?: boolean;
  readonly rateLimit?: number;
  /** No commit at all: git operations answer 409. */
  readonly empty?: boolean;
  /** Default: every well-formed id, since a test's commits live in a real repository elsewhere. */
  readonly hasCommit?: (sha: string) => boolean;
  readonly now?: () => Date;
}

/** A new repository with one commit, GitHub's nine labels left out. */
export function newState(options: ContractRepository): ContractState {
  const clock = options.now ?? (() => new Date());
  const now = () =>
    clock()
      .toISOString()
      .replace(/\.\d{3}Z$/, "Z");
  const defaultBranch = options.defaultBranch ?? "main";
  const git = new GitStore();
  if (options.empty !== true) {
    const who = { name: "Wingman", email: "wingman@wingman.example", date: now() };
    const tree = git.writeTree([]);
    const first = git.writeCommit({
      tree,
      parents: [],
      author: who,
      committer: who,
      message: "First",
    });
    git.refs.set(`refs/heads/${defaultBranch}`, first);
  }
  const rateLimit = options.rateLimit ?? 5000;
  let last = 1000;
  return {
    repository: options.repository ?? "acme/shop",
    private: options.private ?? false,
    defaultBranch,
    issuesEnabled: options.issuesEnabled ?? true,
    issues: [],
    labels: [],
    statuses: [],
    checkRuns: [],
    pulls: [],
    collaborators: new Map(),
    git,
    rateLeft: rateLimit,
    rateLimit,
    nextId: () => {
      last += 1;
      return last;
    },
    now,
    hasCommit: options.hasCommit ?? ((sha) => /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(sha)),
  };
}
