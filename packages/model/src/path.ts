/**
 * Paths of a tree as strings, without losing a byte.
 *
 * Git's paths are bytes. Bytes that are no UTF-8 stand here as the lone surrogates U+DC80..U+DCFF
 * (Python's `surrogateescape`), so every name has exactly one string and the way back is exact.
 */

/** A repository path, `/`-separated, without a leading slash. */
export type RepoPath = string;

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The string of a path's bytes. Never fails. */
export function pathFromBytes(bytes: Uint8Array): RepoPath {
  try {
    return strict.decode(bytes);
  } catch {
    return decodeEscaping(bytes);
  }
}

/** The bytes of a path's string: the exact inverse of {@link pathFromBytes}. */
export function pathToBytes(path: RepoPath): Buffer {
  if (!/[\udc80-\udcff]/.test(path)) return Buffer.from(path, "utf8");
  const parts: Buffer[] = [];
  for (const char of path) {
    const code = char.codePointAt(0) ?? 0;
    parts.push(
      code >= 0xdc80 && code <= 0xdcff ? Buffer.from([code - 0xdc00]) : Buffer.from(char, "utf8"),
    );
  }
  return Buffer.concat(parts);
}

/** True where the path's bytes are UTF-8. */
export function isUtf8Path(path: RepoPath): boolean {
  return !/[\udc80-\udcff]/.test(path.replace(/[\ud800-\udbff][\udc00-\udfff]/g, ""));
}

/** A path as records write it: the text, or `{"b64": …}` where the bytes are no UTF-8. */
export function recordPath(path: RepoPath): string | { b64: string } {
  return isUtf8Path(path) ? path : { b64: pathToBytes(path).toString("base64") };
}

/** The path of a record's field: the inverse of {@link recordPath}. */
export function pathOfRecord(value: string | { b64: string }): RepoPath {
  return typeof value === "string" ? value : pathFromBytes(Buffer.from(value.b64, "base64"));
}

/**
 * One spelling for all names that a case-insensitive or normalising disk takes for the same: NFC,
 * lower case (through upper case, so that U+017F is an s as APFS has it), without the characters
 * that HFS+ ignores (git's core.protectHFS has the same list). Protected paths are compared in this form (TRUST.md: hostile repositories).
 */
export function foldPath(path: RepoPath): string {
  const bare = path.replace(/[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g, "");
  return bare.normalize("NFC").toUpperCase().toLowerCase().normalize("NFC");
}

/**
 * A path for people: as it is where it is plain, else in double quotes with everything that could
 * paint a terminal or split a line written as an escape.
 */
export function quotePath(path: RepoPath): string {
  if (/^[\w@%+=:,./~-]+$/.test(path)) return path;
  return `"${visible(path).replaceAll('"', '\\"')}"`;
}

/**
 * Text of the judged side with control, bidirectional and invisible characters made visible, and
 * without the older form of a workflow command: GitHub's runner obeys `##[add-mask]x` anywhere in a
 * line of a log (actions/runner, ActionCommand.TryParse).
 */
export function visible(text: string): string {
  return text.replace(
    /(?<=##)\[|[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|\udb40[\udc00-\udc7f]/g,
    (char) => {
      const code = char.codePointAt(0) ?? 0;
      if (code === 10) return "\\n";
      if (code === 9) return "\\t";
      if (code === 13) return "\\r";
      if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`;
      return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
    },
  );
}

function decodeEscaping(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes[at] ?? 0);
    const piece = bytes.subarray(at, at + length);
    let decoded: string | undefined;
    if (length > 0 && piece.length === length) {
      try {
        decoded = strict.decode(piece);
      } catch {
        decoded = undefined;
      }
    }
    if (decoded === undefined) {
      text += String.fromCharCode(0xdc00 + (bytes[at] ?? 0));
      at += 1;
    } else {
      text += decoded;
      at += length;
    }
  }
  return text;
}

function sequenceLength(first: number): number {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first < 0xe0) return 2;
  if (first >= 0xe0 && first < 0xf0) return 3;
  if (first >= 0xf0 && first < 0xf5) return 4;
  return 0;
}
