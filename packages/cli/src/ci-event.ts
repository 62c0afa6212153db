/**
 * What a GitHub event says, read as data: which commits, onto which branch, who sent it. Ids and names
 * of the judged side are checked for their form before anything is done with them.
 */
import { fault, type Parsed, type Problem } from "@wingman/model";

/** One event that the CI commands act on. */
export interface CiEvent {
  readonly kind: "pull_request" | "merge_group" | "push" | "other";
  /** `owner/name` */
  readonly repository: string;
  readonly defaultBranch: string;
  /** The branch that the change asks to land on, or that was pushed to. Undefined for `other`. */
  readonly branch: string | undefined;
  /** Undefined where a branch was created. */
  readonly before: string | undefined;
  /** Undefined where a branch was deleted. */
  readonly after: string | undefined;
  /** Pull requests that the event names: a merge queue's branch, the messages of pushed commits. */
  readonly pulls: readonly number[];
  /**
   * The login that brought the commits, as far as the event tells: who sent it, but for a pull request
   * whose title, state or base somebody changes. Its author stands for the commits then.
   */
  readonly sender: string;
  /** Who asked for this very run: whoever re-ran it, else the sender. */
  readonly lander: string;
}

/** The environment that the runner sets, as far as it is read. */
export interface RunnerEnvironment {
  readonly GITHUB_EVENT_NAME?: string | undefined;
  readonly GITHUB_REPOSITORY?: string | undefined;
  /** The branch of a scheduled run: the default one. */
  readonly GITHUB_REF_NAME?: string | undefined;
  readonly GITHUB_TRIGGERING_ACTOR?: string | undefined;
}

const OID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const LOGIN = /^[A-Za-z0-9][A-Za-z0-9-]{0,99}(?:\[bot\])?$/;
const REPOSITORY = /^[A-Za-z0-9_.-]{1,100}\/[A-Za-z0-9_.-]{1,100}$/;

/** Reads an event's payload. Faults `ci/event` on one that is not what GitHub sends. */
export function readEvent(payload: string, env: RunnerEnvironment): CiEvent {
  let root: unknown;
  try {
    root = JSON.parse(payload);
  } catch (cause) {
    return fault("the event's payload is no JSON", {
      code: "ci/event",
      hint: "run this in a GitHub workflow, which sets GITHUB_EVENT_PATH",
      cause,
    });
  }
  const read = eventOf(root, env);
  if (read.ok) return read.value;
  return fault(`the event is not what GitHub sends: ${read.problems[0]?.message ?? ""}`, {
    code: "ci/event",
    hint: "gate: pull_request or merge_group; audit: push or pull_request_target; watch: any",
  });
}

function eventOf(root: unknown, env: RunnerEnvironment): Parsed<CiEvent> {
  const problems: Problem[] = [];
  const read = (path: string, form: RegExp, needed = true): string | undefined => {
    const value = path.split(".").reduce<unknown>((at, key) => memberOf(at, key), root);
    if (typeof value === "string" && form.test(value)) return value;
    if (needed || value !== undefined)
      problems.push({
        code: "ci/event",
        message: `${path} is not as it should be`,
        line: 1,
        column: 1,
      });
    return undefined;
  };
  const name = env.GITHUB_EVENT_NAME ?? "";
  // A scheduled run's payload names neither repository nor sender: the runner's own variables do.
  const alone = name === "schedule";
  const told = alone ? (env.GITHUB_REPOSITORY ?? "") : "";
  const repository = read("repository.full_name", REPOSITORY, !alone) ?? told;
  if (!REPOSITORY.test(repository))
    problems.push({ code: "ci/event", message: "no repository is named", line: 1, column: 1 });
  const branch = read("repository.default_branch", /^[^\s]+$/, !alone) ?? env.GITHUB_REF_NAME;
  const defaultBranch = branchOf(branch) ?? "main";
  const sender = read("sender.login", LOGIN, !alone) ?? "";
  const asked = env.GITHUB_TRIGGERING_ACTOR ?? "";
  const who = { repository, defaultBranch, sender, lander: LOGIN.test(asked) ? asked : sender };
  const pulls = pullsOf(root);
  const none = { pulls, branch: undefined, before: undefined, after: undefined };
  let value: CiEvent = { kind: "other", ...who, ...none };
  if (name === "pull_request" || name === "pull_request_target") {
    const brought = ["opened", "synchronize"].includes(String(memberOf(root, "action")));
    const author = brought ? undefined : read("pull_request.user.login", LOGIN, false);
    value = {
      kind: "pull_request",
      ...who,
      pulls,
      sender: author ?? sender,
      branch: branchOf(read("pull_request.base.ref", /^[^\s]+$/)),
      before: read("pull_request.base.sha", OID),
      after: read("pull_request.head.sha", OID),
    };
  } else if (name === "merge_group") {
    value = {
      kind: "merge_group",
      ...who,
      pulls,
      branch: branchOf(read("merge_group.base_ref", /^refs\/heads\/[^\s]+$/)?.slice(11)),
      before: read("merge_group.base_sha", OID),
      after: read("merge_group.head_sha", OID),
    };
  } else if (name === "push") {
    value = {
      kind: "push",
      ...who,
      pulls,
      branch: branchOf(
        read("ref", /^refs\/(?:heads|tags)\/[^\s]+$/)?.replace(/^refs\/heads\//, ""),
      ),
      before: unlessZeros(read("before", OID)),
      after: unlessZeros(read("after", OID)),
    };
  }
  return problems.length === 0 ? { ok: true, value } : { ok: false, problems };
}

/**
 * `gh-readonly-queue/main/pr-12-<id>` is GitHub's own; `Merge pull request #12` and `… (#12)` are text,
 * and only say where to look first.
 */
function pullsOf(root: unknown): number[] {
  const found = new Set<number>();
  const look = (text: unknown, form: RegExp): void => {
    if (typeof text !== "string") return;
    for (const match of text.slice(0, 10_000).matchAll(form)) found.add(Number(match[1]));
  };
  look(memberOf(memberOf(root, "merge_group"), "head_ref"), /\/pr-(\d{1,9})-/g);
  const commits = memberOf(root, "commits");
  for (const commit of Array.isArray(commits) ? commits.slice(0, 100) : [])
    look(memberOf(commit, "message"), /(?:^Merge pull request #|\(#)(\d{1,9})\b/gm);
  return [...found];
}

function memberOf(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[key];
}

function unlessZeros(oid: string | undefined): string | undefined {
  return oid === undefined || /^0+$/.test(oid) ? undefined : oid;
}

/** git-check-ref-format's rules, as far as a name could become an option, a glob or another ref. */
function branchOf(name: string | undefined): string | undefined {
  if (name === undefined || name.length > 250) return undefined;
  const bad = /^[-/.]|[~^:?*[\\\s]|\.\.|@\{|\/\/|\.lock(?:\/|$)|[/.]$/;
  return bad.test(name) ? undefined : name;
}
