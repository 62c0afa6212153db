/** `data.path`, `data.absent`, `data.schema`: what a JSON, YAML, TOML or .env file says, by pointer. */
import type { ClaimType } from "../claim-type.ts";
import { exactPath } from "./file-standing.ts";
import { unbuilt } from "./unbuilt.ts";

const FILE = {
  path: { kind: "path", required: true },
  format: { kind: ["json", "yaml", "toml", "env"] },
} as const;

export const dataTypes: readonly ClaimType[] = [
  unbuilt({
    type: "data.path",
    title: "a data file holds this value at this pointer",
    example: {
      type: "data.path",
      args: { path: "package.json", pointer: "/engines/node", value: ">=20" },
    },
    args: {
      ...FILE,
      pointer: { kind: "pointer", required: true },
      op: { kind: ["==", "!=", "<", "<=", ">", ">=", "exists", "contains", "length"] },
      value: { kind: "value" },
    },
    witness: "git",
    covers: exactPath,
  }),
  unbuilt({
    type: "data.absent",
    title: "a data file holds nothing at this pointer",
    example: {
      type: "data.absent",
      args: { path: "package.json", pointer: "/dependencies/left-pad" },
    },
    args: { ...FILE, pointer: { kind: "pointer", required: true } },
    witness: "git",
    covers: exactPath,
  }),
  unbuilt({
    type: "data.schema",
    title: "a data file is valid by a JSON Schema of the tree",
    example: { type: "data.schema", args: { path: "config.json", schema: "config.schema.json" } },
    args: { ...FILE, schema: { kind: "path", required: true } },
    witness: "git",
    covers: exactPath,
  }),
];
