/**
 * Does something listen? Rows of the kernel answer, and a connection on loopback where they leave doubt: a
 * port that a container's engine hands on has no row, and a socket on `::` may or may not answer IPv4.
 */
import { isIPv4, isIPv6 } from "node:net";
import type { Arguments } from "../arguments.ts";
import { quoted } from "../observation.ts";
import type { HostView, Listener } from "../reach.ts";
import { plainAddress } from "./plain-address.ts";
import { naming } from "./process-name.ts";
import type { Look } from "./seen-now.ts";

/** Who holds sockets for others: services that start on demand, and containers. */
const HANDS_ON = ["systemd", "docker-proxy", "rootlessport", "slirp4netns", "pasta", "pasta.avx2"];

/** Looks at `port` (and `proto`, `address`, `process`); `listens`: what is claimed of it. */
export async function portLook(args: Arguments, host: HostView, listens: boolean): Promise<Look> {
  const port = Number(args.number("port")?.text ?? "0");
  if (port < 1 || port > 65_535) return { reason: "UNSUPPORTED", why: "ports go from 1 to 65535" };
  const address = addressOf(args.text("address"));
  if (address === "odd")
    return { reason: "UNSUPPORTED", why: "an address is an IP address or localhost" };
  const seen = await host.listeners();
  if ("reason" in seen) return seen;
  const proto = args.text("proto") ?? "tcp";
  const there = seen.seen.filter((one) => one.port === port && one.proto === proto);
  const found = await reached(there, address, { host, port, proto });
  if (found === "doubt")
    return {
      seen: { open: "AMBIGUOUS", says: `${told(there)}; whether it answers there does not show` },
    };
  const [first] = found;
  if (first === undefined) return await unlisted(there, address, { host, port, proto, listens });
  const process = listens ? args.text("process") : undefined;
  if (process !== undefined) return ownedBy(found, process);
  return { seen: { so: listens, says: told(found) } };
}

/** Every loopback, every address of one family, or one address; `odd` where it is none. */
function addressOf(wanted: string | undefined): string | undefined {
  if (wanted === undefined || wanted.toLowerCase() === "localhost") return wanted?.toLowerCase();
  if (wanted === "*") return undefined;
  const bare = wanted.replace(/^\[|\]$/g, "");
  return isIPv4(bare) || isIPv6(bare) ? plainAddress(bare) : "odd";
}

interface At {
  readonly host: HostView;
  readonly port: number;
  readonly proto: string;
}

/** A socket on all addresses answers on each that the machine has; one on loopback answers there only. */
async function reached(
  there: readonly Listener[],
  address: string | undefined,
  { host, port, proto }: At,
): Promise<readonly Listener[] | "doubt"> {
  if (address === undefined) return there;
  const exact = (one: string): readonly Listener[] => there.filter((row) => row.address === one);
  if (address === "localhost") {
    const own = [...exact("127.0.0.1"), ...exact("::1"), ...exact("0.0.0.0"), ...exact("::")];
    return own;
  }
  const own = exact(address);
  if (own.length > 0) return own;
  const four = isIPv4(address);
  const any = four ? address === "0.0.0.0" : address === "::";
  const wide = exact(four ? "0.0.0.0" : "::");
  const ours = any || isLoopback(address) || host.addresses().map(plainAddress).includes(address);
  if (wide.length > 0) return ours ? wide : "doubt";
  const dual = four && ours ? exact("::") : [];
  if (dual.length === 0) return [];
  // It may be for IPv6 alone, which no row tells; another socket could answer in its place.
  if (proto !== "tcp" || exact("127.0.0.1").length > 0) return "doubt";
  return (await host.connects("127.0.0.1", port)) ? dual : [];
}

function isLoopback(address: string): boolean {
  return address === "::1" || address.startsWith("127.");
}

/** No row. On TCP a connection tells whether something answers all the same. */
async function unlisted(
  there: readonly Listener[],
  address: string | undefined,
  { host, port, proto, listens }: At & { readonly listens: boolean },
): Promise<Look> {
  const [other] = there;
  const says = other === undefined ? `nothing listens on ${proto} port ${port}` : told(there);
  const asks: ("127.0.0.1" | "::1")[] =
    other !== undefined || proto !== "tcp"
      ? []
      : address === undefined || address === "localhost"
        ? ["127.0.0.1", "::1"]
        : [isIPv4(address) ? "127.0.0.1" : "::1"];
  for (const one of asks)
    if (await host.connects(one, port))
      return {
        seen: {
          open: "NO_WITNESS",
          says: `no socket is listed on port ${port}, yet ${one} takes a connection: something hands it on`,
        },
      };
  return { seen: { so: !listens, says } };
}

function ownedBy(found: readonly Listener[], process: string): Look {
  const says = told(found);
  const owners = found.flatMap((one) => one.owners);
  const named = owners.map((one) => (one.elsewhere === true ? "may" : naming(one, process)));
  if (named.includes("is")) return { seen: { so: true, says } };
  const handed = owners.some((one) => one.pid === 1 || HANDS_ON.includes(one.name));
  if (named.includes("may") || handed) return { seen: { open: "AMBIGUOUS", says } };
  const hidden = found.flatMap((one) => one.perhaps).some((one) => naming(one, process) !== "not");
  if (hidden || owners.length === 0)
    return { reason: "PERMISSION", why: `${says}; whose socket it is does not show` };
  return { seen: { so: false, says } };
}

function told(found: readonly Listener[]): string {
  const [first] = found;
  if (first === undefined) return "nothing listens";
  const [owner] = first.owners;
  const whose = owner === undefined ? "" : ` by ${quoted(owner.name)} (${owner.pid})`;
  return `${first.proto} ${first.address}:${first.port} is listened on${whose}`;
}
