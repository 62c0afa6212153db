/** Labels of the repository and of issues. Names are compared without regard to case, as GitHub does. */
import {
  type Answer,
  type Call,
  issueOf,
  listed,
  notFound,
  type OperationRow,
  ok,
  textOf,
  unprocessable,
} from "./contract-server-answer.ts";
import type { Json, JsonObject } from "./contract-server-description.ts";
import { repositoryUrl } from "./contract-server-shapes.ts";
import type { IssueRow, LabelRow } from "./contract-server-state.ts";

const NEEDS = ["issues", "pull_requests"];
const LONGEST_NAME = 50;
const LONGEST_DESCRIPTION = 100;

export const LABEL_OPERATIONS: readonly OperationRow[] = [
  row("issues/list-labels-for-repo", "read", (call) =>
    listed(call, call.state.labels, (label) => shownLabel(call, label)),
  ),
  row("issues/create-label", "write", create),
  row("issues/get-label", "read", (call) => ok(shownLabel(call, labelOf(call)))),
  row("issues/update-label", "write", update),
  row("issues/list-labels-on-issue", "read", (call) => onIssue(call, issueOf(call))),
  row("issues/add-labels", "write", (call) => {
    const issue = issueOf(call);
    issue.labels = neededLabels(call, [...issue.labels, ...labelNames(call.body["labels"])]);
    return all(call, issue);
  }),
  row("issues/set-labels", "write", (call) => {
    const issue = issueOf(call);
    issue.labels = neededLabels(call, labelNames(call.body["labels"]));
    return all(call, issue);
  }),
  row("issues/remove-label", "write", (call) => {
    const issue = issueOf(call);
    const gone = String(call.names["name"]);
    if (!issue.labels.some((label) => same(label, gone))) throw notFound();
    issue.labels = issue.labels.filter((label) => !same(label, gone));
    return all(call, issue);
  }),
];

function row(id: string, level: "read" | "write", perform: OperationRow["perform"]): OperationRow {
  return { id, resource: "Label", needs: NEEDS, level, perform };
}

/** Names out of the forms in which GitHub takes labels: text, or objects with a name. */
export function labelNames(value: Json | undefined): readonly string[] {
  if (!Array.isArray(value)) return [];
  return value.map((one) =>
    one !== null && typeof one === "object" && !Array.isArray(one)
      ? String(one["name"] ?? "")
      : String(one),
  );
}

/** Labels that do not exist yet are made, grey, when an issue first carries them. Gives their names. */
export function neededLabels(call: Call, names: readonly string[]): string[] {
  const { state } = call;
  for (const name of names) goodName(name);
  const kept = names.map((name) => {
    const known = state.labels.find((label) => same(label.name, name));
    if (known !== undefined) return known.name;
    state.labels.push({ id: state.nextId(), name, color: "ededed", description: null });
    return name;
  });
  return [...new Set(kept)];
}

function create(call: Call): Answer {
  const { body, state } = call;
  const name = String(body["name"]);
  goodName(name);
  if (state.labels.some((label) => same(label.name, name)))
    throw unprocessable("Label", "name", "already_exists");
  const label: LabelRow = {
    id: state.nextId(),
    name,
    color: goodColor(body["color"]) ?? "ededed",
    description: goodDescription(body["description"]),
  };
  state.labels.push(label);
  const json = shownLabel(call, label);
  return { status: 201, json, headers: { location: String(json["url"]) } };
}

function update(call: Call): Answer {
  const { body, state } = call;
  const label = labelOf(call);
  const name = textOf(body["new_name"]) ?? label.name;
  goodName(name);
  if (state.labels.some((one) => one !== label && same(one.name, name)))
    throw unprocessable("Label", "name", "already_exists");
  const color = goodColor(body["color"]) ?? label.color;
  const description =
    body["description"] === undefined ? label.description : goodDescription(body["description"]);
  for (const issue of state.issues)
    issue.labels = issue.labels.map((one) => (same(one, label.name) ? name : one));
  Object.assign(label, { name, color, description });
  return ok(shownLabel(call, label));
}

function goodName(name: string): void {
  if (name.trim() === "") throw unprocessable("Label", "name", "missing_field");
  if ([...name].length > LONGEST_NAME)
    throw unprocessable("Label", "name", "custom", "name is too long (maximum is 50 characters)");
  if (name.includes(",")) throw unprocessable("Label", "name", "invalid");
}

function goodColor(value: Json | undefined): string | undefined {
  if (value === undefined) return undefined;
  const color = String(value);
  // A leading # is the mistake that everybody makes.
  if (!/^[0-9a-f]{6}$/i.test(color)) throw unprocessable("Label", "color", "invalid");
  return color.toLowerCase();
}

function goodDescription(value: Json | undefined): string | null {
  const text = textOf(value) ?? null;
  if (text !== null && [...text].length > LONGEST_DESCRIPTION)
    throw unprocessable(
      "Label",
      "description",
      "custom",
      "description is too long (maximum is 100 characters)",
    );
  return text;
}

function labelOf(call: Call): LabelRow {
  const label = call.state.labels.find((one) => same(one.name, String(call.names["name"])));
  if (label === undefined) throw notFound();
  return label;
}

function onIssue(call: Call, issue: IssueRow): Answer {
  return listed(call, labelsOf(call, issue), (label) => shownLabel(call, label));
}

function all(call: Call, issue: IssueRow): Answer {
  issue.updated_at = call.state.now();
  return ok(labelsOf(call, issue).map((label) => shownLabel(call, label)));
}

function labelsOf(call: Call, issue: IssueRow): readonly LabelRow[] {
  return call.state.labels.filter((label) => issue.labels.some((name) => same(name, label.name)));
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

export function shownLabel(call: Call, label: LabelRow): JsonObject {
  return call.shaped("label", {
    ...label,
    node_id: `LA_${label.id}`,
    default: false,
    url: `${repositoryUrl(call)}/labels/${encodeURIComponent(label.name)}`,
  });
}
