/**
 * What is a container doing? Paused, restarting and starting are neither running nor stopped; a health check
 * of a container that does not run says nothing of now.
 */
import type { Arguments } from "../arguments.ts";
import { wholeReference } from "../image/image-reference.ts";
import { quoted } from "../observation.ts";
import type { ContainerEngine, ContainerState } from "../reach.ts";
import { plainUser, sameUser } from "../same-user.ts";
import type { Look, Sight } from "./seen-now.ts";

/** Docker's words for its states, and Podman's. */
const ENDED = ["created", "initialized", "exited", "stopped", "dead", "removing", "configured"];
/** User ids from here on are shares of a namespace: which user they are inside, they do not tell. */
const MAPPED = 65_536;

/** Looks at the container that `name` or `label` names; several of a label have to agree. */
export async function containerLook(
  args: Arguments,
  engine: ContainerEngine,
  look: (container: ContainerState, engine: ContainerEngine) => Promise<Look>,
): Promise<Look> {
  const [name, label] = [args.text("name"), args.text("label")];
  if ((name ?? "") === "" && (label ?? "") === "")
    return { reason: "VACUOUS", why: "neither name nor label names a container" };
  if (name !== undefined && label !== undefined)
    return { reason: "AMBIGUOUS", why: "name a container or a label, not both" };
  const found = await engine.containers(name === undefined ? { label: label ?? "" } : { name });
  if ("reason" in found) return found;
  const which = name === undefined ? `with the label ${quoted(label ?? "")}` : quoted(name);
  if (found.seen.length === 0)
    return { seen: { so: false, says: `there is no container ${which}` } };
  const seen: Sight[] = [];
  for (const container of found.seen) {
    const one = await look(container, engine);
    if ("reason" in one) return one;
    seen.push(one.seen);
  }
  const [first] = seen;
  const alike = seen.every((one) => JSON.stringify(key(one)) === JSON.stringify(key(first)));
  if (first !== undefined && alike) return { seen: first };
  return {
    reason: "AMBIGUOUS",
    why: `${seen.length} containers are ${which}: ${[...new Set(seen.map((one) => one.says))].join("; ")}`,
  };
}

function key(sight: Sight | undefined): unknown {
  return sight !== undefined && "so" in sight ? sight.so : sight?.open;
}

/** Whether it runs: `undefined` what settles nothing yet. */
function running({ status }: ContainerState): Sight {
  const says = `it is ${quoted(status)}`;
  if (status === "running") return { so: true, says };
  if (ENDED.includes(status)) return { so: false, says };
  // Its processes are there and stand still: `docker ps` lists it, and it answers nobody.
  return { open: status === "paused" ? "AMBIGUOUS" : "FLAKY", says };
}

/** `ctr.running`: it runs, and was made of that image where one is claimed. */
export async function runningLook(
  container: ContainerState,
  engine: ContainerEngine,
  image: string | undefined,
): Promise<Look> {
  const state = running(container);
  if (image === undefined || !("so" in state) || !state.so) return { seen: state };
  const says = `${state.says}, made of ${quoted(container.image)}`;
  const wanted = wholeReference(image);
  if (wholeReference(container.image) === wanted) return { seen: { so: true, says } };
  const names = await engine.imageNames(container);
  if ("reason" in names) return { reason: names.reason, why: `${says}; ${names.why}` };
  return { seen: { so: names.seen.map(wholeReference).includes(wanted), says } };
}

/** `ctr.healthy`: the check of a running container. */
export async function healthyLook(container: ContainerState): Promise<Look> {
  const state = running(container);
  if (!("so" in state) || !state.so) return { seen: state };
  const { health } = container;
  if (health === undefined)
    return { seen: { open: "NO_WITNESS", says: `${state.says} and has no health check` } };
  const says = `its health check says ${quoted(health)}`;
  return {
    seen:
      health === "healthy" || health === "unhealthy"
        ? { so: health === "healthy", says }
        : { open: "FLAKY", says },
  };
}

/** `ctr.user`: the user of its configuration, held against the one that its first process has. */
export async function userLook(
  container: ContainerState,
  engine: ContainerEngine,
  wanted: string,
): Promise<Look> {
  const state = running(container);
  if (!("so" in state) || !state.so)
    return { seen: { open: "NO_WITNESS", says: `${state.says}: nothing runs as anybody` } };
  const told = await engine.processUser(container);
  const uid = "seen" in told ? told.seen : undefined;
  const runs = uid === undefined ? "" : `, its first process as ${uid}`;
  const says = `it is configured to run as ${plainUser(container.user)}${runs}`;
  const so = isUser(container.user, wanted, uid === undefined ? undefined : Number(uid));
  return { seen: so === undefined ? { open: "AMBIGUOUS", says } : { so, says } };
}

/** Undefined where a name meets a number, or a program may have changed its user since. */
function isUser(configured: string, claimed: string, uid: number | undefined): boolean | undefined {
  const same = sameUser(configured, claimed);
  const [config, wanted] = [plainUser(configured), plainUser(claimed)];
  // Entry points start as root and give that up: without their process nobody knows.
  if (uid === undefined) return same === false && config === "root" ? undefined : same;
  if (uid >= MAPPED) return same === true ? true : undefined;
  if (wanted === "root") return uid === 0 ? true : same === true ? undefined : false;
  if (/^\d+$/.test(wanted))
    return Number(wanted) === uid ? true : same === true ? undefined : false;
  if (uid === 0) return same === true ? undefined : false;
  return config === "root" ? undefined : same;
}
