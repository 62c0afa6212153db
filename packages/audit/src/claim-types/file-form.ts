/** `file.mode`, `file.owner`, `file.linksTo`, `file.size`, `file.untouched`. */
import type { ClaimType } from "../claim-type.ts";
import { exactPath } from "./file-standing.ts";
import { unbuilt } from "./unbuilt.ts";

const PATH = { path: { kind: "path", required: true } } as const;

export const fileFormTypes: readonly ClaimType[] = [
  unbuilt({
    type: "file.mode",
    title: "the file has this mode of git",
    example: { type: "file.mode", args: { path: "bin/run", mode: "100755" } },
    args: { ...PATH, mode: { kind: "text", required: true } },
    witness: "git",
    covers: exactPath,
  }),
  unbuilt({
    type: "file.owner",
    title: "the file belongs to this user (and group) of the host",
    example: { type: "file.owner", args: { path: "bin/run", user: "root" } },
    args: { ...PATH, user: { kind: "text", required: true }, group: { kind: "text" } },
    witness: "fs",
  }),
  unbuilt({
    type: "file.linksTo",
    title: "a symbolic link with exactly this target stands there",
    example: { type: "file.linksTo", args: { path: "latest", target: "releases/v2" } },
    args: { ...PATH, target: { kind: "text", required: true } },
    witness: "git",
    covers: exactPath,
  }),
  unbuilt({
    type: "file.size",
    title: "the committed file has this many bytes",
    example: { type: "file.size", args: { path: "LICENSE", op: ">", bytes: 0 } },
    args: { ...PATH, op: { kind: "operator" }, bytes: { kind: "count", required: true } },
    witness: "git",
    covers: exactPath,
  }),
  unbuilt({
    type: "file.untouched",
    title: "this run did not touch this file, or anything below this folder",
    example: { type: "file.untouched", args: { path: "src/keys/vault" } },
    args: { path: { kind: "path" }, paths: { kind: "paths" } },
    witness: "git",
  }),
];
