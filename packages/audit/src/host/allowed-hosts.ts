/** Whom a claim may have the auditor ask: loopback, and the hosts that the trusted policy names. */
import { isIPv4 } from "node:net";
import type { Seen } from "../reach.ts";

/** Loopback by address or by its one name: a name that merely resolves to loopback is none. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, "").toLowerCase();
  return bare === "localhost" || bare === "::1" || (isIPv4(bare) && bare.startsWith("127."));
}

/** Why a host may not be asked, or undefined. */
export function notAllowed(
  host: string,
  port: number,
  hosts: readonly string[],
): Seen<never> | undefined {
  if (isLoopback(host)) return undefined;
  const bare = host.toLowerCase();
  if (hosts.some((one) => [bare, `${bare}:${port}`].includes(one.toLowerCase()))) return undefined;
  return {
    reason: "NOT_ALLOWED",
    why: `${host} is neither loopback nor in the policy's audit.hosts`,
  };
}
