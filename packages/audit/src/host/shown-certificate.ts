/** The certificate that a host shows when it is asked by its name. Whether anybody trusts it is not asked. */
import type { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { connect } from "node:tls";
import type { Seen, ShownCertificate } from "../reach.ts";
import { notAllowed } from "./allowed-hosts.ts";

const TIME = 3_000;

/** Connects once, bounded, and reads the leaf. */
export function shownCertificate(
  host: string,
  port: number,
  hosts: readonly string[],
): Promise<Seen<ShownCertificate>> {
  const no = notAllowed(host, port, hosts);
  if (no !== undefined) return Promise.resolve(no);
  return new Promise((done) => {
    const bare = host.replace(/^\[|\]$/g, "");
    const socket = connect(
      {
        host: bare,
        port,
        rejectUnauthorized: false,
        ...(isIP(bare) === 0 ? { servername: bare } : {}),
      },
      () => end(leafOf(socket.getPeerX509Certificate())),
    );
    const end = (seen: Seen<ShownCertificate>): void => {
      clearTimeout(timer);
      socket.destroy();
      done(seen);
    };
    // A byte now and then would keep an idle timer waiting for ever.
    const timer = setTimeout(
      () => end({ reason: "TIMEOUT", why: `no handshake within ${TIME} ms` }),
      TIME,
    );
    socket.on("error", (error: NodeJS.ErrnoException) =>
      end({ reason: "UNREACHABLE", why: `no handshake: ${error.code ?? error.name}` }),
    );
  });
}

function leafOf(leaf: X509Certificate | undefined): Seen<ShownCertificate> {
  const [from, until] = [Date.parse(leaf?.validFrom ?? ""), Date.parse(leaf?.validTo ?? "")];
  if (leaf === undefined || Number.isNaN(from) || Number.isNaN(until))
    return { reason: "UNREACHABLE", why: "no certificate is shown" };
  return {
    seen: {
      sha256: leaf.fingerprint256.replaceAll(":", "").toLowerCase(),
      notBefore: new Date(from).toISOString(),
      notAfter: new Date(until).toISOString(),
      early: Date.now() < from,
      selfSigned: leaf.checkIssued(leaf),
      covers: (name) => {
        const bare = name.replace(/^\[|\]$/g, "");
        return (isIP(bare) === 0 ? leaf.checkHost(bare) : leaf.checkIP(bare)) !== undefined;
      },
    },
  };
}
