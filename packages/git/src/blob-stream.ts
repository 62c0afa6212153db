/**
 * A blob in pieces, from a git of its own: for files that nobody wants to hold whole. A git that ends
 * before the blob does is a fault, never a shorter file.
 */
import { gitFailed } from "./git-failure.ts";
import { notStarted, type Start, startGit } from "./git-process.ts";

/** Yields the bytes of a blob by its full id. Faults `git/missing-object`, `git/failed`. */
export async function* blobStream(oid: string, start: Start): AsyncGenerator<Uint8Array> {
  const args = ["cat-file", "blob", oid];
  const child = startGit(args, start);
  let stderr = "";
  let broken: Error | undefined;
  child.stdin.on("error", () => {});
  child.stdin.end();
  child.stderr.on("data", (chunk: Buffer) => {
    stderr = `${stderr}${chunk}`.slice(-2000);
  });
  child.once("error", (error) => {
    broken = error;
  });
  const closed = new Promise<number>((done) => {
    child.once("close", (code) => done(code ?? 255));
  });
  let whole = false;
  try {
    for await (const chunk of child.stdout) yield chunk as Buffer;
    whole = true;
  } finally {
    // Whoever read enough does not wait for the rest.
    if (!whole) child.kill();
  }
  const code = await closed;
  if (broken !== undefined) notStarted(broken, start.cwd);
  if (code !== 0) gitFailed(args, { stdout: Buffer.alloc(0), stderr, code });
}
