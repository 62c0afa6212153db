/**
 * Processes, ports, HTTP, DNS, TLS and services: what the auditor's own machine shows at the moment of
 * looking. A recorded claim speaks of the moment that it was made: a server that was stopped since, or that
 * ran on another machine, contradicts nothing. So only what is asked for now (`verify`) is ever FALSE.
 */
import type { Observation } from "@wingman/model";
import { parseDuration } from "@wingman/model";
import type { ArgumentKinds, Arguments } from "../arguments.ts";
import type { ClaimType } from "../claim-type.ts";
import { contradicts, holds, quoted, unverifiable } from "../observation.ts";
import type { HostProcess, HostView, Listener, Seen } from "../reach.ts";
import type { Scene } from "../scene.ts";

const PROCESS = {
  name: { kind: "text", required: true },
  argv: { kind: "text" },
  user: { kind: "text" },
} as const;
const PORT = {
  port: { kind: "count", required: true },
  proto: { kind: ["tcp", "udp"] },
  address: { kind: "text" },
} as const;
const UNIT = { unit: { kind: "text", required: true } } as const;

/** What a look gives: whether the claim holds, and what was seen. */
type Look = Seen<{ readonly so: boolean; readonly says: string }>;

export const hostTypes: readonly ClaimType[] = [
  row(
    "proc.running",
    "a process of this name runs on the host",
    { name: "node" },
    PROCESS,
    (args, host) => processLook(args, host, true),
  ),
  row(
    "proc.stopped",
    "no process of this name runs on the host",
    { name: "node" },
    PROCESS,
    (args, host) => processLook(args, host, false),
  ),
  row(
    "port.listening",
    "something listens on this port of the host",
    { port: 8080 },
    { ...PORT, process: { kind: "text" } },
    (args, host) => portLook(args, host, true),
  ),
  row(
    "port.closed",
    "nothing listens on this port of the host",
    { port: 8080 },
    PORT,
    (args, host) => portLook(args, host, false),
  ),
  row(
    "http.responds",
    "this address answers with this status",
    { url: "http://127.0.0.1:8080/", status: 200 },
    {
      url: { kind: "text", required: true },
      status: { kind: "count", required: true },
      contains: { kind: "text" },
      pointer: { kind: "pointer" },
      value: { kind: "value" },
    },
    httpLook,
  ),
  row(
    "dns.resolves",
    "this name resolves to these values",
    { name: "localhost", record: "A", values: ["127.0.0.1"] },
    {
      name: { kind: "text", required: true },
      record: { kind: ["A", "AAAA", "CNAME", "MX", "TXT", "NS"] },
      values: { kind: "texts", required: true },
    },
    dnsLook,
  ),
  row(
    "tls.cert",
    "this host shows this certificate, or one that holds so long",
    { host: "localhost", port: 8443, validUntil: "2027-01-01" },
    {
      host: { kind: "text", required: true },
      port: { kind: "count" },
      sha256: { kind: "sha256" },
      validUntil: { kind: "text" },
    },
    tlsLook,
  ),
  row(
    "svc.active",
    "this service of the host is active",
    { unit: "nginx.service" },
    UNIT,
    (args, host) => unitLook(args, host, true),
  ),
  row(
    "svc.inactive",
    "this service of the host is not active",
    { unit: "nginx.service" },
    UNIT,
    (args, host) => unitLook(args, host, false),
  ),
];

function row(
  type: string,
  title: string,
  args: ClaimType["example"]["args"],
  kinds: ArgumentKinds,
  look: (args: Arguments, host: HostView) => Promise<Look>,
): ClaimType {
  return {
    type,
    title,
    example: { type, args },
    args: kinds,
    needs: "host",
    witness: type === "http.responds" ? "api" : "os",
    forgeable: false,
    judge: async (asked, scene) => await judgeHost(asked, scene, { title, look }),
  };
}

async function judgeHost(
  args: Arguments,
  scene: Scene,
  row: { readonly title: string; look(args: Arguments, host: HostView): Promise<Look> },
): Promise<Observation> {
  const { host } = scene.stage.reach;
  const expected = row.title;
  if (host === undefined)
    return unverifiable("NOT_KNOWN_HERE", expected, "no host is looked at here");
  const late = outOfWindow(scene);
  if (late !== undefined) return unverifiable("OUT_OF_WINDOW", expected, late);
  let last: { readonly so: boolean; readonly says: string } | undefined;
  for (let attempt = 0; attempt < Math.max(1, scene.stage.policy.audit.attempts); attempt += 1) {
    // What is just starting or ending shows itself a moment later.
    if (attempt > 0) await pause(attempt === 1 ? 250 : 1_000);
    const look = await row.look(args, host);
    if ("reason" in look) return unverifiable(look.reason, expected, look.why);
    if (look.seen.so)
      return last === undefined
        ? holds(expected, `${look.seen.says} (seen on ${host.name})`)
        : unverifiable(
            "FLAKY",
            expected,
            `attempts disagree: ${last.says}; then ${look.seen.says}`,
          );
    last = look.seen;
    if (scene.run !== undefined) break;
  }
  const says = last?.says ?? "";
  if (scene.run === undefined) return contradicts(expected, `${says} (seen on ${host.name})`);
  return unverifiable(
    "NO_WITNESS",
    expected,
    `${says} on ${host.name} by now; what was so when it was claimed, or elsewhere, nobody can look at again`,
  );
}

/** Why a claim is too old to be looked at, or undefined. */
function outOfWindow({ claimed, stage }: Scene): string | undefined {
  if (claimed === undefined) return undefined;
  const window = parseDuration(stage.policy.audit.window) ?? 0;
  const age = Date.parse(claimed.now) - Date.parse(claimed.at);
  // A clock that runs ahead says nothing of when it was.
  if (!Number.isFinite(age) || age < -window) return "nobody can tell when it was claimed";
  return age > window
    ? `claimed at ${claimed.at}; a host is looked at within ${stage.policy.audit.window} of that`
    : undefined;
}

async function processLook(args: Arguments, host: HostView, runs: boolean): Promise<Look> {
  const seen = await host.processes();
  if ("reason" in seen) return seen;
  const name = args.text("name") ?? "";
  if (name.trim() === "") return { reason: "VACUOUS", why: "no process is named" };
  const found = seen.seen.filter((one) => isNamed(one, name) && fits(one, args));
  const first = found[0];
  const says =
    first === undefined
      ? `no process ${quoted(name)} among ${seen.seen.length}`
      : `process ${first.pid} (${quoted(first.name)}), started at tick ${first.start}`;
  return { seen: { so: runs === (first !== undefined), says } };
}

/** By the kernel's name (15 bytes of it) or by the program's file. */
function isNamed({ name, argv }: HostProcess, wanted: string): boolean {
  const program = (argv[0] ?? "").replace(/^.*\//, "").replace(/:$/, "");
  return (
    name === wanted || program === wanted || argv[0] === wanted || name === wanted.slice(0, 15)
  );
}

function fits(one: HostProcess, args: Arguments): boolean {
  const [argv, user] = [args.text("argv"), args.text("user")];
  if (argv !== undefined && !one.argv.join(" ").includes(argv)) return false;
  return user === undefined || one.user === user;
}

async function portLook(args: Arguments, host: HostView, listens: boolean): Promise<Look> {
  const port = Number(args.number("port")?.text ?? "0");
  if (port < 1 || port > 65_535) return { reason: "UNSUPPORTED", why: "ports go from 1 to 65535" };
  const seen = await host.listeners();
  if ("reason" in seen) return seen;
  const proto = args.text("proto") ?? "tcp";
  const there = seen.seen.filter((one) => one.port === port && one.proto === proto);
  const address = args.text("address");
  const found = there.filter((one) => address === undefined || reaches(one, address));
  const wanted = listens ? args.text("process") : undefined;
  const owned =
    wanted === undefined ? found : found.filter((one) => one.owner && isNamed(one.owner, wanted));
  if (wanted !== undefined && owned.length === 0 && found.some((one) => one.owner === undefined))
    return { reason: "PERMISSION", why: "somebody listens, and whose socket it is does not show" };
  const first = owned[0] ?? found[0] ?? there[0];
  const whose =
    first?.owner === undefined ? "" : ` by ${quoted(first.owner.name)} (${first.owner.pid})`;
  const says =
    first === undefined
      ? `nothing listens on ${proto} port ${port}`
      : `${proto} ${first.address}:${first.port} is listened on${whose}`;
  return { seen: { so: listens === owned.length > 0, says } };
}

/** A socket on all addresses answers on each; one on loopback answers there only. */
function reaches({ address }: Listener, wanted: string): boolean {
  const bare = wanted === "localhost" ? "127.0.0.1" : wanted.replace(/^\[|\]$/g, "");
  return address === bare || address === "::" || (address === "0.0.0.0" && !bare.includes(":"));
}

async function httpLook(args: Arguments, host: HostView): Promise<Look> {
  const seen = await host.fetch(args.text("url") ?? "");
  if ("reason" in seen) return seen;
  const { status, body } = seen.seen;
  const text = body.toString("utf8");
  const contains = args.text("contains");
  const pointer = args.text("pointer");
  const wrong: string[] = [];
  if (String(status) !== args.number("status")?.text) wrong.push(`status ${status}`);
  if (contains !== undefined && !text.includes(contains))
    wrong.push(`no ${quoted(contains)} in it`);
  if (pointer !== undefined) {
    const value = valueAt(text, pointer);
    const wanted = args.value("value");
    if (value === undefined) wrong.push(`nothing at ${quoted(pointer)}`);
    else if (args.has("value") && value !== wanted)
      wrong.push(`${quoted(JSON.stringify(value) ?? "")} at ${quoted(pointer)}`);
  }
  const so = wrong.length === 0;
  return {
    seen: { so, says: so ? `it answers with ${status}` : `it answers with ${wrong.join(", ")}` },
  };
}

function valueAt(text: string, pointer: string): unknown {
  try {
    let at: unknown = JSON.parse(text);
    for (const part of pointer.split("/").slice(1)) {
      const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
      if (typeof at !== "object" || at === null || !Object.hasOwn(at, key)) return undefined;
      at = (at as Record<string, unknown>)[key];
    }
    return at;
  } catch {
    return undefined;
  }
}

async function dnsLook(args: Arguments, host: HostView): Promise<Look> {
  const wanted = [...(args.texts("values") ?? [])].map(plainName).sort();
  if (wanted.length === 0) return { reason: "VACUOUS", why: "no value is named" };
  const seen = await host.resolve(args.text("name") ?? "", args.text("record") ?? "A");
  if ("reason" in seen) return seen;
  const found = [...new Set(seen.seen.map(plainName))].sort();
  const so = wanted.every((one) => found.includes(one));
  return { seen: { so, says: `it resolves to ${found.map(quoted).join(", ") || "nothing"}` } };
}

function plainName(value: string): string {
  return value.toLowerCase().replace(/\.$/, "");
}

async function tlsLook(args: Arguments, host: HostView): Promise<Look> {
  const [sha256, until] = [args.text("sha256"), args.text("validUntil")];
  const wanted = until === undefined ? undefined : Date.parse(until);
  if (sha256 === undefined && wanted === undefined)
    return { reason: "VACUOUS", why: "neither sha256 nor validUntil is named" };
  if (wanted !== undefined && Number.isNaN(wanted))
    return { reason: "UNSUPPORTED", why: "validUntil is a date, as 2027-01-01" };
  const seen = await host.certificate(
    args.text("host") ?? "",
    Number(args.number("port")?.text ?? 443),
  );
  if ("reason" in seen) return seen;
  const { notAfter } = seen.seen;
  const so =
    (sha256 === undefined || sha256 === seen.seen.sha256) &&
    (wanted === undefined || Date.parse(notAfter) >= wanted);
  return {
    seen: { so, says: `it shows ${seen.seen.sha256.slice(0, 16)}…, valid until ${notAfter}` },
  };
}

async function unitLook(args: Arguments, host: HostView, active: boolean): Promise<Look> {
  const seen = await host.unit(args.text("unit") ?? "");
  if ("reason" in seen) return seen;
  return {
    seen: { so: active === (seen.seen.active === "active"), says: `it is ${seen.seen.active}` },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
