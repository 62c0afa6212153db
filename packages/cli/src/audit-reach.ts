/**
 * What an audit can ask on this surface, composed of the other rooms: grammars beside the program, the
 * gate's scanner, and where somebody has time the event file and the remote.
 */
import { join } from "node:path";
import { grammarsAt, type Reach } from "@wingman/audit";
import { SCANNER_DIGEST, scanFile } from "@wingman/gate";
import type { Tree } from "@wingman/model";
import type { Io } from "./io.ts";

/** What every surface has; nothing of it executes or reaches out. */
export function auditReach(io: Io, trusted: Tree | undefined): Reach {
  return {
    ...(trusted === undefined ? {} : { trusted }),
    grammars: grammarsAt(join(io.programDir, "grammars")),
    secrets: {
      version: SCANNER_DIGEST,
      scan: async (path, content) => await scanFile(content, { path }),
    },
  };
}
