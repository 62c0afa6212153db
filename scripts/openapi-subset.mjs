/**
 * Refreshes packages/testkit/openapi/github.json: the operations of GitHub that Wingman calls, cut out
 * of GitHub's published description with every schema they reach. Run by hand, since the package it
 * reads is 385 MB and never enters this workspace:
 *   npm install --prefix FOLDER --no-save @octokit/openapi@23.0.2
 *   node scripts/openapi-subset.mjs FOLDER/node_modules/@octokit/openapi
 * Refuses an operation that the description no longer has, and a subset that grew past its bound.
 */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Larger ones slow every test file that starts the contract server. */
const MOST_BYTES = 700_000;
/** What Wingman calls, and what a test of it needs to set the stage. */
export const OPERATIONS = [
  "apps/create-installation-access-token",
  "checks/create",
  "checks/get",
  "checks/list-annotations",
  "checks/list-for-ref",
  "checks/update",
  "git/create-blob",
  "git/create-commit",
  "git/create-ref",
  "git/create-tree",
  "git/delete-ref",
  "git/get-blob",
  "git/get-commit",
  "git/get-ref",
  "git/get-tree",
  "git/list-matching-refs",
  "git/update-ref",
  "issues/add-labels",
  "issues/create",
  "issues/create-comment",
  "issues/create-label",
  "issues/get",
  "issues/get-comment",
  "issues/get-label",
  "issues/list-comments",
  "issues/list-for-repo",
  "issues/list-labels-for-repo",
  "issues/list-labels-on-issue",
  "issues/lock",
  "issues/remove-label",
  "issues/set-labels",
  "issues/unlock",
  "issues/update",
  "issues/update-comment",
  "issues/update-label",
  "pulls/get",
  "pulls/list",
  "pulls/list-files",
  "rate-limit/get",
  "repos/create-commit-status",
  "repos/create-or-update-file-contents",
  "repos/get",
  "repos/get-collaborator-permission-level",
  "repos/get-combined-status-for-ref",
  "repos/get-content",
  "repos/list-commit-statuses-for-ref",
  "repos/list-pull-requests-associated-with-commit",
  "users/get-authenticated",
];
const METHODS = ["get", "post", "put", "patch", "delete"];
/** Prose and examples: two thirds of the bytes, and GitHub's own examples do not all match (measured). */
const PROSE = new Set([
  "description",
  "summary",
  "example",
  "examples",
  "tags",
  "externalDocs",
  "title",
]);

/**
 * Cuts the subset. Takes the whole description; gives a description of the same form with sorted keys.
 * Throws on an operation that is not there.
 */
export function subsetOf(whole) {
  const missing = new Set(OPERATIONS);
  const paths = {};
  for (const [path, item] of Object.entries(whole.paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      if (operation === undefined || !missing.delete(operation.operationId)) continue;
      paths[path] ??= {};
      paths[path][method] = operationOf(operation);
    }
  }
  if (missing.size > 0) throw new Error(`the description has no ${[...missing].join(", ")}`);
  const components = reached(paths, whole.components);
  const { version } = whole.info;
  return sorted({
    openapi: whole.openapi,
    info: { title: "GitHub's REST API, the part that Wingman calls", version },
    servers: whole.servers,
    paths,
    components,
  });
}

/** One operation without prose. What its documentation is called stays: errors point to it. */
function operationOf(operation) {
  const { operationId, externalDocs, parameters, requestBody, responses } = operation;
  const bare = {
    operationId,
    externalDocs: { url: externalDocs.url },
    parameters: plain(parameters ?? []),
    responses: {},
  };
  if (requestBody !== undefined) bare.requestBody = plain(requestBody);
  for (const [status, response] of Object.entries(responses)) {
    bare.responses[status] = plain(response);
  }
  return bare;
}

/** Every component that `start` reaches, each without prose, until nothing new is named. */
function reached(start, components) {
  const found = {};
  const seen = new Set();
  const open = [start];
  while (open.length > 0) {
    for (const reference of referencesIn(open.pop())) {
      if (seen.has(reference)) continue;
      seen.add(reference);
      const [, , kind, name] = reference.split("/");
      const component = components[kind]?.[name];
      if (component === undefined) throw new Error(`the description names ${reference} in vain`);
      found[kind] ??= {};
      found[kind][name] = plain(component);
      open.push(found[kind][name]);
    }
  }
  return found;
}

function referencesIn(node, found = []) {
  if (node === null || typeof node !== "object") return found;
  for (const [key, value] of Object.entries(node)) {
    // A discriminator's mapping repeats the references of its oneOf.
    if (key === "discriminator") continue;
    if (key === "$ref") found.push(value);
    else referencesIn(value, found);
  }
  return found;
}

/** A node without prose, vendor keys and response headers. Below `properties` every key is a name. */
function plain(node, names = false) {
  if (Array.isArray(node)) return node.map((one) => plain(one));
  if (node === null || typeof node !== "object") return node;
  const bare = {};
  for (const [key, value] of Object.entries(node)) {
    if (!names) {
      if (PROSE.has(key) || key === "discriminator" || key === "headers") continue;
      if (key.startsWith("x-") && key !== "x-multi-segment") continue;
    }
    if (!names && (key === "enum" || key === "default" || key === "required")) bare[key] = value;
    else bare[key] = plain(value, !names && (key === "properties" || key === "schemas"));
  }
  return names ? bare : nullFixed(bare);
}

/**
 * `nullable` only counts beside `type` (OpenAPI 3.0.3), and ajv throws where it stands alone: seven
 * places, issues/create among them. An enum that leaves null out would refuse it as well.
 */
function nullFixed(schema) {
  if (schema.nullable !== true) return schema;
  if (schema.type !== undefined) {
    const closed = Array.isArray(schema.enum) && !schema.enum.includes(null);
    return closed ? { ...schema, enum: [...schema.enum, null] } : schema;
  }
  const { nullable: _, ...rest } = schema;
  const { anyOf, oneOf, ...beside } = rest;
  const nothing = { enum: [null] };
  if (Object.keys(rest).length === 0) return rest;
  if (anyOf !== undefined && oneOf === undefined) return { ...beside, anyOf: [...anyOf, nothing] };
  if (oneOf !== undefined && anyOf === undefined) return { ...beside, anyOf: [...oneOf, nothing] };
  return { anyOf: [rest, nothing] };
}

/** The same value with sorted keys, so that a refresh shows only what GitHub changed. */
function sorted(node) {
  if (Array.isArray(node)) return node.map(sorted);
  if (node === null || typeof node !== "object") return node;
  return Object.fromEntries(
    Object.keys(node)
      .sort()
      .map((key) => [key, sorted(node[key])]),
  );
}

function refresh(source) {
  const target = join(dirname(dirname(fileURLToPath(import.meta.url))), "packages/testkit/openapi");
  const whole = JSON.parse(readFileSync(join(source, "generated/api.github.com.json"), "utf8"));
  const subset = subsetOf(whole);
  // One line a path and a component: a refresh is read as a diff, and indents would double the size.
  const text = `${linesOf(subset)}\n`;
  if (Buffer.byteLength(text) > MOST_BYTES)
    throw new Error(`the subset is ${Buffer.byteLength(text)} bytes, more than ${MOST_BYTES}`);
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, "github.json"), text);
  copyFileSync(join(source, "LICENSE"), join(target, "LICENSE"));
  const schemas = Object.keys(subset.components.schemas).length;
  console.log(`${OPERATIONS.length} operations, ${schemas} schemas, ${text.length} bytes`);
}

function linesOf(subset) {
  const row = ([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`;
  const block = (node) => `{\n${Object.entries(node).map(row).join(",\n")}\n}`;
  const { components, paths, ...head } = subset;
  const kinds = Object.entries(components).map(([kind, of]) => `"${kind}":${block(of)}`);
  const rest = Object.entries(head).map(row);
  return `{\n"components":{\n${kinds.join(",\n")}\n},\n${rest.join(",\n")},\n"paths":${block(paths)}\n}`;
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  if (process.argv[2] === undefined) {
    console.error("openapi-subset: name the folder of an unpacked @octokit/openapi 23.0.2");
    process.exitCode = 2;
  } else refresh(resolve(process.argv[2]));
}
