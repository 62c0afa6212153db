/**
 * The few calls of GitHub's interface that the tracker needs, through @octokit/rest with its retry and
 * throttling. Loaded when the first call is made: the library costs a start more than all the rest.
 * Each call's answer is checked, and what goes wrong becomes one clear reason without the token.
 */
import {
  boundedFetch,
  type Fetch,
  isPermanent,
  quoteAnswer,
  retryAfterOf,
} from "./bounded-fetch.ts";
import { NotDelivered } from "./channel.ts";
import { redactor } from "./redact.ts";

export interface GithubOptions {
  /** `owner/name`. */
  readonly repository: string;
  readonly token: string;
  /** Another base address, checked by the caller (`baseAddress`). */
  readonly api?: string;
  readonly fetch: Fetch;
  /** One request, connecting and reading, in milliseconds. */
  readonly timeoutMs?: number;
  /**
   * False leaves out the pauses of plugin-throttling (1 s between writes, 3 s between what notifies
   * people), for a server that asks for none.
   */
  readonly spacing?: boolean;
}

export interface Issue {
  readonly number: number;
  readonly state: "open" | "closed";
  readonly title: string;
  readonly body: string;
  readonly author: string;
  readonly byBot: boolean;
}

export interface IssueEdit {
  readonly title?: string;
  readonly body?: string;
  readonly state?: "open" | "closed";
  readonly reason?: "completed" | "not_planned" | "reopened";
}

export interface GithubIssuesApi {
  /** Undefined where there is none of this number (404), it was deleted (410), or it is a pull request. */
  get(number: number): Promise<Issue | undefined>;
  /** One page of all issues with a label, open and closed, the oldest first. `more`: there may be a next one. */
  list(label: string, page: number): Promise<{ readonly issues: Issue[]; readonly more: boolean }>;
  /** Never repeated by itself: an answer that was lost may have made the issue. */
  create(issue: { title: string; body: string; labels: readonly string[] }): Promise<Issue>;
  edit(number: number, edit: IssueEdit): Promise<void>;
  comment(number: number, body: string): Promise<void>;
  /** Makes the label where it is missing. Not being allowed to is no failure: the issue is what counts. */
  ensureLabel(name: string): Promise<void>;
  /** The token's user; undefined for an app's token, which has none. */
  login(): Promise<string | undefined>;
}

const TIMEOUT = 3000;
/** A page of 50 issues with bodies of 65,536 characters each, escaped. */
const MAX_ANSWER = 16 * 1024 * 1024;
const PER_PAGE = 50;

/**
 * Runs `work` with the calls, for at most `budgetMs`: a request under way is then given up, and none is
 * begun. Throws only {@link NotDelivered}.
 */
export type WithinBudget = <T>(
  budgetMs: number,
  work: (api: GithubIssuesApi) => Promise<T>,
) => Promise<T>;

export function githubClient(options: GithubOptions): WithinBudget {
  const redact = redactor([options.token]);
  let octokit: ReturnType<typeof loadOctokit> | undefined;
  const budget = { until: 0 };
  return async (budgetMs, work) => {
    const stop = new AbortController();
    budget.until = performance.now() + budgetMs;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const over = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        stop.abort();
        reject(new NotDelivered(`GitHub did not take it within ${Math.round(budgetMs)} ms`));
      }, budgetMs);
    });
    octokit ??= loadOctokit(options, budget);
    // Raced as a whole: the time also runs while the library loads, and then no request follows.
    const done = octokit.then((loaded) => work(callsOf(loaded, options.repository, stop.signal)));
    try {
      return await Promise.race([done, over]);
    } catch (error) {
      throw asNotDelivered(error, options.repository, redact);
    } finally {
      clearTimeout(timer);
    }
  };
}

type Octokit = Awaited<ReturnType<typeof loadOctokit>>;

async function loadOctokit(options: GithubOptions, budget: { readonly until: number }) {
  const [{ Octokit }, { retry }, { throttling }] = await Promise.all([
    import("@octokit/rest"),
    import("@octokit/plugin-retry"),
    import("@octokit/plugin-throttling"),
  ]);
  const ask = endingFetch(
    boundedFetch(options.fetch, {
      timeoutMs: options.timeoutMs ?? TIMEOUT,
      maxBytes: MAX_ANSWER,
    }),
  );
  // A limit is waited for only where the wait ends within the promise of 10 seconds.
  const worthIt = (seconds: number) => performance.now() + seconds * 1000 + 500 < budget.until;
  return new (Octokit.plugin(retry, throttling))({
    auth: options.token,
    userAgent: "wingman",
    ...(options.api === undefined ? {} : { baseUrl: options.api }),
    // Its log would say each failure a second time, on the console, with the address.
    log: SILENT,
    request: { fetch: ask, log: SILENT },
    // 0.25 s and 1 s, where its own base would make it 1, 4 and 9.
    // 429 is the other plugin's: this one would not wait as long as it is asked to.
    retry: {
      retries: 2,
      retryAfterBaseValue: 250,
      doNotRetry: [400, 401, 403, 404, 410, 422, 429, 451],
    },
    throttle: {
      onRateLimit: worthIt,
      onSecondaryRateLimit: worthIt,
      ...(options.spacing === false ? UNSPACED : {}),
    },
  });
}

/** Octokit takes what `fetch` throws for a 500 and asks again, unless it is named an AbortError. */
function endingFetch(fetch: Fetch): Fetch {
  return async (input, init) => {
    try {
      return await fetch(input, init);
    } catch (error) {
      if (!(error instanceof NotDelivered) || !error.permanent) throw error;
      throw Object.assign(new Error("ended", { cause: error }), { name: "AbortError" });
    }
  };
}

/** Queues that hold nothing back, in place of the plugin's. */
const UNSPACED: object = Object.fromEntries(
  ["write", "notifications"].map((name) => [
    name,
    { key: () => ({ schedule: async (_: object, run: () => unknown) => run() }) },
  ]),
);
const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

function callsOf(octokit: Octokit, repository: string, signal: AbortSignal): GithubIssuesApi {
  const [owner = "", repo = ""] = repository.split("/");
  const { issues } = octokit.rest;
  const at = { owner, repo, request: { signal } };
  const once = { owner, repo, request: { signal, retries: 0 } };
  return {
    get: async (number) => {
      const answer = await unless([404, 410], issues.get({ ...at, issue_number: number }));
      if (answer === undefined) return undefined;
      const issue = readIssue(answer.data);
      return issue?.number === number ? issue : undefined;
    },
    list: async (label, page) => {
      const answer = await issues.listForRepo({
        ...at,
        labels: label,
        state: "all",
        sort: "created",
        direction: "asc",
        per_page: PER_PAGE,
        page,
      });
      const found: unknown = answer.data;
      if (!Array.isArray(found)) throw foreign("a list of issues");
      const list: Issue[] = found.map(readIssue).filter((one) => one !== undefined);
      return { issues: list, more: found.length >= PER_PAGE };
    },
    create: async ({ title, body, labels }) => {
      const answer = await issues.create({ ...once, title, body, labels: [...labels] });
      return readIssue(answer.data) ?? raise(foreign("an issue"));
    },
    edit: async (number, { reason, ...edit }) => {
      const answer = await issues.update({
        ...at,
        issue_number: number,
        ...edit,
        ...(reason === undefined ? {} : { state_reason: reason }),
      });
      if (readIssue(answer.data)?.number !== number) throw foreign("the issue");
    },
    comment: async (number, body) => {
      await issues.createComment({ ...once, issue_number: number, body });
    },
    ensureLabel: async (name) => {
      const found = await unless([404], issues.getLabel({ ...at, name }));
      if (found !== undefined) return;
      // 422: another watcher made it in the meantime. 403, 404: not allowed to; the issue comes without.
      await unless(
        [403, 404, 422],
        issues.createLabel({ ...once, name, color: "b60205", description: "Found by Wingman" }),
      );
    },
    login: async () => {
      const answer = await unless(
        [403, 404],
        octokit.rest.users.getAuthenticated({ request: { signal } }),
      );
      const login: unknown = answer?.data?.login;
      return typeof login === "string" ? login : undefined;
    },
  };
}

/** The call's answer; undefined where it failed with one of these codes. A limit is none of them. */
async function unless<T>(codes: readonly number[], call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    const { status, headers } = answerOf(error);
    if (status !== undefined && codes.includes(status) && !isLimit(status, headers, "")) return;
    throw error;
  }
}

/** An issue of an answer that may be anything; undefined for a pull request, which the same list holds. */
function readIssue(value: unknown): Issue | undefined {
  const one = recordOf(value);
  const { number, state, title, body, user } = {
    number: one["number"],
    state: one["state"],
    title: one["title"],
    body: one["body"],
    user: recordOf(one["user"]),
  };
  if (!Number.isSafeInteger(number) || (state !== "open" && state !== "closed")) return undefined;
  if (one["pull_request"] !== undefined && one["pull_request"] !== null) return undefined;
  return {
    number: Number(number),
    state,
    title: typeof title === "string" ? title : "",
    body: typeof body === "string" ? body : "",
    author: typeof user["login"] === "string" ? user["login"] : "",
    byBot: user["type"] === "Bot",
  };
}

function foreign(what: string): NotDelivered {
  return new NotDelivered(`GitHub's answer is not ${what}; check GITHUB_API_URL`);
}

function raise(error: Error): never {
  throw error;
}

interface Failure {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

function answerOf(error: unknown): Failure {
  const one = recordOf(error);
  const response = recordOf(one["response"]);
  const message = recordOf(response["data"])["message"];
  return {
    status: typeof one["status"] === "number" ? one["status"] : undefined,
    headers: recordOf(response["headers"]),
    text: typeof message === "string" ? message : "",
  };
}

function isLimit(status: number, headers: Failure["headers"], text: string): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  return (
    headers["retry-after"] !== undefined ||
    headers["x-ratelimit-remaining"] === "0" ||
    /\brate limit\b/i.test(text)
  );
}

/** One reason, from whatever was thrown. The error itself holds the request, and goes no further. */
function asNotDelivered(
  error: unknown,
  repository: string,
  redact: (text: string) => string,
): NotDelivered {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1)
    if (at instanceof NotDelivered) return at;
  const { status, headers, text } = answerOf(error);
  if (status === undefined)
    return new NotDelivered(
      `GitHub could not be asked (${error instanceof Error ? error.name : "unknown"})`,
    );
  const said = quoteAnswer(redact(text));
  if (isLimit(status, headers, text))
    return new NotDelivered(`GitHub asks to wait (${status}); ${said}`, {
      retryAfterMs: waitOf(headers),
    });
  const reasons: Readonly<Record<number, string>> = {
    401: "GitHub refused the token; check GITHUB_TOKEN",
    403: `the token may not write issues in ${repository}; give it issues: write`,
    404: `GitHub shows no ${repository} to this token; check tracker.github.repository and the token's repositories`,
    410: `issues are disabled in ${repository}; turn them on in its settings`,
    422: "GitHub refused what the issue says",
  };
  return new NotDelivered(`${reasons[status] ?? "GitHub did not take it"} (${status}); ${said}`, {
    permanent: isPermanent(status),
    onlyThis: status === 422,
  });
}

/** What GitHub asks to wait: `retry-after`, else until the reset, else its advice of a minute. */
function waitOf(headers: Failure["headers"]): number {
  const asked = retryAfterOf(textOrNull(headers["retry-after"]), Date.now());
  if (asked !== undefined) return asked;
  const reset = Number(headers["x-ratelimit-reset"]) * 1000 - Date.now();
  return headers["x-ratelimit-remaining"] === "0" && Number.isFinite(reset)
    ? Math.min(24 * 3_600_000, Math.max(1000, reset))
    : 60_000;
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" || typeof value === "number" ? String(value) : null;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}
