/** Which certificate does a host show, and how long does it hold? Nobody asks who signed it. */
import type { Arguments } from "../arguments.ts";
import { quoted } from "../observation.ts";
import type { HostView, ShownCertificate } from "../reach.ts";
import type { Look } from "./seen-now.ts";

/** Looks at `host` and `port` for `sha256`, `validUntil` and `name`. */
export async function tlsLook(args: Arguments, host: HostView): Promise<Look> {
  const [sha256, until, name] = [args.text("sha256"), args.text("validUntil"), args.text("name")];
  const wanted = until === undefined ? undefined : Date.parse(until);
  if (sha256 === undefined && wanted === undefined && name === undefined)
    return { reason: "VACUOUS", why: "neither sha256, validUntil nor name is claimed" };
  if (wanted !== undefined && Number.isNaN(wanted))
    return { reason: "UNSUPPORTED", why: "validUntil is a date, as 2027-01-01" };
  const port = Number(args.number("port")?.text ?? 443);
  if (port < 1 || port > 65_535) return { reason: "UNSUPPORTED", why: "ports go from 1 to 65535" };
  const seen = await host.certificate(args.text("host") ?? "", port);
  if ("reason" in seen) return seen;
  const shown = seen.seen;
  const says = told(shown);
  if (sha256 !== undefined && sha256 !== shown.sha256) return { seen: { so: false, says } };
  if (name !== undefined && !shown.covers(name))
    return { seen: { so: false, says: `${says}; it does not speak for ${quoted(name)}` } };
  if (wanted === undefined) return { seen: { so: true, says } };
  if (Date.parse(shown.notAfter) < wanted || shown.early) return { seen: { so: false, says } };
  // Whoever asks the host by this name is not served by it, though it holds so long.
  if (sha256 === undefined && name === undefined && !shown.covers(args.text("host") ?? ""))
    return {
      seen: {
        open: "AMBIGUOUS",
        says: `${says}; it does not speak for this host: claim sha256 or name as well`,
      },
    };
  return { seen: { so: true, says } };
}

function told({ sha256, notBefore, notAfter, selfSigned }: ShownCertificate): string {
  const by = selfSigned ? ", signed by itself" : "";
  return `it shows ${sha256.slice(0, 16)}…, valid from ${notBefore} until ${notAfter}${by}`;
}
