/** The subset of GitHub's description: what is cut, what is mended, and that the committed one is whole. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { OPERATIONS, subsetOf } from "../openapi-subset.mjs";

const FILE = new URL("../../packages/testkit/openapi/github.json", import.meta.url);

/** A description with every operation, each of one schema that names another. */
function whole(schema: object) {
  const operation = (operationId: string) => ({
    operationId,
    summary: "prose",
    externalDocs: { description: "prose", url: "https://docs.github.com/rest" },
    parameters: [{ $ref: "#/components/parameters/owner" }],
    requestBody: { content: { "application/json": { schema } } },
    responses: { 200: { description: "prose", headers: { Link: {} } } },
  });
  return {
    openapi: "3.0.3",
    info: { version: "1" },
    servers: [],
    paths: Object.fromEntries(OPERATIONS.map((id) => [`/${id}`, { get: operation(id) }])),
    components: {
      parameters: { owner: { name: "owner", in: "path", description: "prose", schema: {} } },
      schemas: {
        a: { type: "object", properties: { b: { $ref: "#/components/schemas/b" } } },
        b: { type: "string", description: "prose" },
        stray: { type: "string" },
      },
    },
  };
}

/** The body's schema of the first operation, cut out. */
function cut(schema: object): unknown {
  const paths = subsetOf(whole(schema)).paths as Record<string, { get: { requestBody: object } }>;
  const body = paths[`/${OPERATIONS[0]}`]?.get.requestBody as {
    content: { "application/json": { schema: unknown } };
  };
  return body.content["application/json"].schema;
}

test("what an operation reaches comes along, and nothing else", () => {
  const { components } = subsetOf(whole({ $ref: "#/components/schemas/a" }));
  expect(components).toEqual({
    parameters: { owner: { name: "owner", in: "path", schema: {} } },
    schemas: {
      a: { type: "object", properties: { b: { $ref: "#/components/schemas/b" } } },
      b: { type: "string" },
    },
  });
});

test("prose goes; a property that is called like it stays", () => {
  const property = { type: "string", description: "prose", "x-vendor": 1 };
  const schema = {
    type: "object",
    title: "prose",
    properties: { description: property, title: property },
  };
  expect(cut(schema)).toEqual({
    type: "object",
    properties: { description: { type: "string" }, title: { type: "string" } },
  });
});

test.each([
  [
    { nullable: true, oneOf: [{ type: "string" }] },
    { anyOf: [{ type: "string" }, { enum: [null] }] },
  ],
  [
    { nullable: true, anyOf: [{ type: "string" }] },
    { anyOf: [{ type: "string" }, { enum: [null] }] },
  ],
  [
    { nullable: true, allOf: [{ type: "string" }] },
    { anyOf: [{ allOf: [{ type: "string" }] }, { enum: [null] }] },
  ],
  [{ nullable: true }, {}],
  [
    { nullable: true, type: "string" },
    { nullable: true, type: "string" },
  ],
  [
    { nullable: true, type: "string", enum: ["a"] },
    { nullable: true, type: "string", enum: ["a", null] },
  ],
])("null is said so that ajv hears it: %j", (schema, expected) => {
  expect(cut(schema)).toEqual(expected);
});

test("an operation, or a schema, that is gone is said by its name", () => {
  const without = whole({});
  delete (without.paths as Record<string, unknown>)["/issues/create"];
  expect(() => subsetOf(without)).toThrow("the description has no issues/create");
  expect(() => subsetOf(whole({ $ref: "#/components/schemas/none" }))).toThrow(
    "#/components/schemas/none",
  );
});

test("the committed subset is of these operations, closed, sorted, and small", () => {
  const text = readFileSync(FILE, "utf8");
  const subset = JSON.parse(text) as {
    paths: Record<string, Record<string, { operationId: string }>>;
    components: Record<string, Record<string, unknown>>;
  };
  const ids = Object.values(subset.paths).flatMap((item) =>
    Object.values(item).map((one) => one.operationId),
  );
  expect(ids.sort()).toEqual([...OPERATIONS].sort());
  const references = new Set(
    [...text.matchAll(/"\$ref":"#\/components\/([^"]+)"/g)].map((match) => match[1] ?? ""),
  );
  const gone = [...references].filter((name) => {
    const [kind = "", own = ""] = name.split("/");
    return subset.components[kind]?.[own] === undefined;
  });
  expect(gone).toEqual([]);
  expect(references.size).toBeGreaterThan(50);
  expect(Object.keys(subset.paths)).toEqual(Object.keys(subset.paths).sort());
  expect(Buffer.byteLength(text)).toBeLessThan(700_000);
});
