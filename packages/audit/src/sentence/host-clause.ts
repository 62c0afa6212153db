/** Clauses about what runs: tests, ports, addresses, processes. One row a kind, in the order they are tried. */

import { checkClause } from "./check-clause.ts";
import type { Clause, Known } from "./clause.ts";
import type { Cursor } from "./cursor.ts";
import { addressClause, portClause, serverClause } from "./port-clause.ts";
import { processClause, startedClause } from "./process-clause.ts";

const KINDS = [checkClause, portClause, serverClause, addressClause, startedClause, processClause];

/** The whole clause, or undefined (nothing taken) where it is about none of these. */
export function hostClause(cursor: Cursor, known: Known): Clause[] | undefined {
  const mark = cursor.mark;
  for (const read of KINDS) {
    const clauses = read(cursor, known);
    if (clauses !== undefined) return clauses;
    cursor.back(mark);
  }
  return undefined;
}
