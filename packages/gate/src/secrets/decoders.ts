/**
 * Where text may be wrapped in base64: beside a name that says so, in a data URI, in a Kubernetes
 * Secret, or where a known token's first letters stand, encoded. Rows with a shape of their own are
 * then asked again of what was wrapped, twice at most.
 */
import { NAMED_FAMILIES, ROWS } from "./rows.ts";

export interface Decoder {
  readonly id: string;
  readonly keywords: readonly string[];
  /** As a row's; group 1 is the base64. */
  readonly pattern: RegExp;
  readonly near?: number;
}

/** RFC 4648, both alphabets. Shorter ones hold no token; longer ones are files. */
const WRAPPED = "([A-Za-z0-9+/_-]{24,8192}={0,2})";

export const DECODERS: readonly Decoder[] = [
  {
    // A name, then within a few characters a run of base64: headers, env files, manifests, data URIs.
    id: "named",
    keywords: ["authorization", "secret", "token", "password", "credential", "base64"],
    pattern: new RegExp(
      `(?:authorization|secret|token|password|credential|base64)[^\\r\\n]{0,60}?[\\s"'\`:=,(]${WRAPPED}`,
      "iy",
    ),
  },
  {
    // https://kubernetes.io/docs/concepts/configuration/secret/: any name below `data:`.
    id: "kubernetes",
    keywords: ["kind: secret", '"kind":"secret"', '"kind": "secret"'],
    near: 8000,
    pattern: new RegExp(`(?<=[:][ \\t]{1,8}["']?|:")${WRAPPED}`, "g"),
  },
  {
    id: "encoded",
    // `-----BEGIN` besides the rows' own: keys have no letters of theirs to begin with.
    keywords: [...encodedPrefixes(), "ls0tls1crudjti"],
    pattern: new RegExp(WRAPPED, "y"),
  },
];

/**
 * How base64 of a token begins, where the token is the first thing in it. Eight signs of it tell
 * enough: each one more is a state of the automaton, which every start reads.
 */
function encodedPrefixes(): string[] {
  const prefixes = ROWS.filter((row) => row.near === undefined && !NAMED_FAMILIES.has(row.family))
    .flatMap(({ keywords, pattern }) => keywords.flatMap((keyword) => asWritten(keyword, pattern)))
    .map((text) =>
      Buffer.from(text)
        .toString("base64")
        // Six bits a sign: the last one depends on what follows.
        .slice(0, Math.min(8, Math.floor((text.length * 8) / 6)))
        .toLowerCase(),
    );
  return [...new Set(prefixes)];
}

/** A keyword in the case in which its tokens begin: as its pattern has it, `gh[pousr]_` or `AKIA`. */
function asWritten(keyword: string, { source, flags }: RegExp): readonly string[] {
  if (!/^[a-z0-9][a-z0-9._-]{3,}$/.test(keyword) || flags.includes("i")) return [];
  const upper = keyword.toUpperCase();
  return [source.includes(upper.slice(0, 3)) ? upper : keyword];
}
