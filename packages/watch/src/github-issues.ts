/**
 * GitHub issues as the tracker: one per incident, found again by listing a label and a marker that we
 * wrote, never by search (it lags) and never by title (anyone may edit it). Every call may be a
 * repetition of one whose answer was lost, so each looks first and then makes the issue as it shall be.
 */
import type { Accepted, Tracker } from "./channel.ts";
import { NotDelivered } from "./channel.ts";
import {
  type GithubIssuesApi,
  type GithubOptions,
  githubClient,
  type Issue,
} from "./github-client.ts";
import {
  bearsAnyMarker,
  bearsMarker,
  duplicateBody,
  issueBody,
  issueMarker,
  issueTitle,
  reopenedComment,
} from "./issue-text.ts";
import type { AlertMessage } from "./message.ts";

export interface GithubIssuesOptions extends GithubOptions {
  /** The first one is what issues are listed by. */
  readonly labels: readonly string[];
  /** This repository's name, part of the marker: one tracker may serve several. */
  readonly origin: string;
}

const BUDGET = 10_000;
/** 50 each. */
const MAX_PAGES = 40;

/** A tracker named `github`. Its external id is the issue's number. */
export function githubIssues(options: GithubIssuesOptions): Tracker {
  const within = githubClient(options);
  const labels = options.labels.length === 0 ? ["wingman"] : options.labels;
  const [label = "wingman"] = labels;
  let login: Promise<string | undefined> | undefined;

  /** Ours: by the token's user, or by some app where the token is an app's. A stranger's copy of a marker is not. */
  const isOurs = async (issue: Issue, api: GithubIssuesApi): Promise<boolean> => {
    login ??= api.login();
    const own = await login.catch((error: unknown) => {
      login = undefined; // Asked again next time: a limit or a lost answer says nothing of who we are.
      throw error;
    });
    return own === undefined ? issue.byBot : issue.author === own;
  };

  /** The issue that we noted for the incident, unless it is gone or now another incident's. */
  const noted = async (id: string | undefined, marker: string, api: GithubIssuesApi) => {
    if (id === undefined || !/^\d{1,10}$/.test(id)) return undefined;
    const issue = await api.get(Number(id));
    if (issue === undefined || bearsMarker(issue.body, marker)) return issue;
    // Somebody edited our marker away: it is still the issue that our own outbox names.
    return !bearsAnyMarker(issue.body) && (await isOurs(issue, api)) ? issue : undefined;
  };

  /** The oldest of ours with this marker: two watchers converge on the lowest number. */
  const listed = async (marker: string, api: GithubIssuesApi): Promise<Issue | undefined> => {
    for (let page = 1; page <= MAX_PAGES; page += 1) {
      const { issues, more } = await api.list(label, page);
      for (const issue of issues)
        if (bearsMarker(issue.body, marker) && (await isOurs(issue, api))) return issue;
      if (!more) return undefined;
    }
    throw new NotDelivered(
      `more than ${MAX_PAGES * 50} issues carry the label; give tracker.github.labels a new first one`,
      { permanent: true },
    );
  };

  const create = async (message: AlertMessage, marker: string, api: GithubIssuesApi) => {
    for (const name of labels) await api.ensureLabel(name);
    const body = issueBody(message, options.origin);
    const made = await api.create({ title: issueTitle(message), body, labels });
    const oldest = await listed(marker, api);
    if (oldest === undefined || oldest.number >= made.number) return made;
    await api.edit(made.number, {
      body: duplicateBody(oldest.number),
      state: "closed",
      reason: "not_planned",
    });
    return await settle(oldest, message, "open", api);
  };

  /** Makes the issue what it shall be; nothing is sent where it is that already. */
  const settle = async (
    issue: Issue,
    message: AlertMessage,
    state: Issue["state"],
    api: GithubIssuesApi,
  ): Promise<Issue> => {
    const body = issueBody(message, options.origin);
    const moved = issue.state !== state;
    if (!moved && sameText(issue.body, body)) return issue;
    await api.edit(issue.number, {
      body,
      ...(moved ? { state, reason: state === "open" ? "reopened" : "completed" } : {}),
    });
    if (moved && state === "open") await api.comment(issue.number, reopenedComment(message));
    return issue;
  };

  const bring = (
    message: AlertMessage,
    state: Issue["state"],
    id: string | undefined,
    budgetMs = BUDGET,
  ): Promise<Accepted> =>
    within(budgetMs, async (api) => {
      const marker = issueMarker(options.origin, message);
      const found = (await noted(id, marker, api)) ?? (await listed(marker, api));
      if (found !== undefined)
        return { externalId: String((await settle(found, message, state, api)).number) };
      // Closing what was never opened, or was deleted, has nothing to do.
      if (state === "closed") return {};
      return { externalId: String((await create(message, marker, api)).number) };
    });

  return {
    kind: "tracker",
    name: "github",
    open: (message, budgetMs) => bring(message, "open", undefined, budgetMs),
    update: (message, id, budgetMs) => bring(message, "open", id, budgetMs),
    close: (message, id, budgetMs) => bring(message, "closed", id, budgetMs),
  };
}

/** GitHub may give line ends as CR LF, and no blank at the end. */
function sameText(one: string, other: string): boolean {
  const plain = (text: string) => text.replaceAll("\r\n", "\n").trimEnd();
  return plain(one) === plain(other);
}
