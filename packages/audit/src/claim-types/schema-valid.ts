/**
 * `data.schema`: a data file is valid by a JSON Schema of the same tree. The schema is text of the judged
 * side: it names nothing outside itself, its patterns run in linear time, and time is bounded.
 */
import { runInNewContext } from "node:vm";
import { quotePath } from "@wingman/model";
import type { ClaimType } from "../claim-type.ts";
import { heldContentAt } from "../content.ts";
import { contradicts, holds, quoted, unverifiable } from "../observation.ts";
import { FORMATS, formatOf, parseFormat } from "../parse-format.ts";
import type { Node } from "../parsed-node.ts";
import { plainOf, Unparsed } from "../parsed-node.ts";
import { compilePattern } from "../pattern/program.ts";
import { search } from "../pattern/search.ts";
import { PatternRefused } from "../pattern/syntax.ts";
import { exactPath, placeOf } from "./file-standing.ts";
import { parsedAt } from "./parsed-file.ts";

/** Milliseconds of compiling and validating; a schema can ask for 2^30 steps in a kilobyte. */
const TIME = 2_000;
const LARGEST_SCHEMA = 512 * 1024;
/** `uniqueItems` compares each with each other one. */
const LONGEST_LIST = 5_000;
const STEPS = 20_000_000;

export const dataSchema: ClaimType = {
  type: "data.schema",
  title: "a data file is valid by a JSON Schema of the tree",
  example: { type: "data.schema", args: { path: "config.json", schema: "config.schema.json" } },
  args: {
    path: { kind: "path", required: true },
    format: { kind: FORMATS },
    schema: { kind: "path", required: true },
  },
  witness: "git",
  forgeable: false,
  covers: exactPath,
  judge: async (args, scene) => {
    const place = placeOf(args, "schema");
    const expected = `${quotePath(placeOf(args).path)} is valid by ${quotePath(place.path)}`;
    const parsed = await parsedAt(args, scene, expected);
    if ("answer" in parsed) return parsed;
    const content = await heldContentAt(scene, place, expected, {
      parse: true,
      whenMissing: (why) => unverifiable("NO_WITNESS", expected, `the schema: ${why}`),
    });
    if ("answer" in content) return content;
    if (content.size > LARGEST_SCHEMA)
      return unverifiable("BUDGET", expected, "the schema is too large");
    try {
      const schema = await parseFormat(formatOf(place.path) ?? "json", content.bytes, place.path);
      const errors = await errorsOf(schema, parsed.node);
      const own = scene.ownAt(place.path) === undefined ? "" : " (a schema that the run changed)";
      return errors === undefined
        ? holds(expected, `valid${own}`)
        : contradicts(expected, `${errors}${own}`);
    } catch (error) {
      if (error instanceof Unparsed || error instanceof PatternRefused)
        return unverifiable(error.reason, expected, `the schema: ${error.message}`);
      if (isTimeout(error)) return unverifiable("TIMEOUT", expected, "the schema takes too long");
      if (error instanceof Error && error.name !== "Fault")
        return unverifiable("UNSUPPORTED", expected, "the schema cannot be used");
      throw error;
    }
  },
};

/** The first errors, or undefined where the data is valid. */
async function errorsOf(schema: Node, data: Node): Promise<string | undefined> {
  const plain = plainOf(schema);
  refuseForeign(schema, data);
  const dialect = typeof plain === "object" && plain !== null ? Reflect.get(plain, "$schema") : "";
  const Ajv = await validatorOf(typeof dialect === "string" ? dialect : "");
  const regExp = (pattern: string) => {
    const program = compilePattern(pattern);
    return {
      test: (text: string): boolean => {
        const found = search(program, text, 0, { left: STEPS }, true);
        if (found === "over") throw new PatternRefused("BUDGET", "a pattern takes too many steps");
        return found !== "none";
      },
    };
  };
  const work = (): string | undefined => {
    const ajv = new Ajv({
      strict: false,
      logger: false,
      validateFormats: false,
      code: { regExp: Object.assign(regExp, { code: "" }) },
    });
    const validate = ajv.compile(plain as object);
    if (validate(plainOf(data)) === true) return undefined;
    const [first] = validate.errors ?? [];
    return `at ${quoted(first?.instancePath || "/")}: ${first?.message ?? "not valid"}`;
  };
  // The time-out of a context ends work of this one too, whatever it is busy with.
  return runInNewContext("work()", { work }, { timeout: TIME }) as string | undefined;
}

/** `default` is what the program's bundle gives of a CommonJS package; names alone are undefined there. */
async function validatorOf(dialect: string) {
  if (dialect.includes("2020-12")) return (await import("ajv/dist/2020.js")).default.Ajv2020;
  if (dialect.includes("2019-09")) return (await import("ajv/dist/2019.js")).default.Ajv2019;
  if (dialect === "" || dialect.includes("draft-07") || dialect.includes("draft-06"))
    return (await import("ajv")).default.Ajv;
  throw new Unparsed("UNSUPPORTED", `no dialect that is known: ${quoted(dialect)}`);
}

/** References to anywhere else, and what costs more than linear time on this data. */
function refuseForeign(schema: Node, data: Node): void {
  let unique = false;
  walk(schema, (key, node) => {
    if (
      /^\$(?:ref|dynamicRef|recursiveRef)$/.test(key) &&
      node.is === "text" &&
      !node.text.startsWith("#")
    )
      throw new Unparsed("UNSUPPORTED", `it refers to ${quoted(node.text)}, outside of itself`);
    if (key === "uniqueItems") unique = true;
  });
  if (!unique) return;
  walk(data, (_key, node) => {
    if (node.is === "list" && node.items.length > LONGEST_LIST)
      throw new Unparsed("BUDGET", "uniqueItems over a list that is too long");
  });
}

function walk(node: Node, see: (key: string, node: Node) => void, key = ""): void {
  see(key, node);
  if (node.is === "map") for (const [name, one] of node.entries) walk(one, see, name);
  if (node.is === "list") for (const one of node.items) walk(one, see);
}

function isTimeout(error: unknown): boolean {
  return (
    typeof error === "object" &&
    error !== null &&
    "code" in error &&
    error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT"
  );
}
