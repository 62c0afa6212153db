/** The table of secrets for those who list it. It is large: nobody else loads it before it is needed. */
import type { SecretRow } from "./row.ts";

export async function secretRows(): Promise<readonly SecretRow[]> {
  return (await import("./rows.ts")).ROWS;
}
