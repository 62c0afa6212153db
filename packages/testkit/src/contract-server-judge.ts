/**
 * One request on its way through the contract server: who calls, which operation it is, whether it
 * keeps to the description, whether it may. Refuses in GitHub's words, and notes each violation.
 */
import type { IncomingMessage } from "node:http";
import {
  type Answer,
  type Call,
  type Caller,
  type FieldError,
  type OperationRow,
  Refusal,
} from "./contract-server-answer.ts";
import { type ContractApp, provenApp } from "./contract-server-app.ts";
import type {
  Description,
  Json,
  JsonObject,
  Misfit,
  Operation,
} from "./contract-server-description.ts";
import type { Failures } from "./contract-server-failures.ts";
import type { ContractState } from "./contract-server-state.ts";

/** A request as it came in. Its token is left out, so that a failing test shows none. */
export interface ContractRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json | undefined;
  /** `issues/create`; empty for a route that the description has not. */
  operation: string;
  caller: string;
  /** 0 where the connection was cut. */
  status: number;
}

/** One way in which a request, or an answer of this server, does not keep to the description. */
export interface Violation {
  readonly method: string;
  readonly path: string;
  readonly operation: string;
  readonly where: "route" | "header" | "path" | "query" | "body" | "answer";
  readonly field: string;
  readonly message: string;
}

/** The version that the description is of, and the one that its breaking changes name. */
const VERSIONS = ["2022-11-28", "2026-03-10"];
export const DOCUMENTATION = "https://docs.github.com/rest";

export interface World {
  readonly app: ContractApp | undefined;
  readonly state: ContractState;
  readonly base: () => string;
  readonly callers: Map<string, Caller>;
  readonly description: Description;
  readonly rows: Map<string, OperationRow>;
  readonly requests: ContractRequest[];
  readonly violations: Violation[];
  readonly misbehaviour: Failures;
}

/** What is known of a request on its way through. */
export interface Visit {
  readonly world: World;
  readonly request: ContractRequest;
  readonly headers: IncomingMessage["headers"];
  readonly bytes: Buffer;
  /** Once it is known which one this is. */
  operation: Operation | undefined;
  /** `issues=write; pull_requests=write`. */
  accepted: string;
}

/** The answer to a request that was let through, with refusals in GitHub's shape. */
export function judged(visit: Visit): Answer {
  try {
    return performed(visit);
  } catch (error) {
    if (error instanceof Refusal) return refused(visit, error);
    throw error;
  }
}

function refused(visit: Visit, { status, message, errors }: Refusal): Answer {
  const json: JsonObject = {
    message,
    documentation_url: visit.operation?.documentation ?? DOCUMENTATION,
    status: String(status),
    ...(errors === undefined ? {} : { errors: errors.map((one) => ({ ...one })) }),
  };
  const answer = { status, json };
  return visit.operation === undefined ? answer : honest(visit, visit.operation, answer);
}

function performed(visit: Visit): Answer {
  const { world, request, headers } = visit;
  if (!headers["user-agent"]) {
    violate(visit, "header", "user-agent", "is missing");
    throw new Refusal(
      403,
      "Request forbidden by administrative rules. Please make sure your request has a User-Agent header",
    );
  }
  const media = mediaOf(visit);
  const caller = callerOf(visit);
  request.caller = caller.login;
  spend(world, caller, request.path);
  const found = world.description.match(request.method, request.path);
  const row = found === undefined ? undefined : world.rows.get(found.operation.id);
  if (found === undefined || row === undefined) {
    violate(visit, "route", "", "is not in the description");
    throw new Refusal(404, "Not Found");
  }
  const { operation } = found;
  visit.operation = operation;
  const names: JsonObject = { ...found.names };
  // GitHub does not say why a path leads nowhere.
  if (violations(visit, "path", operation.parameters("path", names)).length > 0)
    throw new Refusal(404, "Not Found");
  const named = [names["owner"], names["repo"]];
  const here = `${named[0]}/${named[1]}`.toLowerCase() === world.state.repository.toLowerCase();
  if (named[0] !== undefined && !here) throw new Refusal(404, "Not Found");
  permit(visit, row, caller);
  const query: JsonObject = { ...request.query };
  refuseMisfits(visit, row, "query", operation.parameters("query", query));
  const body = bodyOf(visit, row, operation);
  const call: Call = {
    state: world.state,
    caller,
    base: world.base(),
    path: request.path,
    names,
    query,
    asked: request.query,
    body,
    media,
    shaped: (schema, known) => world.description.shaped(world.base(), schema, known),
    note: (field, message) =>
      violate(visit, field === "per_page" ? "query" : "body", field, message),
  };
  return honest(visit, operation, row.perform(call));
}

/** The media type that is asked for. Throws 415 for one that GitHub does not speak. */
function mediaOf(visit: Visit): string {
  const accept = visit.headers.accept ?? "*/*";
  for (const one of accept.split(",").map((part) => part.trim().split(";")[0] ?? "")) {
    const github =
      /^application\/vnd\.github(?:\.v3)?(?:\.(raw|html|text|full|object))?(?:\+json)?$/.exec(one);
    if (github) return github[1] ?? "json";
    if (one === "application/json" || one === "*/*" || one === "application/*") return "json";
  }
  violate(visit, "header", "accept", `asks for ${accept}`);
  throw new Refusal(
    415,
    `Unsupported 'Accept' header: '${accept}'. Must accept 'application/json'.`,
  );
}

function callerOf(visit: Visit): Caller {
  const { world, headers } = visit;
  const version = headers["x-github-api-version"];
  if (version !== undefined && !VERSIONS.includes(String(version))) {
    violate(visit, "header", "x-github-api-version", `is ${String(version)}`);
    throw new Refusal(400, `"${String(version)}" is not a supported version of the API.`);
  }
  const given = headers.authorization;
  if (given === undefined) throw new Refusal(401, "Requires authentication");
  const [, token] = /^(?:token|bearer) (\S+)$/i.exec(given) ?? [];
  const known = token === undefined ? undefined : world.callers.get(token);
  if (known !== undefined) return known;
  const { app } = world;
  if (token?.split(".").length === 3 && app !== undefined)
    return provenApp(app, token, Date.parse(world.state.now()));
  throw new Refusal(401, "Bad credentials");
}

/** Counts a request against the rate. Asking what is left is free. */
function spend({ state }: World, caller: Caller, path: string): void {
  if (path === "/rate_limit") return;
  if (state.rateLeft <= 0)
    throw new Refusal(403, `API rate limit exceeded for ${caller.kind} ID ${caller.login}.`);
  state.rateLeft -= 1;
}

function permit(visit: Visit, row: OperationRow, caller: Caller): void {
  visit.accepted = row.needs.map((name) => `${name}=${row.level}`).join("; ");
  const may = row.needs.some((name) => {
    const level = caller.permissions[name];
    return level === "write" || (level === "read" && row.level === "read");
  });
  if (may || row.needs.length === 0) return;
  const who = caller.kind === "user" ? "personal access token" : "integration";
  throw new Refusal(403, `Resource not accessible by ${who}`);
}

function bodyOf(visit: Visit, row: OperationRow, operation: Operation): JsonObject {
  const { request, bytes } = visit;
  if (!operation.takesBody) return {};
  if (bytes.length > 0 && request.body === undefined) {
    violate(visit, "body", "", "is not JSON");
    throw new Refusal(400, "Problems parsing JSON");
  }
  const value = request.body;
  if (value === undefined && !operation.bodyRequired) return {};
  if (value !== undefined && (value === null || typeof value !== "object")) {
    violate(visit, "body", "", "is not an object");
    throw new Refusal(400, "Body should be a JSON object");
  }
  refuseMisfits(visit, row, "body", operation.body(value ?? {}));
  return (value ?? {}) as JsonObject;
}

function refuseMisfits(
  visit: Visit,
  row: OperationRow,
  where: "query" | "body",
  found: readonly Misfit[],
): void {
  const wrong = violations(visit, where, found);
  if (wrong.length === 0) return;
  const errors = wrong.map(({ field, code, message }): FieldError => {
    return { resource: row.resource, field, code, message: `${field} ${message}`.trim() };
  });
  throw new Refusal(422, "Validation Failed", errors);
}

/** Notes what does not fit; gives what GitHub would refuse. What it ignores is only noted. */
function violations(
  visit: Visit,
  where: Violation["where"],
  found: readonly Misfit[],
): readonly Misfit[] {
  for (const { field, message } of found) violate(visit, where, field, message);
  return found.filter((one) => one.code !== "ignored");
}

function violate(visit: Visit, where: Violation["where"], field: string, message: string): void {
  const { method, path, operation } = visit.request;
  visit.world.violations.push({ method, path, operation, where, field, message });
}

/** An answer that has not the published shape is this server's own fault, and never goes unseen. */
function honest(visit: Visit, operation: Operation, answer: Answer): Answer {
  const found = operation.answer(answer.status, answer.json) ?? [];
  if (found.length === 0) return answer;
  violations(visit, "answer", found);
  const places = found.map((one) => `${one.field} ${one.message}`).join("; ");
  throw new Error(`the contract server's answer to ${operation.id} is not GitHub's: ${places}`);
}
