/**
 * Scans the blobs that a change brings, each once however many commits bring it: several at a time,
 * and never so many that large ones fill the memory.
 */
import type { Change, Entry, Tree } from "@wingman/model";
import { type ScannedFile, scanFile } from "../secrets/scan-file.ts";

/** Blobs in memory at one time: enough to keep git busy, few enough that large files fit. */
const AT_ONCE = 4;
const REMEMBERED = 20_000;
const scanned = new Map<string, ScannedFile>();

/** What stands in each file that the change brings. */
export async function scannedBlobs(change: Change): Promise<(readonly [Entry, ScannedFile])[]> {
  const entries = blobsOf(change);
  const { origin } = change.trusted.policy;
  const found: (readonly [Entry, ScannedFile])[] = [];
  for (let at = 0; at < entries.length; at += AT_ONCE) {
    const some = entries.slice(at, at + AT_ONCE);
    found.push(
      ...(await Promise.all(
        some.map(async (entry) => [entry, await scanEntry(change.after, entry, origin)] as const),
      )),
    );
  }
  return found;
}

/** What stands in one file of a tree. */
export async function scanEntry(tree: Tree, entry: Entry, origin: string): Promise<ScannedFile> {
  const { oid, path } = entry;
  const key = `${oid} ${path}\0${origin}`;
  const known = scanned.get(key);
  if (known !== undefined) return known;
  const stream = tree.stream?.bind(tree);
  const content = {
    size: await tree.size(entry),
    read: () => tree.read(entry),
    ...(stream === undefined ? {} : { stream: () => stream(entry) }),
  };
  const file = await scanFile(content, { path, origin });
  if (scanned.size >= REMEMBERED) scanned.clear();
  scanned.set(key, file);
  return file;
}

/** At a tip only what no commit holds: a tag may point at a bare blob or tree. */
function blobsOf(change: Change): Entry[] {
  if (change.scope === "tip" && change.ref?.name.startsWith("refs/heads/") !== false) return [];
  return change.own.flatMap(({ after }) =>
    after === undefined || after.mode === "160000" ? [] : [after],
  );
}
