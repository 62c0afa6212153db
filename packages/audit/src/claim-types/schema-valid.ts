/**
 * `data.schema`: a data file is valid by a JSON Schema of the same tree. The schema is text of the judged
 * side: it names nothing outside itself, its patterns run in linear time, and time is bounded.
 */
import { quotePath } from "@wingman/model";
import type { ClaimType } from "../claim-type.ts";
import { heldContentAt } from "../content.ts";
import { errorsOf, saysNothing } from "../json-schema.ts";
import { contradicts, holds, unverifiable } from "../observation.ts";
import { FORMATS, formatOf, parseFormat } from "../parse-format.ts";
import { Unparsed } from "../parsed-node.ts";
import { PatternRefused } from "../pattern/syntax.ts";
import { exactPath, placeOf } from "./file-standing.ts";
import { parsedAt } from "./parsed-file.ts";

const LARGEST_SCHEMA = 512 * 1024;

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
      most: LARGEST_SCHEMA,
      whenMissing: (why) => unverifiable("NO_WITNESS", expected, `the schema: ${why}`),
    });
    if ("answer" in content) return content;
    try {
      const schema = await parseFormat(formatOf(place.path) ?? "json", content.bytes, place.path);
      if (saysNothing(schema))
        return unverifiable("VACUOUS", expected, "the schema accepts everything");
      const { errors, unread } = await errorsOf(schema, parsed.node);
      const notes = [
        ...unread,
        ...(scene.ownAt(place.path) === undefined ? [] : ["a schema that the run changed"]),
      ];
      const own = notes.length === 0 ? "" : ` (${notes.join("; ")})`;
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

function isTimeout(error: unknown): boolean {
  return (
    typeof error === "object" &&
    error !== null &&
    "code" in error &&
    error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT"
  );
}
