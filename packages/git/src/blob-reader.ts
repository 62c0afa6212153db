/**
 * A second reader of blobs beside a repository's own: one more git process on another core, which
 * never keeps what is larger than its limit.
 */
import { fault } from "@wingman/model";
import { BatchReader } from "./batch-reader.ts";
import { blobStream } from "./blob-stream.ts";
import type { Repo } from "./repo.ts";

export interface BlobReader {
  /** The bytes, or only the size where they are more than the limit. Faults where absent. */
  read(oid: string): Promise<{ readonly size: number; readonly bytes: Buffer | undefined }>;
  stream(oid: string): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** Opens a reader on a repository; `limit` in bytes. */
export function blobReader(repo: Repo, limit: number): BlobReader {
  const start = { cwd: repo.cwd, env: repo.env };
  const reader = new BatchReader(start, limit);
  return {
    read: async (oid) => {
      const answer = await reader.ask(oid, true);
      if (answer === undefined)
        return fault(`object ${oid} is not in this repository`, {
          code: "git/missing-object",
          hint: "fetch what is missing (git fetch --unshallow; a partial clone: git fetch --refetch --no-filter), or check with git fsck",
        });
      return { size: answer.size, bytes: answer.tooLarge ? undefined : answer.bytes };
    },
    stream: (oid) => blobStream(oid, start),
    close: () => reader.close(),
  };
}
