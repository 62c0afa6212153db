/**
 * A unit as systemd tells it (`systemctl show`): the system's, else this user's own. It says nothing where
 * systemd does not rule this machine (a container that merely sees another's), and nothing of other users'.
 */
import { access, readdir, readFile } from "node:fs/promises";
import type { AskSystemctl, Seen, UnitState } from "../reach.ts";

/** systemd.unit(5). Any other ending is part of a service's name: `my.app` is `my.app.service`. */
const ENDING = /\.(?:service|socket|device|mount|automount|swap|target|path|timer|slice|scope)$/;

/** Where a machine shows what rules it; others in tests only. */
export interface InitPlaces {
  /** There only while systemd runs: sd_booted(3). */
  readonly booted: string;
  /** The kernel's name of the first process. */
  readonly first: string;
  /** Control groups of users, one folder each. */
  readonly users: readonly string[];
}

const PLACES: InitPlaces = {
  booted: "/run/systemd/system",
  first: "/proc/1/comm",
  users: ["/sys/fs/cgroup/user.slice", "/sys/fs/cgroup/systemd/user.slice"],
};

/** The state of a unit, or why nobody here can tell. */
export async function unitState(
  name: string,
  ask: AskSystemctl | undefined,
  places: InitPlaces = PLACES,
): Promise<Seen<UnitState>> {
  const unit = ENDING.test(name) ? name : `${name}.service`;
  if (!/^[\w:.@\\-]{1,255}$/.test(unit) || unit.includes("..") || /^[.-]/.test(unit))
    return { reason: "UNSUPPORTED", why: "no unit's name" };
  if (unit.includes("@."))
    return { reason: "UNSUPPORTED", why: "a template runs as its instances only: name one" };
  const absent = await whyNoSystemd(places);
  if (ask === undefined || absent !== undefined)
    return { reason: "TOOL_MISSING", why: absent ?? "systemctl is not asked here" };
  const system = await shown(ask, "system", unit);
  if ("reason" in system || system.seen.load !== "not-found") return system;
  const own = await shown(ask, "user", unit);
  if ("seen" in own && own.seen.load !== "not-found") return own;
  const others = await othersRule(places, "seen" in own);
  return others
    ? {
        reason: "NO_WITNESS",
        why: "the system's systemd knows no such unit, and those of users are not asked",
      }
    : system;
}

/** In a container another machine's systemd may show: then the first process here is not it. */
async function whyNoSystemd({ booted, first }: InitPlaces): Promise<string | undefined> {
  if (!(await there(booted))) return "systemd does not run here";
  const name = (await readFile(first, "utf8").catch(() => "systemd")).trim();
  return name === "systemd" ? undefined : `${name} rules this machine, not systemd`;
}

/** Whether a systemd of a user runs that was not asked: all but the auditor's own, and that if it was silent. */
async function othersRule({ users }: InitPlaces, ownAsked: boolean): Promise<boolean> {
  let ruling = 0;
  for (const place of users)
    for (const slice of await readdir(place).catch(() => [])) {
      const uid = /^user-(\d+)\.slice$/.exec(slice)?.[1];
      if (uid !== undefined && (await there(`${place}/${slice}/user@${uid}.service`))) ruling += 1;
    }
  return ruling > (ownAsked ? 1 : 0);
}

async function shown(
  ask: AskSystemctl,
  manager: "system" | "user",
  unit: string,
): Promise<Seen<UnitState>> {
  const answer = await ask(manager, unit);
  if ("reason" in answer) return answer;
  const { code, stdout, stderr } = answer.seen;
  const value = (key: string): string =>
    new RegExp(`^${key}=(.*)$`, "m").exec(stdout)?.[1]?.trim() ?? "";
  const [load, active, sub] = [value("LoadState"), value("ActiveState"), value("SubState")];
  if (code === 0 && load !== "" && active !== "") return { seen: { load, active, sub, manager } };
  const why = stderr.trim().split("\n")[0] ?? "";
  if (/not been booted with systemd/i.test(why))
    return { reason: "TOOL_MISSING", why: "systemd does not run here" };
  if (/denied|not permitted|authentication/i.test(why)) return { reason: "PERMISSION", why };
  return { reason: "UNREACHABLE", why: `systemctl does not tell (exit ${code}): ${why}` };
}

async function there(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
