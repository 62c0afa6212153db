/** A row of the policy's risk table in words, for findings; it refuses nothing. */
import { type Policy, visible } from "@wingman/model";

/** A row of the policy's risk table for people: `work on "infra/**" for prd`. */
export function riskRowText(row: Policy["risk"][number]): string {
  const paths =
    row.paths === undefined
      ? "work"
      : `work on ${row.paths.map((path) => JSON.stringify(visible(path))).join(", ")}`;
  return row.environment === undefined ? paths : `${paths} for ${row.environment}`;
}
