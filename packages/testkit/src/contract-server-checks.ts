/** Commit statuses and check runs, with the limits that their users met (1,000 and 50). */
import {
  type Answer,
  type Call,
  listed,
  notFound,
  type OperationRow,
  ok,
  page,
  Refusal,
  textOf,
  unprocessable,
} from "./contract-server-answer.ts";
import type { Json, JsonObject } from "./contract-server-description.ts";
import {
  htmlUrl,
  repositoryUrl,
  shownApp,
  shownRepository,
  shownUser,
} from "./contract-server-shapes.ts";
import type { AnnotationRow, CheckRunRow, StatusRow } from "./contract-server-state.ts";

/** Per commit and context; the 1,001st is refused (palantir/policy-bot#470). */
const MOST_STATUSES = 1000;
const LONGEST_DESCRIPTION = 140;

export const CHECK_OPERATIONS: readonly OperationRow[] = [
  status("repos/create-commit-status", "write", createStatus),
  status("repos/list-commit-statuses-for-ref", "read", (call) =>
    listed(call, statusesOf(call, commitOf(call)), (row) => shownStatus(call, row, "status")),
  ),
  status("repos/get-combined-status-for-ref", "read", combined),
  check("checks/create", "write", createRun),
  check("checks/get", "read", (call) => ok(shownRun(call, runOf(call)))),
  check("checks/update", "write", updateRun),
  check("checks/list-annotations", "read", (call) => {
    const run = runOf(call);
    return listed(call, run.annotations, (row) => shownAnnotation(call, run, row));
  }),
  check("checks/list-for-ref", "read", listRuns),
];

function status(id: string, level: "read" | "write", perform: OperationRow["perform"]) {
  return { id, resource: "Status", needs: ["statuses"], level, perform };
}

function check(id: string, level: "read" | "write", perform: OperationRow["perform"]) {
  return { id, resource: "CheckRun", needs: ["checks"], level, perform };
}

function createStatus(call: Call): Answer {
  const { body, state, caller } = call;
  const sha = String(call.names["sha"]);
  if (!state.hasCommit(sha)) throw new Refusal(422, `No commit found for SHA: ${sha}`);
  const context = textOf(body["context"]) ?? "default";
  const description = textOf(body["description"]) ?? null;
  if (description !== null && [...description].length > LONGEST_DESCRIPTION)
    throw unprocessable(
      "Status",
      "description",
      "custom",
      "description is too long (maximum is 140 characters)",
    );
  const before = state.statuses.filter((row) => row.sha === sha && row.context === context);
  if (before.length >= MOST_STATUSES)
    throw unprocessable(
      "Status",
      "base",
      "custom",
      "This SHA and context has reached the maximum number of statuses.",
    );
  const row: StatusRow = {
    id: state.nextId(),
    sha,
    state: body["state"] as StatusRow["state"],
    context,
    description,
    target_url: textOf(body["target_url"]) ?? null,
    creator: caller.login,
    created_at: state.now(),
  };
  state.statuses.push(row);
  return ok(shownStatus(call, row, "status"), 201);
}

/** The commit a path names, by id or by ref. Throws GitHub's 422. */
function commitOf(call: Call): string {
  const name = String(call.names["ref"]);
  const sha = call.state.git.resolve(name) ?? name;
  if (!/^[0-9a-f]{40,64}$/.test(sha) || !call.state.hasCommit(sha))
    throw new Refusal(422, `No commit found for SHA: ${name}`);
  return sha;
}

/** Newest first. */
function statusesOf(call: Call, sha: string): readonly StatusRow[] {
  return call.state.statuses.filter((row) => row.sha === sha).reverse();
}

/** The newest of each context; any failure fails, no status at all is pending. */
function combined(call: Call): Answer {
  const sha = commitOf(call);
  const newest = new Map<string, StatusRow>();
  for (const row of statusesOf(call, sha)) {
    if (!newest.has(row.context)) newest.set(row.context, row);
  }
  const states = [...newest.values()].map((row) => row.state);
  const failed = states.some((one) => one === "error" || one === "failure");
  const waits = states.length === 0 || states.includes("pending");
  const { rows, link } = page(call, [...newest.values()]);
  const url = `${repositoryUrl(call)}/commits/${sha}`;
  const json = call.shaped("combined-commit-status", {
    state: failed ? "failure" : waits ? "pending" : "success",
    sha,
    total_count: newest.size,
    statuses: rows.map((row) => shownStatus(call, row, "simple-commit-status")),
    repository: shownRepository(call, "minimal-repository"),
    commit_url: url,
    url: `${url}/status`,
  });
  return { status: 200, json, ...(link === "" ? {} : { headers: { link } }) };
}

function shownStatus(call: Call, row: StatusRow, schema: string): JsonObject {
  const { sha, creator, ...rest } = row;
  const shown = {
    ...rest,
    node_id: `SC_${row.id}`,
    avatar_url: null,
    updated_at: row.created_at,
    url: `${repositoryUrl(call)}/statuses/${sha}`,
  };
  const full = schema === "status" ? { ...shown, creator: shownUser(call, creator) } : shown;
  return call.shaped(schema, full);
}

function createRun(call: Call): Answer {
  const { body, state, caller } = call;
  if (caller.kind !== "installation")
    throw new Refusal(403, "You must authenticate via a GitHub App.");
  const sha = String(body["head_sha"]);
  if (!state.hasCommit(sha)) throw new Refusal(422, `No commit found for SHA: ${sha}`);
  const run: CheckRunRow = {
    id: state.nextId(),
    head_sha: sha,
    app: caller.login,
    name: String(body["name"]),
    status: "queued",
    conclusion: null,
    external_id: null,
    details_url: null,
    started_at: state.now(),
    completed_at: null,
    output: { title: null, summary: null, text: null },
    annotations: [],
  };
  apply(call, run);
  state.checkRuns.push(run);
  return ok(shownRun(call, run), 201);
}

function updateRun(call: Call): Answer {
  const run = runOf(call);
  if (call.caller.kind !== "installation" || call.caller.login !== run.app)
    throw new Refusal(
      403,
      "Invalid app_id `check_run` can only be modified by the GitHub App that created it.",
    );
  apply(call, run);
  return ok(shownRun(call, run));
}

/** Lays a request over a run. Annotations are added to those that stand, never replaced. */
function apply(call: Call, run: CheckRunRow): void {
  const { body, state } = call;
  const conclusion = textOf(body["conclusion"]);
  // "Providing conclusion will automatically set the status parameter to completed."
  const status = conclusion !== undefined ? "completed" : (textOf(body["status"]) ?? run.status);
  const completes = status === "completed" || body["completed_at"] !== undefined;
  if (completes && conclusion === undefined && run.conclusion === null)
    throw unprocessable("CheckRun", "conclusion", "missing_field");
  const output = (body["output"] ?? {}) as JsonObject;
  const annotations = (output["annotations"] ?? []) as unknown as AnnotationRow[];
  annotations.forEach((one, at) => {
    const columns = one.start_column !== undefined || one.end_column !== undefined;
    if (columns && one.start_line !== one.end_line)
      call.note(`output.annotations.${at}`, "columns are only for annotations within one line");
    if (one.end_line < one.start_line)
      throw unprocessable("CheckRun", `output.annotations.${at}.end_line`, "invalid");
  });
  run.name = textOf(body["name"]) ?? run.name;
  run.status = status;
  run.conclusion = status === "completed" ? (conclusion ?? run.conclusion) : null;
  run.external_id = textOf(body["external_id"]) ?? run.external_id;
  run.details_url = textOf(body["details_url"]) ?? run.details_url;
  run.started_at = textOf(body["started_at"]) ?? run.started_at;
  run.completed_at =
    status === "completed"
      ? (textOf(body["completed_at"]) ?? run.completed_at ?? state.now())
      : null;
  run.output = {
    title: textOf(output["title"]) ?? run.output.title,
    summary: textOf(output["summary"]) ?? run.output.summary,
    text: textOf(output["text"]) ?? run.output.text,
  };
  run.annotations.push(...annotations);
}

function runOf(call: Call): CheckRunRow {
  const run = call.state.checkRuns.find((one) => one.id === call.names["check_run_id"]);
  if (run === undefined) throw notFound();
  return run;
}

function listRuns(call: Call): Answer {
  const { query, state } = call;
  const sha = commitOf(call);
  const newest = state.checkRuns.filter((run) => run.head_sha === sha).reverse();
  const seen = new Set<string>();
  const kept = newest.filter((run) => {
    const key = JSON.stringify([run.app, run.name]);
    const again = seen.has(key);
    seen.add(key);
    return (
      (query["filter"] === "all" || !again) &&
      (query["check_name"] === undefined || run.name === query["check_name"]) &&
      (query["status"] === undefined || run.status === query["status"]) &&
      (query["app_id"] === undefined || shownApp(call, run.app)["id"] === query["app_id"])
    );
  });
  const { rows, link } = page(call, kept);
  const json: Json = {
    total_count: kept.length,
    check_runs: rows.map((run) => shownRun(call, run)),
  };
  return { status: 200, json, ...(link === "" ? {} : { headers: { link } }) };
}

function shownRun(call: Call, run: CheckRunRow): JsonObject {
  const url = `${repositoryUrl(call)}/check-runs/${run.id}`;
  const { app, annotations, ...rest } = run;
  return call.shaped("check-run", {
    ...rest,
    node_id: `CR_${run.id}`,
    url,
    html_url: `${htmlUrl(call)}/runs/${run.id}`,
    output: {
      ...run.output,
      annotations_count: annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: 1 },
    app: shownApp(call, app),
    pull_requests: [],
  });
}

function shownAnnotation(call: Call, run: CheckRunRow, row: AnnotationRow): JsonObject {
  return call.shaped("check-annotation", {
    start_column: null,
    end_column: null,
    title: null,
    raw_details: null,
    ...row,
    blob_href: `${htmlUrl(call)}/blob/${run.head_sha}/${encodeURI(row.path)}`,
  });
}
