/**
 * Containers as an engine tells them over its own API (Docker's, which Podman speaks as well). It only asks,
 * never by the engine's own loose matching of names, and believes no socket of somebody else's.
 */
import { stat } from "node:fs/promises";
import { userInfo } from "node:os";
import type { ContainerEngine, ContainerState, Seen } from "../reach.ts";
import { notAllowed } from "./allowed-hosts.ts";
import { oneAnswer } from "./one-answer.ts";

const TIME = 3_000;
const MOST_BODY = 16 * 1024 * 1024;
const MOST_LISTED = 50;

/** Where engines may be asked. */
export interface EngineSetting {
  /** What `DOCKER_HOST` names: then that engine alone. */
  readonly named?: string;
  /** Sockets at their usual places. */
  readonly sockets: readonly string[];
  /** Hosts of the policy: an engine elsewhere is asked only there. */
  readonly hosts: readonly string[];
  /** Folders in which a socket is nobody's word but the worker's. */
  readonly judged: readonly string[];
  /** An engine that is here without a socket: what it runs cannot be asked. */
  readonly silent?: string;
}

type Where = { readonly socketPath: string } | { readonly host: string; readonly port: number };

/** The engine that is named, or all whose sockets are there. */
export function containerEngine(setting: EngineSetting): ContainerEngine {
  const asked = new Map<ContainerState, Where>();
  const at = (container: ContainerState): Where => asked.get(container) ?? { socketPath: "" };
  return {
    containers: async (by) => {
      const word = "name" in by ? by.name : by.label;
      // The one spelling that engines give names and ids; anything else would be another address.
      if ("name" in by && !/^[A-Za-z0-9][A-Za-z0-9_.-]{0,254}$/.test(word))
        return { reason: "UNSUPPORTED", why: "no container's name" };
      const places = await placesOf(setting);
      if ("reason" in places) return places;
      const found: ContainerState[] = [];
      let refused: Seen<never> | undefined;
      for (const where of places.seen) {
        const seen = await ("name" in by ? byName(where, word) : byLabel(where, word));
        if ("reason" in seen) refused ??= seen;
        else found.push(...seen.seen);
        for (const one of found) if (!asked.has(one)) asked.set(one, where);
      }
      if (found.length > 0) return { seen: found };
      if (refused !== undefined) return refused;
      return setting.silent === undefined || setting.named !== undefined
        ? { seen: [] }
        : {
            reason: "NO_WITNESS",
            why: `${setting.silent} is here as well, and has no socket to ask`,
          };
    },
    imageNames: (container) => imageNames(at(container), container),
    processUser: (container) => processUser(at(container), container),
  };
}

/** An engine that the environment names is the only one; a socket of others, or the worker's, is none. */
async function placesOf({
  named,
  sockets,
  hosts,
  judged,
}: EngineSetting): Promise<Seen<readonly Where[]>> {
  if (named !== undefined && !named.startsWith("unix://")) return overNetwork(named, hosts);
  const paths = named === undefined ? sockets : [named.slice("unix://".length)];
  const places: Where[] = [];
  let foreign: string | undefined;
  for (const socketPath of new Set(paths)) {
    const found = await stat(socketPath).catch(() => undefined);
    if (found?.isSocket() !== true) continue;
    const planted = judged.some((folder) => `${socketPath}/`.startsWith(`${folder}/`));
    if (planted || ![0, userInfo().uid].includes(found.uid)) foreign ??= socketPath;
    else places.push({ socketPath });
  }
  if (places.length > 0) return { seen: places };
  if (foreign !== undefined)
    return {
      reason: "NOT_ALLOWED",
      why: `${foreign} is a socket that anybody could have put there`,
    };
  return { reason: "TOOL_MISSING", why: "no container engine's socket is here" };
}

function overNetwork(named: string, hosts: readonly string[]): Seen<readonly Where[]> {
  if (!/^(?:tcp|http):\/\//.test(named) || !URL.canParse(named))
    return { reason: "UNSUPPORTED", why: "of engines elsewhere only tcp:// without TLS is asked" };
  const url = new URL(named.replace(/^tcp:/, "http:"));
  const port = Number(url.port || 2375);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return notAllowed(url.hostname, port, hosts) ?? { seen: [{ host, port }] };
}

async function byName(where: Where, name: string): Promise<Seen<readonly ContainerState[]>> {
  const seen = await ask(where, `/containers/${name}/json`);
  if ("reason" in seen) return seen;
  if (seen.seen === undefined) return { seen: [] };
  const found = stateOf(seen.seen);
  if (found === undefined) return notSpoken("what it tells of a container");
  // Engines also match the beginning of an id: `cafe` would be any container's.
  const isIt = found.name === name || (/^[0-9a-f]{12,64}$/.test(name) && found.id.startsWith(name));
  return { seen: isIt ? [found] : [] };
}

async function byLabel(where: Where, label: string): Promise<Seen<readonly ContainerState[]>> {
  const filters = encodeURIComponent(JSON.stringify({ label: [label] }));
  const seen = await ask(where, `/containers/json?all=true&filters=${filters}`);
  if ("reason" in seen) return seen;
  if (!Array.isArray(seen.seen)) return notSpoken("its list");
  if (seen.seen.length > MOST_LISTED)
    return { reason: "BUDGET", why: `more than ${MOST_LISTED} containers carry that label` };
  const all: ContainerState[] = [];
  for (const row of seen.seen as { readonly Id?: unknown }[]) {
    const id = typeof row?.Id === "string" && /^[0-9a-f]{12,64}$/.test(row.Id) ? row.Id : undefined;
    const one = id === undefined ? undefined : await ask(where, `/containers/${id}/json`);
    if (one === undefined) return notSpoken("its list");
    if ("reason" in one) return one;
    const state = one.seen === undefined ? undefined : stateOf(one.seen);
    // Gone since it was listed.
    if (one.seen === undefined) continue;
    if (state === undefined) return notSpoken("what it tells of a container");
    all.push(state);
  }
  return { seen: all };
}

async function imageNames(where: Where, { id }: ContainerState): Promise<Seen<readonly string[]>> {
  const container = await ask(where, `/containers/${id}/json`);
  if ("reason" in container) return container;
  const image = (container.seen as { readonly Image?: unknown } | undefined)?.Image;
  if (typeof image !== "string" || !/^(?:sha256:)?[0-9a-f]{64}$/.test(image))
    return notSpoken("a container's image");
  const seen = await ask(where, `/images/${image}/json`);
  if ("reason" in seen) return seen;
  const { RepoTags: tags, RepoDigests: digests } = (seen.seen ?? {}) as Record<string, unknown>;
  const names = [tags, digests].flatMap((one) => (Array.isArray(one) ? one : []));
  return { seen: [image, ...names.filter((one) => typeof one === "string")] };
}

async function processUser(where: Where, { id }: ContainerState): Promise<Seen<string>> {
  const container = await ask(where, `/containers/${id}/json`);
  if ("reason" in container) return container;
  const pid = (container.seen as { readonly State?: { readonly Pid?: unknown } })?.State?.Pid;
  const seen = await ask(
    where,
    `/containers/${id}/top?ps_args=${encodeURIComponent("-eo pid,uid")}`,
  );
  if ("reason" in seen) return seen;
  const { Processes: rows } = (seen.seen ?? {}) as { readonly Processes?: unknown };
  // Docker lists the machine's ids, Podman those inside, where the first is 1.
  for (const row of Array.isArray(rows) ? rows : [])
    if (Array.isArray(row) && [String(pid), "1"].includes(String(row[0]).trim()))
      if (/^\d+$/.test(String(row[1]).trim())) return { seen: String(row[1]).trim() };
  return { reason: "NO_WITNESS", why: "the engine does not list its first process" };
}

/** The JSON of an answer; undefined where the engine knows no such thing. */
async function ask(where: Where, path: string): Promise<Seen<unknown>> {
  const seen = await oneAnswer(
    { ...where, path, headers: { host: "localhost" } },
    { ms: TIME, most: MOST_BODY },
  );
  if ("reason" in seen) return { reason: seen.reason, why: `the engine: ${seen.why}` };
  const { status, body, cut } = seen.seen;
  if (cut === "large") return { reason: "BUDGET", why: "the engine tells more than is read" };
  if (cut === "late") return { reason: "TIMEOUT", why: "the engine does not end its answer" };
  if (cut === "broken") return { reason: "UNREACHABLE", why: "the engine broke off" };
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch {
    return { reason: "UNREACHABLE", why: `the engine answers with ${status} and no JSON` };
  }
  if (status === 200 && typeof value === "object" && value !== null) return { seen: value };
  const said = String((value as { readonly message?: unknown } | null)?.message ?? "");
  // A server that has no such address says 404 as well.
  if (status === 404 && /no such (?:container|image|object)/i.test(said))
    return { seen: undefined };
  if (status === 401 || status === 403) return { reason: "PERMISSION", why: `the engine: ${said}` };
  return { reason: "UNREACHABLE", why: `the engine answers with ${status}: ${said.slice(0, 200)}` };
}

interface Inspected {
  readonly Id?: unknown;
  readonly Name?: unknown;
  readonly Config?: { readonly Image?: unknown; readonly User?: unknown } | null;
  readonly State?: {
    readonly Status?: unknown;
    readonly Health?: { readonly Status?: unknown } | null;
  } | null;
}

function stateOf(value: unknown): ContainerState | undefined {
  const { Id: id, Name: name, Config: config, State: state } = value as Inspected;
  // `Running` is true of a paused and of a restarting one as well: only `Status` tells.
  const status = state?.Status;
  if (typeof id !== "string" || typeof name !== "string" || typeof status !== "string")
    return undefined;
  const health = state?.Health?.Status;
  return {
    id,
    name: name.replace(/^\//, ""),
    status: status.toLowerCase(),
    image: typeof config?.Image === "string" ? config.Image : "",
    user: typeof config?.User === "string" ? config.User : "",
    // Docker says `none`, Podman nothing, where there is no check.
    ...(typeof health !== "string" || health === "" || health === "none" ? {} : { health }),
  };
}

function notSpoken(what: string): Seen<never> {
  return { reason: "UNREACHABLE", why: `the engine does not tell ${what} as engines do` };
}
