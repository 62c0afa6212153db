/**
 * Paths as claims write them. Refuses whatever does not name one place inside the tree: what
 * escapes it, `.git`, and spellings that two systems read differently. Nothing is ever opened.
 */
import type { RepoPath } from "@wingman/model";
import { isUtf8Path, pathFromBytes } from "@wingman/model";

/** A path inside the tree; `folder` where it was written with a trailing slash. */
export interface ClaimPath {
  readonly path: RepoPath;
  readonly folder: boolean;
}

/** Linux's PATH_MAX; git itself sets no bound. */
const LONGEST = 4096;

/**
 * Reads a claim's path: text, or `{"b64": …}` for bytes that are no UTF-8 (and for a name with a
 * backslash, which as text could be a Windows separator). `./a//b` is `a/b`. Gives the path, or why
 * it names no place in the tree.
 */
export function readClaimPath(value: unknown): ClaimPath | { readonly why: string } {
  const text = textOf(value);
  if (typeof text !== "string") return text;
  if (text === "") return { why: "the path is empty" };
  if (text.length > LONGEST) return { why: `the path is longer than ${LONGEST} characters` };
  if (text.includes("\0")) return { why: "the path holds a NUL" };
  if (typeof value === "string") {
    if (!isUtf8Path(text)) return { why: "the path holds a lone surrogate" };
    if (/^[A-Za-z]:[\\/]/.test(text)) return { why: "the path names a drive, outside the tree" };
    if (text.includes("\\"))
      return { why: "the path holds a backslash; folders are separated by /" };
    if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return { why: "that is an address, not a path" };
    if (/^~[a-z0-9_-]*(\/|$)/i.test(text))
      return { why: "the path names a home folder, outside the tree" };
  }
  if (text.startsWith("/")) return { why: "the path is absolute, outside the tree" };
  const parts = text.split("/").filter((part) => part !== "" && part !== ".");
  // `a/../b` is refused too: with a link at `a` it names another place than it seems.
  if (parts.includes("..")) return { why: "the path holds `..`; name the place from the top" };
  if (parts.some((part) => part.toLowerCase() === ".git"))
    return { why: "`.git` is no part of the tree" };
  if (parts.length === 0) return { why: "the path names the whole tree" };
  return { path: parts.join("/"), folder: /\/\.?$/.test(text) };
}

function textOf(value: unknown): string | { readonly why: string } {
  if (typeof value === "string") return value;
  const b64 = value !== null && typeof value === "object" && "b64" in value ? value.b64 : undefined;
  if (typeof b64 === "string" && Object.keys(value ?? {}).length > 1)
    return { why: '{"b64": …} holds nothing else' };
  if (typeof b64 !== "string" || !/^[A-Za-z0-9+/]+={0,2}$/.test(b64) || b64.length > 2 * LONGEST)
    return { why: 'a path is text, or {"b64": …}' };
  return pathFromBytes(Buffer.from(b64, "base64"));
}
