/** Does a name resolve to these values? What this machine's own files say besides is a second reading. */
import { isIP } from "node:net";
import type { Arguments } from "../arguments.ts";
import { quoted } from "../observation.ts";
import type { HostView } from "../reach.ts";
import { plainAddress } from "./plain-address.ts";
import type { Look } from "./seen-now.ts";

/** Looks at `name` for `values` among the records of a kind (A where none is said). */
export async function dnsLook(args: Arguments, host: HostView): Promise<Look> {
  const record = args.text("record") ?? "A";
  const wanted = [...(args.texts("values") ?? [])].map((one) => plain(one, record));
  if (wanted.length === 0) return { reason: "VACUOUS", why: "no value is named" };
  const odd = wanted.find((one) => isIP(one) !== ({ A: 4, AAAA: 6 }[record] ?? isIP(one)));
  if (odd !== undefined)
    return { reason: "UNSUPPORTED", why: `${quoted(odd)} is no value of a record ${record}` };
  const seen = await host.resolve(args.text("name") ?? "", record);
  if ("reason" in seen) return seen;
  const found = [...new Set(seen.seen.values.map((one) => plain(one, record)))].sort();
  const says = `it resolves to ${found.map(quoted).join(", ") || "nothing"}`;
  if (wanted.every((one) => found.includes(one))) return { seen: { so: true, says } };
  const local = [...seen.seen.local.map((one) => plain(one, record)), ...found];
  if (wanted.every((one) => local.includes(one)))
    return {
      seen: { open: "AMBIGUOUS", says: `${says}; this machine's own files say what is claimed` },
    };
  return { seen: { so: false, says } };
}

/** Names are told apart by no case and no last dot; a text is as it is. */
function plain(value: string, record: string): string {
  if (record === "TXT") return value;
  if (record === "A" || record === "AAAA") return plainAddress(value);
  return value.toLowerCase().replace(/\.$/, "").replace(/\s+/g, " ");
}
