/** What a claim says of tests by their names, and the answer where a command's results name none. */
import type { Observation } from "@wingman/model";
import type { Arguments } from "../arguments.ts";
import { summary } from "../command/command-text.ts";
import type { CommandView } from "../command/command-view.ts";
import { quoted, unverifiable } from "../observation.ts";

/** The ids that a claim names, in `id` or `ids`. */
export function idsOf(args: Arguments): readonly string[] {
  const id = args.text("id");
  return [...(id === undefined ? [] : [id]), ...(args.texts("ids") ?? [])];
}

/** The first three of them, for people. */
export function named(ids: readonly string[]): string {
  const more = ids.length > 3 ? ` and ${ids.length - 3} more` : "";
  return `${ids.slice(0, 3).map(quoted).join(", ")}${more}`;
}

/** The answer where no whole report names tests. */
export function unnamed(expected: string, view: CommandView): Observation {
  return unverifiable(
    "UNSUPPORTED",
    expected,
    `${summary(view)}; no whole report names its tests: the policy gives the command \`results: {format, path}\``,
  );
}
