/**
 * Scans every blob, message, tag and name that any ref reaches. Two gits read at the same time, each
 * one path's versions in a row, so that only what a version adds is scanned. A git that fails is a
 * fault: a scan of a part would look like a clean history.
 */
import { join } from "node:path";
import {
  findingsOfFile,
  type Judged,
  SCANNER_DIGEST,
  type ScannedFile,
  scanBytes,
  scanFile,
  scanVersion,
  secretFindings,
} from "@wingman/gate";
import {
  type BlobReader,
  blobReader,
  type HistoryBlob,
  historyBlobs,
  historyCommits,
  listRefs,
  peel,
  type Repo,
} from "@wingman/git";
import { type Finding, pathToBytes } from "@wingman/model";
import { CleanBlobs } from "./secrets-clean.ts";

/** Gits that read at one time. */
const LANES = 2;
/** Blobs up to here are held; larger ones are streamed. Bytes. */
const HELD = 8 << 20;
/** Blobs that one lane has asked for ahead: so many that git is never idle, and at most these bytes. */
const AHEAD = 64;
const AHEAD_BYTES = 12 << 20;
/** Blobs that are sorted by path at one time: bounds memory on the longest histories. */
const SORTED = 200_000;
/** Between two looks at the clock, and two savings of what is clean. */
const OFTEN = 64;
const SAVE_EVERY_MS = 5000;

export interface HistoryScan {
  readonly repo: Repo;
  readonly judged: Judged;
  /** `<git dir>/wingman`. */
  readonly folder: string;
  clock(): number;
  /** Told from time to time: how much of how much is done. */
  progress(done: number, all: number, what: string): void;
}

/** All findings of the history, each at the commit that first brought it. */
export async function scanHistory(scan: HistoryScan): Promise<Finding[]> {
  const { repo, folder } = scan;
  const clean = await CleanBlobs.open(join(folder, "secrets-clean"), SCANNER_DIGEST);
  const readers = Array.from({ length: LANES }, () => blobReader(repo, HELD));
  const history = new History(scan, clean, readers);
  try {
    const commits = await historyCommits(repo);
    const names = new Map<string, string>();
    let batch: HistoryBlob[] = [];
    for await (const blob of historyBlobs(repo, commits)) {
      if (!names.has(blob.path)) names.set(blob.path, blob.commit);
      if (clean.has(blob.oid, blob.path)) continue;
      batch.push(blob);
      if (batch.length < SORTED) continue;
      await history.blobs(batch);
      batch = [];
    }
    await history.blobs(batch);
    await history.texts([...commits, ...(await tagsOf(repo))]);
    await history.names(names);
    return history.findings;
  } finally {
    await Promise.all(readers.map((reader) => reader.close()));
    await clean.save();
  }
}

/** Annotated tags on the way from refs to commits, and blobs that a ref names directly. */
async function tagsOf(repo: Repo): Promise<string[]> {
  const oids = new Set<string>();
  for (const ref of await listRefs(repo)) {
    const { chain, type, oid } = await peel(repo, ref.oid);
    for (const tag of chain) oids.add(tag.oid);
    if (type === "blob") oids.add(oid);
  }
  return [...oids];
}

interface Asked {
  readonly blob: HistoryBlob;
  readonly read: ReturnType<BlobReader["read"]>;
}

/** The scan under way. */
class History {
  readonly findings: Finding[] = [];
  readonly #scan: HistoryScan;
  readonly #clean: CleanBlobs;
  readonly #readers: readonly BlobReader[];
  readonly #told = new Set<string>();
  #done = 0;
  #saved: number;

  constructor(scan: HistoryScan, clean: CleanBlobs, readers: readonly BlobReader[]) {
    this.#scan = scan;
    this.#clean = clean;
    this.#readers = readers;
    this.#saved = scan.clock();
  }

  /** Blobs of many commits: by path, and each path's versions oldest first. */
  async blobs(batch: readonly HistoryBlob[]): Promise<void> {
    const byPath = new Map<string, HistoryBlob[]>();
    for (const blob of batch) {
      const versions = byPath.get(blob.path);
      if (versions === undefined) byPath.set(blob.path, [blob]);
      else versions.push(blob);
    }
    const paths = [...byPath.values()];
    let next = 0;
    this.#done = 0;
    const all = batch.length;
    await Promise.all(
      this.#readers.map(async (reader) => {
        const queue = function* (): Generator<HistoryBlob> {
          while (next < paths.length) {
            const versions = paths[next] ?? [];
            next += 1;
            yield* versions;
          }
        };
        await this.#lane(reader, queue(), all);
      }),
    );
  }

  async #lane(reader: BlobReader, queue: Iterator<HistoryBlob>, all: number): Promise<void> {
    const waiting: Asked[] = [];
    let average = AHEAD_BYTES / 4;
    let before: { oid: string; path: string; bytes: Buffer | undefined } | undefined;
    for (;;) {
      const ahead = Math.max(1, Math.min(AHEAD, AHEAD_BYTES / average));
      // In one go, not one by one: each writing to git is a system call.
      if (waiting.length <= ahead / 2) this.#askAhead(reader, queue, waiting, ahead);
      const first = waiting.shift();
      if (first === undefined) return;
      const { blob } = first;
      const { size, bytes } = await first.read;
      average = Math.max(1, average * 0.9 + Math.min(size, HELD) * 0.1);
      const known =
        before?.path === blob.path && before.oid === blob.previous ? before.bytes : undefined;
      const { path } = blob;
      const options = { path, origin: this.#scan.judged.trusted.policy.origin };
      const file =
        bytes === undefined
          ? await scanFile(
              {
                size,
                read: () => wholeOf(reader.stream(blob.oid)),
                stream: () => reader.stream(blob.oid),
              },
              options,
            )
          : await scanVersion(bytes, known, options);
      before = { oid: blob.oid, path, bytes };
      await this.#tell(blob, file);
      await this.#tick(all, "versions of files");
    }
  }

  #askAhead(
    reader: BlobReader,
    queue: Iterator<HistoryBlob>,
    waiting: Asked[],
    ahead: number,
  ): void {
    while (waiting.length < ahead) {
      const next = queue.next();
      if (next.done === true) return;
      const read = reader.read(next.value.oid);
      // Awaited in its turn; node ends a process over a rejection that nobody awaits.
      read.catch(() => undefined);
      waiting.push({ blob: next.value, read });
    }
  }

  async #tell(blob: HistoryBlob, file: ScannedFile): Promise<void> {
    if (file.hits.length === 0 && file.unread.length === 0) {
      this.#clean.add(blob.oid, blob.path);
      return;
    }
    const judged = { ...this.#scan.judged, commit: blob.commit };
    for (const finding of await findingsOfFile(judged, blob.path, file)) this.#keep(finding);
  }

  /** The same secret in the next version of its file is the same finding. */
  #keep(finding: Finding): void {
    const key = finding.fingerprint ?? `${finding.code}\0${finding.path}\0${finding.message}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.findings.push(finding);
  }

  /** Raw commit and tag objects: messages, and whatever else stands in them. */
  async texts(oids: readonly string[]): Promise<void> {
    const { repo, judged } = this.#scan;
    const { origin } = judged.trusted.policy;
    this.#done = 0;
    for (let at = 0; at < oids.length; at += OFTEN) {
      const some = oids.slice(at, at + OFTEN);
      const texts = await Promise.all(some.map((oid) => repo.objects.read(oid)));
      for (const [index, { type, bytes }] of texts.entries()) {
        const oid = some[index] ?? "";
        for (const hit of await scanBytes(bytes, { origin })) {
          const where = `${type} ${oid.slice(0, 12)}, line ${hit.line},`;
          const found = secretFindings({ ...judged, commit: undefined }, hit, {}, where);
          this.findings.push(...found);
        }
      }
      await this.#tick(oids.length, "messages", some.length);
    }
  }

  /** Names of files, all in one scan: a path stands on lines of its own. */
  async names(names: ReadonlyMap<string, string>): Promise<void> {
    const { judged } = this.#scan;
    const paths = [...names.keys()];
    for (let at = 0; at < paths.length; at += 10_000) {
      const some = paths.slice(at, at + 10_000);
      const text = Buffer.concat(
        some.map((path) => pathToBytes(`${path.replaceAll("\n", " ")}\n`)),
      );
      for (const hit of await scanBytes(text)) {
        const commit = names.get(some[hit.line - 1] ?? "");
        // The path holds the secret, so the commit has to do for a place.
        const found = secretFindings({ ...judged, commit }, hit, {}, "the name of a file");
        this.findings.push(...found);
      }
    }
  }

  async #tick(all: number, what: string, by = 1): Promise<void> {
    this.#done += by;
    if (this.#done % OFTEN !== 0 && this.#done !== all) return;
    this.#scan.progress(this.#done, all, what);
    const now = this.#scan.clock();
    if (now - this.#saved < SAVE_EVERY_MS) return;
    this.#saved = now;
    await this.#clean.save();
  }
}

async function wholeOf(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const piece of pieces) parts.push(piece);
  return Buffer.concat(parts);
}
