/**
 * Where text may be wrapped in base64: beside a name that says so, in a data URI, in a Kubernetes
 * Secret, or with a known token's first letters. Rows with a shape of their own are then asked again
 * of what was wrapped, twice at most.
 */

export interface Decoder {
  readonly id: string;
  readonly keywords: readonly string[];
  /** As a row's; group 1 is the base64. */
  readonly pattern: RegExp;
}

export const DECODERS: readonly Decoder[] = [
  {
    // A keyword, then within a few characters a run of base64: headers, env files, manifests.
    id: "named",
    keywords: [
      ...["authorization", "secret", "token", "password", "credential", "key", "data", "base64"],
    ],
    pattern:
      /(?:authorization|secret|token|password|credential|key|data|base64)[^\r\n]{0,60}?[\s"'`:=,(]([A-Za-z0-9+/_-]{24,8192}={0,2})/iy,
  },
];
