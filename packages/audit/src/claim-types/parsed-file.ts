/** The parsed file that a claim speaks of. What cannot be parsed is UNVERIFIABLE, whatever is claimed. */
import type { Observation } from "@wingman/model";
import type { Arguments } from "../arguments.ts";
import { heldContentAt } from "../content.ts";
import { unverifiable } from "../observation.ts";
import type { Format } from "../parse-format.ts";
import { FORMATS, formatOf, parseFormat } from "../parse-format.ts";
import type { Node } from "../parsed-node.ts";
import { Unparsed } from "../parsed-node.ts";
import { parsedOnce } from "../parsed-once.ts";
import type { Scene } from "../scene.ts";
import { placeOf } from "./file-standing.ts";

/** The parsed file of a claim, or the whole answer. `absence`: a file that is not there lacks all. */
export async function parsedAt(
  args: Arguments,
  scene: Scene,
  expected: string,
  absence = false,
): Promise<{ readonly node: Node; readonly format: Format } | Observation> {
  const place = placeOf(args);
  const named = FORMATS.find((one) => one === args.text("format"));
  const format = named ?? formatOf(place.path);
  if (format === undefined)
    return unverifiable("UNSUPPORTED", expected, "the name tells no format; say format=json");
  const content = await heldContentAt(scene, place, expected, {
    parse: "later",
    ...(absence ? { whenMissing: (why) => unverifiable("VACUOUS", expected, why) } : {}),
  });
  if ("answer" in content) return content;
  try {
    const node = await parsedOnce(scene, content, `${format} ${place.path}`, expected, () =>
      parseFormat(format, content.bytes, place.path),
    );
    return "answer" in node ? node : { node, format };
  } catch (error) {
    if (!(error instanceof Unparsed)) throw error;
    return unverifiable(error.reason, expected, error.message);
  }
}
