/**
 * GitHub's REST API for one repository, on loopback. What is valid is not ours to say: each request is
 * held against GitHub's published description, and so is each answer; what is wrong is refused in
 * GitHub's words and noted as a violation. It keeps state, and misbehaves when asked to.
 */
import { createHash, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Answer, Caller } from "./contract-server-answer.ts";
import { appOperations, type ContractApp } from "./contract-server-app.ts";
import type { Json } from "./contract-server-description.ts";
import { type Failure, type FailureRule, failures } from "./contract-server-failures.ts";
import {
  type ContractRequest,
  DOCUMENTATION,
  judged,
  type Violation,
  type Visit,
  type World,
} from "./contract-server-judge.ts";
import { OPERATIONS } from "./contract-server-operations.ts";
import { resetAt } from "./contract-server-repository.ts";
import {
  type ContractRepository,
  type ContractState,
  newState,
  type PullFileRow,
  type PullRow,
} from "./contract-server-state.ts";

type Permissions = Readonly<Record<string, "read" | "write">>;

export interface ContractOptions extends ContractRepository {
  /** What the first token may; default: write everything that Wingman asks for. */
  readonly permissions?: Permissions;
  readonly app?: ContractApp;
}

export interface ContractServer {
  /** For `GITHUB_API_URL` and octokit's `baseUrl`. */
  readonly url: string;
  /** An installation's token, as Actions hands it out. */
  readonly token: string;
  /** Another token. Its login and kind decide what GitHub refuses it. */
  readonly grant: (
    permissions: Permissions,
    login?: string,
    kind?: "installation" | "user",
  ) => string;
  readonly revoke: (token: string) => void;
  readonly state: ContractState;
  readonly requests: readonly ContractRequest[];
  readonly violations: readonly Violation[];
  readonly fail: (rule: FailureRule) => Failure;
  readonly addPull: (pull: PullText) => number;
  readonly close: () => Promise<void>;
}

/** A pull request that a test puts there. */
export interface PullText {
  readonly title?: string;
  readonly body?: string;
  readonly author?: string;
  readonly head: { readonly ref: string; readonly sha: string; readonly repository?: string };
  readonly base?: { readonly ref?: string; readonly sha: string };
  readonly draft?: boolean;
  readonly files?: readonly PullFileRow[];
}

const EVERYTHING: Permissions = {
  checks: "write",
  contents: "write",
  issues: "write",
  metadata: "read",
  pull_requests: "write",
  statuses: "write",
};
/**
 * Starts the server. Takes what the repository is like; gives its address, a token and its state.
 * `close` ends every connection, those that wait among them.
 */
export async function contractServer(options: ContractOptions = {}): Promise<ContractServer> {
  // Loaded here, since every test of this workspace imports testkit and few need the compiler of schemas.
  const { description } = await import("./contract-server-description.ts");
  const state = newState(options);
  const server = createServer();
  const base = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const callers = new Map<string, Caller>();
  const grant: ContractServer["grant"] = (permissions, login = "github-actions[bot]", kind) => {
    // GitHub's prefix is put in front at run time: no file holds anything in a token's shape.
    const made = ["gh", kind === "user" ? "p" : "s", "_", randomBytes(18).toString("hex")].join("");
    callers.set(made, { login, kind: kind ?? "installation", permissions });
    return made;
  };
  const misbehaviour = failures();
  const world: World = {
    app: options.app,
    state,
    base,
    callers,
    description: description(),
    rows: new Map(),
    requests: [],
    violations: [],
    misbehaviour,
  };
  const table = [...OPERATIONS, ...appOperations(options.app, (may, login) => grant(may, login))];
  for (const row of table) world.rows.set(row.id, row);
  const closing = new AbortController();
  server.on("request", (request, response) => {
    serve(world, request, response, closing.signal).catch((error: unknown) => {
      if (!closing.signal.aborted) crash(world, request, response, error);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: base(),
    token: grant(options.permissions ?? EVERYTHING),
    grant,
    revoke: (token) => void callers.delete(token),
    state,
    requests: world.requests,
    violations: world.violations,
    fail: misbehaviour.add,
    addPull: (pull) => addPull(state, pull),
    close: () =>
      new Promise((resolve) => {
        closing.abort();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(
  world: World,
  incoming: IncomingMessage,
  response: ServerResponse,
  closing: AbortSignal,
): Promise<void> {
  const bytes = await allOf(incoming);
  const address = new URL(incoming.url ?? "/", world.base());
  const request: ContractRequest = {
    method: incoming.method ?? "GET",
    path: address.pathname,
    query: Object.fromEntries(address.searchParams),
    headers: publicHeaders(incoming),
    body: parsed(bytes),
    operation:
      world.description.match(incoming.method ?? "GET", address.pathname)?.operation.id ?? "",
    caller: "",
    status: 0,
  };
  world.requests.push(request);
  const rule = world.misbehaviour.next(request.method, request.path);
  const visit: Visit = {
    world,
    request,
    headers: incoming.headers,
    bytes,
    operation: undefined,
    accepted: "",
  };
  if (rule === undefined) return send(visit, response, judged(visit), undefined);
  if (rule.delayMs !== undefined) await sleep(rule.delayMs, undefined, { signal: closing });
  const replaced = rule.status !== undefined || rule.body !== undefined || rule.cut === true;
  const truth = !replaced || rule.performed === true ? judged(visit) : undefined;
  if (rule.cut === true) {
    incoming.socket.destroy();
    return;
  }
  const answer = replaced || truth === undefined ? broken(rule) : truth;
  return send(visit, response, answer, rule);
}

async function allOf(incoming: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function publicHeaders(incoming: IncomingMessage): Record<string, string> {
  const { authorization: _, ...rest } = incoming.headers;
  return Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, String(value)]));
}

function parsed(bytes: Buffer): Json | undefined {
  if (bytes.length === 0) return undefined;
  try {
    return JSON.parse(bytes.toString()) as Json;
  } catch {
    return undefined;
  }
}

function broken(rule: FailureRule): Answer {
  const status = rule.status ?? 200;
  const headers = rule.headers ?? {};
  if (typeof rule.body === "string") return { status, raw: Buffer.from(rule.body), headers };
  const said = rule.body ?? { message: "Server Error", documentation_url: DOCUMENTATION };
  return { status, json: said as Json, headers };
}

function crash(
  world: World,
  incoming: IncomingMessage,
  response: ServerResponse,
  error: unknown,
): void {
  const message = `contract server: ${error instanceof Error ? error.message : String(error)}`;
  const { method = "", url: path = "" } = incoming;
  world.violations.push({ method, path, operation: "", where: "answer", field: "", message });
  if (response.headersSent) incoming.socket.destroy();
  else
    response
      .writeHead(500, { "content-type": "application/json" })
      .end(JSON.stringify({ message }));
}

function send(
  visit: Visit,
  response: ServerResponse,
  answer: Answer,
  rule: FailureRule | undefined,
): void {
  const { world, request, headers: asked } = visit;
  const bytes =
    answer.raw ??
    (answer.json === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(answer.json)));
  const headers: Record<string, string | number> = {
    ...rateHeaders(world),
    "content-type":
      answer.raw === undefined ? "application/json; charset=utf-8" : "application/octet-stream",
    "x-github-request-id": randomBytes(8).toString("hex").toUpperCase(),
    ...(visit.accepted === "" ? {} : { "x-accepted-github-permissions": visit.accepted }),
    ...answer.headers,
    ...rule?.headers,
  };
  request.status = answer.status;
  if (request.method === "GET" && answer.status === 200 && rule === undefined) {
    const etag = `W/"${createHash("sha256").update(bytes).digest("hex")}"`;
    headers["etag"] = etag;
    if (asked["if-none-match"] === etag) {
      // Not modified costs nothing of the rate.
      if (request.path !== "/rate_limit") world.state.rateLeft += 1;
      request.status = 304;
      response.writeHead(304, { ...headers, ...rateHeaders(world) }).end();
      return;
    }
  }
  if (answer.status !== 204) headers["content-length"] = bytes.length;
  response.writeHead(answer.status, headers);
  if (typeof rule?.cut !== "number") {
    response.end(bytes);
    return;
  }
  request.status = 0;
  response.write(bytes.subarray(0, rule.cut), () => response.socket?.destroy());
}

function rateHeaders({ state }: World): Record<string, string> {
  const remaining = Math.max(0, state.rateLeft);
  return {
    "x-ratelimit-limit": String(state.rateLimit),
    "x-ratelimit-remaining": String(remaining),
    "x-ratelimit-used": String(state.rateLimit - remaining),
    "x-ratelimit-reset": String(resetAt(state.now())),
    "x-ratelimit-resource": "core",
  };
}

/** Puts a pull request and its issue there. Gives their number. */
function addPull(state: ContractState, pull: PullText): number {
  const number = 1 + Math.max(0, ...state.issues.map((one) => one.number));
  const now = state.now();
  state.issues.push({
    number,
    id: state.nextId(),
    user: pull.author ?? "dana",
    title: pull.title ?? `Pull request ${number}`,
    body: pull.body ?? null,
    state: "open",
    state_reason: null,
    locked: false,
    active_lock_reason: null,
    labels: [],
    assignees: [],
    created_at: now,
    updated_at: now,
    closed_at: null,
    closed_by: null,
    deleted: false,
    comments: [],
  });
  const row: PullRow = {
    number,
    head: { repository: state.repository, ...pull.head },
    base: {
      ref: pull.base?.ref ?? state.defaultBranch,
      sha: pull.base?.sha ?? state.git.resolve(state.defaultBranch) ?? "",
    },
    draft: pull.draft ?? false,
    merged: false,
    files: pull.files ?? [],
  };
  state.pulls.push(row);
  return number;
}
