/** An image archive as a list of files that can be gone through again: a tar, or an OCI layout as a folder. */
import type { RepoPath, Tree } from "@wingman/model";
import { ArchiveRefused, type Meter } from "./archive-refused.ts";
import { type TarEntry, tarEntries } from "./tar-entries.ts";
import type { Bytes } from "./unpacked.ts";

export interface Archive {
  files(): AsyncIterable<TarEntry>;
}

const POINTER = "version https://git-lfs.github.com/spec/v1\n";

/** A tar, compressed or not; `source` gives its bytes anew each time. */
export function tarArchive(source: () => Bytes, meter: Meter): Archive {
  return { files: () => tarEntries(source(), meter) };
}

/** The files below a folder of the tree. Links are links, and LFS pointers stand for what is not here. */
export function folderArchive(tree: Tree, folder: RepoPath, meter: Meter): Archive {
  return {
    async *files() {
      for (const entry of await tree.entries(folder)) {
        meter.entry();
        const size = await tree.size(entry);
        const link = entry.mode === "120000";
        yield {
          name: entry.path.slice(folder.length + 1),
          type: link ? ("symlink" as const) : ("file" as const),
          size,
          leads: link ? Buffer.from(await tree.read(entry)).toString("utf8") : "",
          bytes: bytesOf(tree, entry, meter),
        };
      }
    },
  };
}

type Entry = Awaited<ReturnType<Tree["entries"]>>[number];

async function* bytesOf(tree: Tree, entry: Entry, meter: Meter): AsyncGenerator<Uint8Array> {
  const source = tree.stream === undefined ? [await tree.read(entry)] : tree.stream(entry);
  let first = true;
  for await (const piece of source) {
    if (first && Buffer.from(piece).toString("latin1", 0, POINTER.length) === POINTER)
      throw new ArchiveRefused("NO_WITNESS", "a file of it is in Git LFS, not in the repository");
    first = false;
    meter.bytes(piece.length);
    yield piece;
  }
}
