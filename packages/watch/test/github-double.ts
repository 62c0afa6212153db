/** GitHub as far as the tracker asks it: issues, labels and comments with their state, and its refusals. */
import {
  type DoubleAnswer,
  type DoubleRequest,
  type HttpDouble,
  httpDouble,
} from "@wingman/testkit";

export interface DoubleIssue {
  number: number;
  title: string;
  body: string;
  state: "open" | "closed";
  state_reason: string | null;
  labels: string[];
  user: { login: string; type: "User" | "Bot" };
  pull_request?: object;
  comments: string[];
}

export interface GithubDouble extends HttpDouble {
  readonly issues: DoubleIssue[];
  readonly labels: Set<string>;
  /** An answer instead of the next of these requests. */
  refuse(when: RegExp, answer: DoubleAnswer): void;
  /** As somebody else would have opened it. */
  plant(issue: Partial<DoubleIssue>): DoubleIssue;
}

const ROUTE = /^\/repos\/acme\/shop\/(issues|labels)(?:\/([^/?]+))?(\/comments)?(?:\?(.*))?$/;

/** `login` undefined: an app's token, which has no user. */
export async function githubDouble(options: {
  readonly token: string;
  readonly login: string | undefined;
}): Promise<GithubDouble> {
  const issues: DoubleIssue[] = [];
  const labels = new Set<string>();
  const refusals: { when: RegExp; answer: DoubleAnswer }[] = [];
  const self = { login: options.login ?? "wingman[bot]", type: options.login ? "User" : "Bot" };
  const plant = (issue: Partial<DoubleIssue>): DoubleIssue => {
    const made: DoubleIssue = {
      number: issues.length + 1,
      title: "",
      body: "",
      state: "open",
      state_reason: null,
      labels: [],
      user: self as DoubleIssue["user"],
      comments: [],
      ...issue,
    };
    issues.push(made);
    return made;
  };
  const answer = (request: DoubleRequest): DoubleAnswer => {
    if (request.headers["authorization"] !== `token ${options.token}`)
      return json(401, { message: "Bad credentials" });
    const name = `${request.method} ${request.path}`;
    const index = refusals.findIndex((one) => one.when.test(name));
    const [told] = index === -1 ? [] : refusals.splice(index, 1);
    if (told !== undefined) return told.answer;
    if (request.path === "/user")
      return options.login === undefined
        ? json(403, { message: "Resource not accessible by integration" })
        : json(200, self);
    const place = ROUTE.exec(request.path);
    if (place === null) return json(404, { message: "Not Found" });
    const [, kind, id, comments, query] = place;
    const body = request.body === "" ? {} : JSON.parse(request.body);
    if (kind === "labels") return onLabels(labels, request.method, id, body);
    if (id === undefined)
      return request.method === "GET"
        ? listed(issues, new URLSearchParams(query))
        : created(plant, labels, body);
    const issue = issues.find((one) => one.number === Number(id));
    if (issue === undefined) return json(404, { message: "Not Found" });
    if (comments !== undefined) {
      issue.comments.push(body.body);
      return json(201, { id: issue.comments.length, body: body.body });
    }
    if (request.method === "PATCH") {
      if (JSON.stringify(body).length > 200_000 || body.body?.length > 65_536)
        return json(422, { message: "Validation Failed: body is too long" });
      Object.assign(issue, body);
    }
    return json(200, issue);
  };
  const server = await httpDouble(answer);
  return {
    ...server,
    issues,
    labels,
    plant,
    refuse: (when, told) => void refusals.push({ when, answer: told }),
  };
}

function onLabels(
  labels: Set<string>,
  method: string,
  id: string | undefined,
  body: { name?: string },
): DoubleAnswer {
  if (method === "POST") {
    if (labels.has(body.name ?? "")) return json(422, { message: "already_exists" });
    labels.add(body.name ?? "");
    return json(201, { name: body.name });
  }
  const name = decodeURIComponent(id ?? "");
  return labels.has(name) ? json(200, { name }) : json(404, { message: "Not Found" });
}

function listed(issues: readonly DoubleIssue[], query: URLSearchParams): DoubleAnswer {
  const size = Number(query.get("per_page") ?? "30");
  const from = (Number(query.get("page") ?? "1") - 1) * size;
  const label = query.get("labels") ?? "";
  const found = issues.filter(
    (one) => one.labels.includes(label) && (query.get("state") === "all" || one.state === "open"),
  );
  const ordered = query.get("direction") === "asc" ? found : [...found].reverse();
  return json(200, ordered.slice(from, from + size));
}

function created(
  plant: GithubDouble["plant"],
  labels: ReadonlySet<string>,
  body: { title: string; body: string; labels: string[] },
): DoubleAnswer {
  if (body.body.length > 65_536 || body.title.length > 256)
    return json(422, { message: "Validation Failed" });
  return json(201, plant({ ...body, labels: body.labels.filter((name) => labels.has(name)) }));
}

export function json(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): DoubleAnswer {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
    body: JSON.stringify(body),
  };
}
