/** One spelling of an IP address: IPv6 as RFC 5952 writes it, IPv4 in IPv6 as IPv4. */
import { isIPv6 } from "node:net";

/** Takes an address without brackets; anything that is none comes back as it is. */
export function plainAddress(text: string): string {
  if (!isIPv6(text) || text.includes("%")) return text;
  const short = new URL(`http://[${text}]/`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short);
  if (mapped === null) return short;
  const words = [mapped[1] ?? "0", mapped[2] ?? "0"].map((one) => Number.parseInt(one, 16));
  return words.flatMap((one) => [one >> 8, one & 255]).join(".");
}
