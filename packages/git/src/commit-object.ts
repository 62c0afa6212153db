/**
 * Commits and annotated tags, from their bytes. Header lines are read as git reads them; what a
 * signature covers is cut out byte for byte. It refuses objects whose links cannot be read.
 */
import { fault, visible } from "@wingman/model";
import type { ObjectType } from "./object-store.ts";
import type { Repo } from "./repo.ts";

export interface CommitSignature {
  readonly header: "gpgsig" | "gpgsig-sha256";
  /** The unfolded text. */
  readonly armored: string;
}

export interface CommitObject {
  readonly oid: string;
  readonly tree: string;
  readonly parents: readonly string[];
  /** Raw header values: `Name <mail> 1700000000 +0000`; "" where absent. */
  readonly author: string;
  readonly committer: string;
  readonly encoding?: string;
  readonly message: string;
  readonly raw: Buffer;
  /** All of them: more than one is bad. */
  readonly signatures: readonly CommitSignature[];
  /** What a signature covers: raw without the signature headers. */
  readonly payload: Buffer;
}

export interface TagObject {
  readonly oid: string;
  readonly object: string;
  readonly type: ObjectType;
  readonly name: string;
  readonly tagger: string;
  readonly message: string;
  readonly raw: Buffer;
}

/** What a chain of annotated tags ends at. */
export interface Peeled {
  /** The tags on the way, outermost first; empty where the id is no tag. */
  readonly chain: readonly TagObject[];
  readonly type: Exclude<ObjectType, "tag">;
  readonly oid: string;
}

/** Nobody tags tags a hundred deep but to keep a gate busy. */
const DEEPEST_TAG = 100;

/** Reads a commit. Faults `git/missing-object`; `git/hostile-commit` where its links cannot be read. */
export async function readCommit(repo: Repo, oid: string): Promise<CommitObject> {
  const { type, bytes } = await repo.objects.read(oid);
  if (type !== "commit")
    fault(`object ${oid} is a ${type}, not a commit`, {
      code: "git/not-a-commit",
      hint: "name a commit",
    });
  return parseCommit(oid, bytes);
}

/** Reads an annotated tag. Faults `git/missing-object`, `git/hostile-tag`. */
export async function readTag(repo: Repo, oid: string): Promise<TagObject> {
  const { type, bytes } = await repo.objects.read(oid);
  if (type !== "tag") hostile("tag", oid, `it is a ${type}`);
  return parseTag(oid, bytes);
}

/** Follows annotated tags to what they name. Faults `git/hostile-tag`. */
export async function peel(repo: Repo, oid: string): Promise<Peeled> {
  const chain: TagObject[] = [];
  for (let at = oid; ; ) {
    const { type } = await repo.objects.header(at);
    if (type !== "tag") return { chain, type, oid: at };
    if (chain.length === DEEPEST_TAG) hostile("tag", oid, `it names tags ${DEEPEST_TAG} deep`);
    const tag = await readTag(repo, at);
    chain.push(tag);
    at = tag.object;
  }
}

/** Parses a commit object's bytes. Pure; faults as {@link readCommit}. */
export function parseCommit(oid: string, raw: Buffer): CommitObject {
  const { headers, body } = headersOf(raw);
  const id = new RegExp(`^[0-9a-f]{${oid.length}}$`);
  const [first, ...rest] = headers;
  if (first?.name !== "tree" || !id.test(first.value))
    hostile("commit", oid, "no tree comes first");
  // Git takes parents only from the lines right behind the tree; a later `parent` is no parent.
  const parents: string[] = [];
  for (const { name, value } of rest) {
    if (name !== "parent") break;
    if (!id.test(value)) hostile("commit", oid, `parent ${value}`);
    parents.push(value);
  }
  const encoding = headerValue(headers, "encoding");
  const signatures = headers.filter(isSignature);
  return {
    oid,
    tree: first.value,
    parents,
    author: headerText(raw, headers, "author", encoding),
    committer: headerText(raw, headers, "committer", encoding),
    ...(encoding === undefined ? {} : { encoding }),
    message: textOf(raw.subarray(body), encoding),
    raw,
    signatures: signatures.map(({ name, value }) => ({
      header: name as CommitSignature["header"],
      armored: `${value}\n`,
    })),
    payload: without(raw, signatures),
  };
}

/** Parses a tag object's bytes. Pure; faults `git/hostile-tag`. */
export function parseTag(oid: string, raw: Buffer): TagObject {
  const { headers, body } = headersOf(raw);
  const [object, type] = headers;
  const kind = type?.value ?? "";
  if (object?.name !== "object" || !new RegExp(`^[0-9a-f]{${oid.length}}$`).test(object.value))
    hostile("tag", oid, "no object comes first");
  if (type?.name !== "type" || !/^(blob|tree|commit|tag)$/.test(kind))
    hostile("tag", oid, `type ${kind}`);
  return {
    oid,
    object: object.value,
    type: kind as ObjectType,
    name: headerValue(headers, "tag") ?? "",
    tagger: headerValue(headers, "tagger") ?? "",
    message: textOf(raw.subarray(body), undefined),
    raw,
  };
}

interface Header {
  readonly name: string;
  /** Continuation lines unfolded: joined with LF, without their leading space. */
  readonly value: string;
  /** Offsets of the whole header in the object. */
  readonly from: number;
  readonly to: number;
}

function headersOf(raw: Buffer): { headers: Header[]; body: number } {
  const headers: Header[] = [];
  let at = 0;
  while (at < raw.length && raw[at] !== 10) {
    let end = lineEnd(raw, at);
    // Continuation lines are gathered in one go: one by one, a long header would cost its square.
    while (end < raw.length && raw[end] === 32) end = lineEnd(raw, end);
    const text = raw.toString("utf8", at, raw[end - 1] === 10 ? end - 1 : end);
    const [line = "", ...more] = text.split("\n");
    const space = line.indexOf(" ");
    headers.push({
      name: space === -1 ? line : line.slice(0, space),
      value: [space === -1 ? "" : line.slice(space + 1), ...more.map((part) => part.slice(1))].join(
        "\n",
      ),
      from: at,
      to: end,
    });
    at = end;
  }
  return { headers, body: Math.min(at + 1, raw.length) };
}

function lineEnd(raw: Buffer, from: number): number {
  const end = raw.indexOf(10, from);
  return end === -1 ? raw.length : end + 1;
}

// Only these two. Git leaves every header that begins with "gpgsig" out of what it verifies, so that
// text could hide in one called gpgsig-x; here such a header is covered and breaks the signature.
function isSignature({ name }: Header): boolean {
  return name === "gpgsig" || name === "gpgsig-sha256";
}

function without(raw: Buffer, cut: readonly Header[]): Buffer {
  if (cut.length === 0) return raw;
  const parts: Buffer[] = [];
  let at = 0;
  for (const { from, to } of cut) {
    parts.push(raw.subarray(at, from));
    at = to;
  }
  parts.push(raw.subarray(at));
  return Buffer.concat(parts);
}

function headerValue(headers: readonly Header[], name: string): string | undefined {
  return headers.find((header) => header.name === name)?.value;
}

/** A header of one line in the commit's own encoding, as git decodes author and committer. */
function headerText(
  raw: Buffer,
  headers: readonly Header[],
  name: string,
  encoding: string | undefined,
): string {
  const header = headers.find((one) => one.name === name);
  if (header === undefined || encoding === undefined) return header?.value ?? "";
  return (
    textOf(raw.subarray(header.from + name.length + 1, header.to), encoding).split("\n")[0] ?? ""
  );
}

function textOf(bytes: Buffer, encoding: string | undefined): string {
  if (encoding === undefined) return bytes.toString("utf8");
  try {
    return new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes);
  } catch {
    // An encoding that nobody knows: git shows the bytes as they are, and so do we.
    return bytes.toString("utf8");
  }
}

function hostile(kind: "commit" | "tag", oid: string, why: string): never {
  return fault(`${kind} ${oid} is hostile: ${visible(why.slice(0, 200))}`, {
    code: `git/hostile-${kind}`,
    hint: `git would not write such a ${kind}; make it again with git itself`,
  });
}
