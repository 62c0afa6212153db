/** What an operation takes and gives, and GitHub's refusals with their published shapes. */
import type { Json, JsonObject } from "./contract-server-description.ts";
import type { ContractState, IssueRow } from "./contract-server-state.ts";

/** Who calls, as the token says. */
export interface Caller {
  readonly login: string;
  /** An installation is what Actions' token is; a user's token cannot write check runs. */
  readonly kind: "installation" | "user" | "app";
  readonly permissions: Readonly<Record<string, "read" | "write">>;
}

export interface Call {
  readonly state: ContractState;
  readonly caller: Caller;
  /** This server's address. */
  readonly base: string;
  readonly path: string;
  /** Path parameters: text or whole numbers, as described. */
  readonly names: Readonly<Record<string, Json>>;
  readonly query: Readonly<Record<string, Json>>;
  /** The query as it came, without defaults: what links repeat. */
  readonly asked: Readonly<Record<string, string>>;
  readonly body: JsonObject;
  /** The media type asked for: `json`, `raw`, … */
  readonly media: string;
  readonly shaped: (schema: string, known: Readonly<Record<string, unknown>>) => JsonObject;
  /** Notes what GitHub takes silently and a client should not do. */
  readonly note: (field: string, message: string) => void;
}

export interface Answer {
  readonly status: number;
  readonly json?: Json;
  readonly raw?: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One row of the server's table: an operation, what it needs, how it is done. */
export interface OperationRow {
  readonly id: string;
  /** What an error calls its subject. */
  readonly resource: string;
  /** Permissions of which one is enough; none for what any token may. */
  readonly needs: readonly string[];
  readonly level: "read" | "write";
  readonly perform: (call: Call) => Answer;
}

export interface FieldError {
  readonly resource: string;
  readonly field?: string;
  readonly code: string;
  readonly message?: string;
}

/** GitHub says no: thrown by an operation, answered by the server. */
export class Refusal extends Error {
  readonly status: number;
  readonly errors: readonly FieldError[] | undefined;

  constructor(status: number, message: string, errors?: readonly FieldError[]) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

export function notFound(): Refusal {
  return new Refusal(404, "Not Found");
}

/** 422 with one field at fault. */
export function unprocessable(
  resource: string,
  field: string,
  code: string,
  message?: string,
): Refusal {
  const error = { resource, field, code, ...(message === undefined ? {} : { message }) };
  return new Refusal(422, "Validation Failed", [error]);
}

/** The issue a path names. Throws 404, or 410 for one that was deleted. */
export function issueOf(call: Call): IssueRow {
  const issue = call.state.issues.find((one) => one.number === call.names["issue_number"]);
  if (issue === undefined) throw notFound();
  if (issue.deleted) throw new Refusal(410, "This issue was deleted");
  return issue;
}

export function ok(json: Json, status = 200): Answer {
  return { status, json };
}

const MOST_PER_PAGE = 100;

/**
 * One page of rows with GitHub's `Link` header. More than 100 a page is cut to 100 in silence, as
 * GitHub does, and noted, since a client that counts on more loses rows.
 */
export function page<T>(call: Call, rows: readonly T[]): { rows: readonly T[]; link: string } {
  const asked = numberOf(call.query["per_page"], 30);
  if (asked > MOST_PER_PAGE) call.note("per_page", `asks for ${asked}, gets ${MOST_PER_PAGE}`);
  const size = Math.min(MOST_PER_PAGE, Math.max(1, asked));
  const at = Math.max(1, numberOf(call.query["page"], 1));
  const last = Math.max(1, Math.ceil(rows.length / size));
  const links: string[] = [];
  const link = (to: number, rel: string) => {
    const query = new URLSearchParams({ ...call.asked, per_page: `${size}` });
    query.delete("page");
    query.set("page", `${to}`);
    links.push(`<${call.base}${call.path}?${query}>; rel="${rel}"`);
  };
  if (at > 1) link(Math.min(at - 1, last), "prev");
  if (at < last) {
    link(at + 1, "next");
    link(last, "last");
  }
  if (at > 1) link(1, "first");
  return { rows: rows.slice((at - 1) * size, at * size), link: links.join(", ") };
}

/** A list as its answer: one page of it. */
export function listed<T>(call: Call, rows: readonly T[], show: (row: T) => Json): Answer {
  const { rows: some, link } = page(call, rows);
  return { status: 200, json: some.map(show), ...(link === "" ? {} : { headers: { link } }) };
}

export function numberOf(value: Json | undefined, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}

export function textOf(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}
