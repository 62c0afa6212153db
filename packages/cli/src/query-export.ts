/**
 * Queries over a file that `ledger export` wrote, through jsonl-db. Reading only: that library neither
 * locks nor syncs, so nothing of Wingman's is ever written with it (docs/decisions).
 */
import { access } from "node:fs/promises";
import { fault } from "@wingman/model";
import jsonlFile from "jsonl-db";

type Row = Readonly<Record<string, unknown>>;

/** Rows in which every `key=value` holds, compared as text. Faults on a file that is no export. */
export async function queryExport(file: string, conditions: readonly string[]): Promise<Row[]> {
  const wanted = conditions.map(conditionOf);
  await access(file).catch((cause: unknown) =>
    fault(`${file} cannot be read`, {
      code: "usage/path",
      hint: `write it first: wingman ledger export --claims-audit --output ${file}`,
      cause,
    }),
  );
  try {
    return await jsonlFile(file).findMatch((row: Row) =>
      wanted.every(({ key, value }) => String(row[key]) === value),
    );
  } catch (cause) {
    return fault(`${file} is not an export of the ledger: a line of it is no JSON`, {
      code: "usage/export",
      hint: `write it anew: wingman ledger export --claims-audit --output ${file}`,
      cause,
    });
  }
}

function conditionOf(text: string): { key: string; value: string } {
  const cut = text.indexOf("=");
  if (cut > 0) return { key: text.slice(0, cut), value: text.slice(cut + 1) };
  return fault(`${JSON.stringify(text)} is no condition`, {
    code: "usage/condition",
    hint: "wingman ledger query claims_audit.jsonl status=FALSE worker_id=claude-code/alice",
  });
}
