/**
 * Processes and listeners of a Linux host out of /proc, without any tool. What /proc hides (hidepid, another
 * user's descriptors) is said, never taken for absence.
 */
import { readdir, readFile, readlink } from "node:fs/promises";
import { userInfo } from "node:os";
import type { HostProcess, Listener, Seen } from "../reach.ts";
import { plainAddress } from "./plain-address.ts";

const MOST_PROCESSES = 100_000;

/** Every process but the auditor's own and those that it was started by. */
export async function processesOf(proc = "/proc"): Promise<Seen<readonly HostProcess[]>> {
  const names = await readdir(proc).catch(() => undefined);
  if (names === undefined || !names.includes("self"))
    return { reason: "TOOL_MISSING", why: "this system has no /proc" };
  const hides = await hidesProcesses(proc);
  if (hides) return { reason: "PERMISSION", why: "/proc hides the processes of others (hidepid)" };
  const pids = names.filter((name) => /^[1-9]\d{0,9}$/.test(name));
  // With some of them left out, nobody could say that one is not there.
  if (pids.length > MOST_PROCESSES)
    return { reason: "BUDGET", why: `more than ${MOST_PROCESSES} processes run here` };
  const users = await userNames();
  const all = new Map<number, { process: HostProcess; parent: number }>();
  for (const pid of pids) {
    const one = await processAt(proc, Number(pid), users);
    if (one !== undefined) all.set(Number(pid), one);
  }
  const own = new Set<number>();
  const here = await namespaceOf(proc, "self");
  let at = Number(await readlink(`${proc}/self`).catch(() => "0"));
  for (; at > 0 && !own.has(at); at = all.get(at)?.parent ?? 0) own.add(at);
  const others = [...all.values()].map((one) => one.process).filter((one) => !own.has(one.pid));
  return {
    seen: await Promise.all(
      others.map(async (one) => {
        // Another user's cannot be read; the kernel tells how deep it is, and none of ours is deeper.
        const there = await namespaceOf(proc, String(one.pid));
        const deeper = there === undefined ? one.elsewhere === true : there !== here;
        return { ...one, elsewhere: here !== undefined && deeper };
      }),
    ),
  };
}

async function namespaceOf(proc: string, pid: string): Promise<string | undefined> {
  return await readlink(`${proc}/${pid}/ns/pid`).catch(() => undefined);
}

/** A row of /proc/net. */
type Row = Pick<Listener, "proto" | "address" | "port"> & { readonly inode: string };

/** Sockets in LISTEN (udp: bound ones) of this network namespace, with their owners where they show. */
export async function listenersOf(proc = "/proc"): Promise<Seen<readonly Listener[]>> {
  const found: Row[] = [];
  for (const [file, proto] of [
    ["tcp", "tcp"],
    ["tcp6", "tcp"],
    ["udp", "udp"],
    ["udp6", "udp"],
  ] as const) {
    const text = await readFile(`${proc}/net/${file}`, "latin1").catch(() => undefined);
    if (text === undefined && file === "tcp")
      return { reason: "TOOL_MISSING", why: "this system has no /proc/net/tcp" };
    for (const line of (text ?? "").split("\n").slice(1)) {
      const row = socketOf(line, proto);
      if (row !== undefined) found.push(row);
    }
  }
  const { owners, closed } = await ownersOf(proc, new Set(found.map((one) => one.inode)));
  return {
    seen: found.map(({ inode, ...listener }) => ({
      ...listener,
      owners: owners.get(inode) ?? [],
      perhaps: closed,
    })),
  };
}

/** `  0: 0100007F:1F90 00000000:0000 0A …`: address and port in hex, 0A is LISTEN, 07 is a bound UDP. */
export function socketOf(line: string, proto: "tcp" | "udp"): Row | undefined {
  const fields = line.trim().split(/\s+/);
  const local = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/.exec(fields[1] ?? "");
  if (local === null || fields[3] !== (proto === "tcp" ? "0A" : "07")) return undefined;
  const port = Number.parseInt(local[2] ?? "", 16);
  if (port === 0) return undefined;
  return { proto, address: addressOf(local[1] ?? ""), port, inode: fields[9] ?? "" };
}

/** The kernel prints each 32-bit word in the machine's order: little-endian on all that node runs on. */
function addressOf(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words
    .flatMap((word) => (word.match(/../g) ?? []).reverse())
    .map((two) => Number.parseInt(two, 16));
  if (bytes.length === 4) return bytes.join(".");
  const groups: string[] = [];
  for (let at = 0; at < 16; at += 2)
    groups.push((((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)).toString(16));
  return plainAddress(groups.join(":"));
}

/** Who holds these sockets (a server and its workers share one), and whose descriptors do not show. */
async function ownersOf(proc: string, wanted: ReadonlySet<string>) {
  const owners = new Map<string, HostProcess[]>();
  const closed: HostProcess[] = [];
  if (wanted.size === 0) return { owners, closed };
  const users = await userNames();
  for (const pid of await readdir(proc).catch(() => [])) {
    if (!/^[1-9]\d{0,9}$/.test(pid)) continue;
    const held = await socketsOf(`${proc}/${pid}/fd`);
    const some = held === undefined || [...held].some((inode) => wanted.has(inode));
    const one = some ? (await processAt(proc, Number(pid), users))?.process : undefined;
    if (one === undefined) continue;
    if (held === undefined) closed.push(one);
    for (const inode of held ?? [])
      if (wanted.has(inode)) owners.set(inode, [...(owners.get(inode) ?? []), one]);
  }
  return { owners, closed };
}

/** Inodes of the sockets that a process holds; undefined where another user's do not show. */
async function socketsOf(folder: string): Promise<ReadonlySet<string> | undefined> {
  const held = new Set<string>();
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) =>
    error.code === "EACCES" || error.code === "EPERM" ? undefined : [],
  );
  for (const name of names ?? []) {
    const target = await readlink(`${folder}/${name}`).catch(() => "");
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
    if (inode !== undefined) held.add(inode);
  }
  return names === undefined ? undefined : held;
}

async function processAt(
  proc: string,
  pid: number,
  users: ReadonlyMap<string, string>,
): Promise<{ process: HostProcess; parent: number } | undefined> {
  const [stat, line, status] = await Promise.all(
    ["stat", "cmdline", "status"].map((file) =>
      readFile(`${proc}/${pid}/${file}`).catch(() => undefined),
    ),
  );
  if (stat === undefined || line === undefined) return undefined;
  // `pid (comm) S ppid …`: comm may hold spaces and brackets, so the last bracket ends it.
  const text = stat.toString("utf8");
  const [from, to] = [text.indexOf("("), text.lastIndexOf(")")];
  const rest = text.slice(to + 2).split(" ");
  // A zombie has ended; its parent has not asked yet. With threads left, only its first one has.
  if (rest[0] === "X" || (rest[0] === "Z" && Number(rest[17]) < 2)) return undefined;
  const program = await readlink(`${proc}/${pid}/exe`).catch(() => undefined);
  const told = status?.toString("utf8") ?? "";
  // Real, effective, saved: what it may do is the second's.
  const uid = /^Uid:\s+\d+\s+(\d+)/m.exec(told)?.[1];
  const user = uid === undefined ? undefined : users.get(uid);
  return {
    parent: Number(rest[1]),
    process: {
      pid,
      start: rest[19] ?? "",
      name: text.slice(from + 1, to),
      argv: line.toString("utf8").split("\0").slice(0, -1),
      ...(program === undefined ? {} : { program: program.replace(/ \(deleted\)$/, "") }),
      ...(/^NSpid:\s+\d+\s+\d/m.test(told) ? { elsewhere: true } : {}),
      ...(uid === undefined ? {} : { uid }),
      ...(user === undefined ? {} : { user }),
    },
  };
}

async function userNames(): Promise<ReadonlyMap<string, string>> {
  const text = await readFile("/etc/passwd", "utf8").catch(() => "");
  return new Map(
    text.split("\n").map((line) => {
      const [name = "", , uid = ""] = line.split(":");
      return [uid, name] as const;
    }),
  );
}

async function hidesProcesses(proc: string): Promise<boolean> {
  if (userInfo().uid === 0) return false;
  const mounts = await readFile(`${proc}/mounts`, "utf8").catch(() => "");
  // The last one mounted there is the one that is seen.
  const own = mounts.split("\n").findLast((line) => line.split(" ")[1] === "/proc");
  return /\bhidepid=(?:[124]|noaccess|invisible|ptraceable)\b/.test(own ?? "");
}
