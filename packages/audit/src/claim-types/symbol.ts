/** `symbol.*`: what a real parser finds defined, exported and used in source files. */
import type { ArgumentKinds } from "../arguments.ts";
import type { ClaimType } from "../claim-type.ts";
import { exactPath } from "./file-standing.ts";
import { unbuilt } from "./unbuilt.ts";

const LANGUAGES = [
  "typescript",
  "javascript",
  "python",
  "go",
  "rust",
  "java",
  "ruby",
  "shell",
] as const;
const KINDS = [
  "function",
  "class",
  "method",
  "variable",
  "constant",
  "type",
  "interface",
  "enum",
  "module",
] as const;
const SYMBOL = {
  path: { kind: "path", required: true },
  name: { kind: "text", required: true },
  kind: { kind: KINDS },
  language: { kind: LANGUAGES },
} as const;

export const symbolTypes: readonly ClaimType[] = [
  row(
    "symbol.defined",
    "a source file defines this symbol",
    { path: "src/keys/rotate.ts", name: "rotate" },
    {
      ...SYMBOL,
      arity: { kind: "count" },
    },
  ),
  row(
    "symbol.absent",
    "a source file does not define this symbol",
    { path: "src/keys/rotate.ts", name: "rotateOld" },
    SYMBOL,
  ),
  row(
    "symbol.exported",
    "a source file exports this symbol",
    { path: "src/keys/rotate.ts", name: "rotate" },
    SYMBOL,
  ),
  {
    ...row(
      "symbol.refs",
      "a name is used so many times in these files",
      { name: "rotate", scope: ["src/**"], op: ">=", count: 2 },
      {
        name: { kind: "text", required: true },
        scope: { kind: "globs", required: true },
        op: { kind: "operator" },
        count: { kind: "count", required: true },
      },
    ),
    covers: () => [],
  },
];

function row(
  type: string,
  title: string,
  args: ClaimType["example"]["args"],
  kinds: ArgumentKinds,
): ClaimType {
  return unbuilt({
    type,
    title,
    example: { type, args },
    args: kinds,
    witness: "git",
    covers: exactPath,
  });
}
