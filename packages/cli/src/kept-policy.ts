/**
 * A policy that was read and found good, kept by the digest of its bytes: reading YAML and holding it
 * against its schema was a third of what a commit's hook did, for a file that changes once a month. The
 * bytes always come from the trusted side; only what they mean is remembered. A bad one is never kept.
 */
import { digestOf, type PolicyParser, parsePolicy } from "@wingman/model";
import { keep, readKept } from "./kept.ts";

const NAME = "policy";

/** A parser for the hooks of the clone whose `wingman` folder this is; never an authority's. */
export function keptPolicy(folder: string): PolicyParser {
  return (bytes) => {
    const id = digestOf(bytes);
    const kept = readKept(folder, NAME, id);
    if (kept !== undefined) return { ok: true, value: kept as { policy: never; digest: string } };
    const parsed = parsePolicy(bytes);
    if (!parsed.ok) return parsed;
    const { policy, digest } = parsed.value;
    keep(folder, NAME, id, { policy, digest });
    return { ok: true, value: { policy, digest } };
  };
}
