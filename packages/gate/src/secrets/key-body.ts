/** What stands between a private key's header and its end: whether it is one, and behind a passphrase. */
import { entropy } from "./confidence.ts";

/** `der`: a key's own structure, `cut` a piece of it; `other`: base64 without it; `none`: no body at all. */
export type KeyBody = "der" | "cut" | "other" | "none" | "placeholder";

const OPENSSH = "openssh-key-v1\0";

/** Takes what follows the header. Quotes, `\n`, `+` and indentation between lines are fine. */
export function keyBody(after: string): KeyBody {
  const end = after.search(/-{4,5} ?END/);
  const inside = end < 0 ? after.slice(0, 2400) : after.slice(0, end);
  if (!beginsSoon(inside)) return "none";
  const runs = inside.match(/[A-Za-z0-9+/]{24,}={0,2}/g) ?? [];
  const [longest = ""] = [...runs].sort((a, b) => b.length - a.length);
  if (longest.length < 32 || entropy(longest) < 3) {
    const words = end >= 0 && /\.{3}|…|x{4}|\*{3}|<[\w -]{2,40}>|redacted|your/i.test(inside);
    return words ? "placeholder" : "none";
  }
  // Whole runs only: between the lines of a literal stand quotes, a `+`, words.
  const base64 = inside
    .replace(/\\[nrt]/g, " ")
    .replace(/^[A-Za-z-]{3,20}: [^\r\n]{0,200}$/gm, "")
    .match(/[A-Za-z0-9+/]{16,}={0,2}/g)
    ?.join("");
  const bytes = Buffer.from(base64 ?? "", "base64");
  if (isDer(bytes)) return end >= 0 && bytes.length < 0.9 * derLength(bytes) ? "cut" : "der";
  return bytes.toString("latin1").startsWith(OPENSSH) ? "der" : "other";
}

/** False where a sentence goes on: `keys should start with -----BEGIN … or`. PGP's own lines may come first. */
function beginsSoon(inside: string): boolean {
  const first = inside.search(/[A-Za-z0-9+/]{24}/);
  return (
    first < 0 || (first < 500 && !/[a-z]{2,} [a-z]{2,} [a-z]{2,}/.test(inside.slice(0, first)))
  );
}

/** How many bytes a SEQUENCE says that it has. */
function derLength(bytes: Buffer): number {
  const first = bytes[1] ?? 0;
  const more = first & 0x7f;
  if ((first & 0x80) === 0) return first + 2;
  return more > 0 && more < 5 && bytes.length > more + 2 ? bytes.readUIntBE(2, more) + 2 + more : 0;
}

/** A SEQUENCE that begins with a small INTEGER or another SEQUENCE, as PKCS #1, #8 and SEC 1 do. */
function isDer(bytes: Buffer): boolean {
  if (bytes[0] !== 0x30) return false;
  const length = bytes[1] ?? 0;
  const inner = bytes[2 + (length & 0x80 ? length & 0x7f : 0)];
  return inner === 0x02 || inner === 0x30;
}

/** True where a passphrase guards the key: PEM's own words, PKCS #8's header, OpenSSH's cipher. */
export function isEncryptedKey(header: string, text: string): boolean {
  if (/ENCRYPTED/.test(header) || /Proc-Type: ?4,ENCRYPTED|DEK-Info:/.test(text.slice(0, 400)))
    return true;
  if (!/OPENSSH/.test(header)) return false;
  const base64 = text
    .slice(header.length)
    .replace(/\\[nrt]/g, "")
    .replace(/[^A-Za-z0-9+/]/g, "");
  const bytes = Buffer.from(base64.slice(0, 64), "base64");
  // Magic and its NUL are 15 bytes, then the cipher's name with its length.
  if (bytes.length < 40 || !bytes.toString("latin1").startsWith(OPENSSH)) return false;
  const cipher = bytes.toString("latin1", 19, 19 + Math.min(bytes.readUInt32BE(15), 20));
  return cipher !== "none";
}
