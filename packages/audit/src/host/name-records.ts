/**
 * What the name service says of a name that the policy lets a claim ask for. No such name and no such record
 * are answers; SERVFAIL, REFUSED, silence and nonsense are none.
 */
import { lookup, Resolver } from "node:dns/promises";
import type { Seen } from "../reach.ts";
import { isLoopback, notAllowed } from "./allowed-hosts.ts";

const TIME = 1_000;

/** Asks `resolvers` (`address` or `address:port`), or those that this machine asks. */
export async function nameRecords(
  name: string,
  type: string,
  {
    hosts,
    resolvers,
  }: { readonly hosts: readonly string[]; readonly resolvers: readonly string[] },
): Promise<Seen<{ readonly values: readonly string[]; readonly local: readonly string[] }>> {
  const plain = name.replace(/\.$/, "");
  const no = notAllowed(plain, 53, hosts);
  if (no !== undefined) return no;
  const family = type === "A" ? 4 : type === "AAAA" ? 6 : undefined;
  if (isLoopback(plain) && family !== undefined)
    return { seen: { values: await localAddresses(plain, family), local: [] } };
  const resolver = new Resolver({ timeout: TIME, tries: 2 });
  try {
    if (resolvers.length > 0) resolver.setServers(resolvers);
  } catch {
    return { reason: "UNSUPPORTED", why: "the policy's audit.resolvers holds what is no address" };
  }
  const told = await asked(resolver, plain, type);
  if ("reason" in told) return told;
  // A name in this machine's own files resolves here, whatever the name service says.
  const own = family !== undefined && resolvers.length === 0;
  return {
    seen: { values: told.seen, local: own ? await localAddresses(plain, family) : [] },
  };
}

async function asked(
  resolver: Resolver,
  name: string,
  type: string,
): Promise<Seen<readonly string[]>> {
  try {
    return { seen: (await resolver.resolve(name, type as "A")).map(recordText) };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (code === "ENODATA" || code === "ENOTFOUND") return { seen: [] };
    if (code === "EBADNAME")
      return { reason: "UNSUPPORTED", why: "no name that anybody could have" };
    if (code === "ETIMEOUT") return { reason: "TIMEOUT", why: "the resolver does not answer" };
    return { reason: "UNREACHABLE", why: `the resolver does not tell: ${code}` };
  }
}

async function localAddresses(name: string, family: 4 | 6): Promise<readonly string[]> {
  const all = await lookup(name, { all: true, family }).catch(() => []);
  return all.map((one) => one.address);
}

function recordText(record: unknown): string {
  if (typeof record === "string") return record;
  if (Array.isArray(record)) return record.join("");
  const { priority, exchange } = record as { priority?: number; exchange?: string };
  return `${priority ?? ""} ${exchange ?? ""}`.trim();
}
