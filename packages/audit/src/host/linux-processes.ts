/**
 * Processes and listeners of a Linux host out of /proc, without any tool. What /proc hides (hidepid, another
 * user's descriptors) is said, never taken for absence.
 */
import { readdir, readFile, readlink } from "node:fs/promises";
import type { HostProcess, Listener, Seen } from "../reach.ts";

const MOST_PROCESSES = 100_000;

/** Every process but the auditor's own and those that it was started by. */
export async function processesOf(proc = "/proc"): Promise<Seen<readonly HostProcess[]>> {
  const names = await readdir(proc).catch(() => undefined);
  if (names === undefined || !names.includes("self"))
    return { reason: "TOOL_MISSING", why: "this system has no /proc" };
  const hides = await hidesProcesses(proc);
  if (hides) return { reason: "PERMISSION", why: "/proc hides the processes of others (hidepid)" };
  const pids = names.filter((name) => /^[1-9]\d{0,9}$/.test(name)).slice(0, MOST_PROCESSES);
  const users = await userNames();
  const all = new Map<number, { process: HostProcess; parent: number }>();
  for (const pid of pids) {
    const one = await processAt(proc, Number(pid), users);
    if (one !== undefined) all.set(Number(pid), one);
  }
  const own = new Set<number>();
  let at = Number(await readlink(`${proc}/self`).catch(() => "0"));
  for (; at > 0 && !own.has(at); at = all.get(at)?.parent ?? 0) own.add(at);
  return { seen: [...all.values()].map((one) => one.process).filter((one) => !own.has(one.pid)) };
}

/** Sockets in LISTEN (udp: bound ones) of this network namespace, with their owners where they show. */
export async function listenersOf(proc = "/proc"): Promise<Seen<readonly Listener[]>> {
  const found: (Listener & { readonly inode: string })[] = [];
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
  const owners = found.length === 0 ? new Map() : await ownersOf(proc);
  return {
    seen: found.map(({ inode, ...listener }) => {
      const owner = owners.get(inode);
      return owner === undefined ? listener : { ...listener, owner };
    }),
  };
}

/** `  0: 0100007F:1F90 00000000:0000 0A …`: address and port in hex, 0A is LISTEN, 07 is a bound UDP. */
export function socketOf(
  line: string,
  proto: "tcp" | "udp",
): (Listener & { readonly inode: string }) | undefined {
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
  const mapped =
    bytes.slice(0, 10).every((one) => one === 0) && bytes[10] === 255 && bytes[11] === 255;
  if (mapped) return bytes.slice(12).join(".");
  const groups: string[] = [];
  for (let at = 0; at < 16; at += 2)
    groups.push((((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)).toString(16));
  const text = groups.join(":");
  const zeros = /(?:^|:)0(?::0)+(?=:|$)/.exec(text);
  if (zeros === null) return text;
  return `${text.slice(0, zeros.index)}::${text.slice(zeros.index + zeros[0].length + 1)}`;
}

async function ownersOf(proc: string): Promise<Map<string, HostProcess>> {
  const owners = new Map<string, HostProcess>();
  const users = await userNames();
  for (const pid of await readdir(proc).catch(() => [])) {
    if (!/^[1-9]\d{0,9}$/.test(pid)) continue;
    // Another user's are not readable: such a socket simply shows no owner.
    for (const descriptor of await readdir(`${proc}/${pid}/fd`).catch(() => [])) {
      const target = await readlink(`${proc}/${pid}/fd/${descriptor}`).catch(() => "");
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
      if (inode === undefined || owners.has(inode)) continue;
      const one = await processAt(proc, Number(pid), users);
      if (one !== undefined) owners.set(inode, one.process);
    }
  }
  return owners;
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
  // A zombie has ended; its parent has not asked yet.
  if (rest[0] === "Z" || rest[0] === "X") return undefined;
  const argv = line.toString("utf8").split("\0").slice(0, -1);
  const uid = /^Uid:\s+(\d+)/m.exec(status?.toString("utf8") ?? "")?.[1];
  const user = uid === undefined ? undefined : (users.get(uid) ?? uid);
  return {
    parent: Number(rest[1]),
    process: {
      pid,
      start: rest[19] ?? "",
      name: text.slice(from + 1, to),
      argv,
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
  const mounts = await readFile(`${proc}/mounts`, "utf8").catch(() => "");
  const own = mounts.split("\n").find((line) => line.split(" ")[1] === "/proc");
  return /\bhidepid=(?:[124]|noaccess|invisible|ptraceable)\b/.test(own ?? "");
}
