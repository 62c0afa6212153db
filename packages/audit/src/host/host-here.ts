/**
 * The machine that the auditor runs on: /proc on Linux, addresses on loopback or of hosts that the policy
 * names, nothing else. On other systems it says that it cannot look.
 */
import { lookup, Resolver } from "node:dns/promises";
import { access, readFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { hostname } from "node:os";
import { connect } from "node:tls";
import type { HostView, Seen } from "../reach.ts";
import { listenersOf, processesOf } from "./linux-processes.ts";

const HTTP_TIME = 3_000;
const DNS_TIME = 1_000;
const MOST_BODY = 1024 * 1024;

/** Looks at this machine; `hosts` are those that the policy lets a claim have it ask, as `host` or `host:port`. */
export function hostHere(hosts: readonly string[]): HostView {
  return {
    name: hostname(),
    processes: () => processesOf(),
    listeners: () => listenersOf(),
    fetch: (url) => fetchOnce(url, hosts),
    resolve: (name, type) => resolveName(name, type, hosts),
    certificate: (host, port) => certificateOf(host, port, hosts),
    unit: unitState,
  };
}

/** Loopback by address or by its one name: a name that merely resolves to loopback is none. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, "").toLowerCase();
  return bare === "localhost" || bare === "::1" || /^127(?:\.\d{1,3}){3}$/.test(bare);
}

function refused<T>(host: string, port: number, hosts: readonly string[]): Seen<T> | undefined {
  if (isLoopback(host)) return undefined;
  const bare = host.toLowerCase();
  if (hosts.some((one) => [bare, `${bare}:${port}`].includes(one.toLowerCase()))) return undefined;
  return {
    reason: "NOT_ALLOWED",
    why: `${host} is neither loopback nor in the policy's audit.hosts`,
  };
}

function fetchOnce(
  text: string,
  hosts: readonly string[],
): Promise<Seen<{ readonly status: number; readonly body: Buffer }>> {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return Promise.resolve({ reason: "UNSUPPORTED", why: "no address" });
  }
  const secure = url.protocol === "https:";
  if ((!secure && url.protocol !== "http:") || url.username !== "" || url.password !== "")
    return Promise.resolve({
      reason: "UNSUPPORTED",
      why: "http and https without a user are asked",
    });
  const port = Number(url.port || (secure ? 443 : 80));
  const no = refused<{ status: number; body: Buffer }>(url.hostname, port, hosts);
  if (no !== undefined) return Promise.resolve(no);
  return new Promise((done) => {
    const ask = secure ? httpsRequest : httpRequest;
    // A redirection is an answer: where it leads is not asked.
    const asked = ask(
      url,
      {
        method: "GET",
        agent: false,
        headers: { "user-agent": "wingman-audit", connection: "close" },
        signal: AbortSignal.timeout(HTTP_TIME),
        ...(secure ? { rejectUnauthorized: false } : {}),
      },
      (answer) => {
        const pieces: Buffer[] = [];
        let size = 0;
        const end = (): void =>
          done({ seen: { status: answer.statusCode ?? 0, body: Buffer.concat(pieces) } });
        answer.on("data", (piece: Buffer) => {
          size += piece.length;
          if (size <= MOST_BODY) pieces.push(piece);
          else answer.destroy();
        });
        answer.once("end", end);
        answer.once("close", end);
        answer.once("error", end);
      },
    );
    asked.once("error", (error: NodeJS.ErrnoException) =>
      done(
        error.name === "AbortError" || error.name === "TimeoutError"
          ? { reason: "TIMEOUT", why: `no answer within ${HTTP_TIME} ms` }
          : { reason: "UNREACHABLE", why: `no answer: ${error.code ?? error.name}` },
      ),
    );
    asked.end();
  });
}

async function resolveName(
  name: string,
  type: string,
  hosts: readonly string[],
): Promise<Seen<readonly string[]>> {
  const no = refused<readonly string[]>(name, 53, hosts);
  if (no !== undefined) return no;
  if (isLoopback(name) && (type === "A" || type === "AAAA")) {
    const all = await lookup(name, { all: true, family: type === "A" ? 4 : 6 }).catch(() => []);
    return { seen: all.map((one) => one.address) };
  }
  const resolver = new Resolver({ timeout: DNS_TIME, tries: 2 });
  try {
    return { seen: (await resolver.resolve(name, type as "A")).map(recordText) };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (code === "ENODATA" || code === "ENOTFOUND") return { seen: [] };
    return { reason: "UNREACHABLE", why: `the resolver does not tell: ${code}` };
  }
}

function recordText(record: unknown): string {
  if (typeof record === "string") return record;
  if (Array.isArray(record)) return record.join("");
  const { priority, exchange } = record as { priority?: number; exchange?: string };
  return `${priority ?? ""} ${exchange ?? ""}`.trim();
}

function certificateOf(
  host: string,
  port: number,
  hosts: readonly string[],
): Promise<Seen<{ readonly sha256: string; readonly notAfter: string }>> {
  const no = refused<{ sha256: string; notAfter: string }>(host, port, hosts);
  if (no !== undefined) return Promise.resolve(no);
  return new Promise((done) => {
    const bare = host.replace(/^\[|\]$/g, "");
    const isName = !/^[\d.]+$|:/.test(bare);
    const socket = connect(
      { host: bare, port, rejectUnauthorized: false, ...(isName ? { servername: bare } : {}) },
      () => {
        const shown = socket.getPeerCertificate();
        socket.destroy();
        const sha256 = (shown.fingerprint256 ?? "").replaceAll(":", "").toLowerCase();
        const until = Date.parse(shown.valid_to ?? "");
        done(
          sha256 === "" || Number.isNaN(until)
            ? { reason: "UNREACHABLE", why: "no certificate is shown" }
            : { seen: { sha256, notAfter: new Date(until).toISOString() } },
        );
      },
    );
    socket.setTimeout(HTTP_TIME, () => {
      socket.destroy();
      done({ reason: "TIMEOUT", why: `no answer within ${HTTP_TIME} ms` });
    });
    socket.once("error", (error: NodeJS.ErrnoException) =>
      done({ reason: "UNREACHABLE", why: `no answer: ${error.code ?? error.name}` }),
    );
  });
}

/**
 * A unit by its control group: with processes in it, it is active. Without, it may have done its work and
 * still be active (RemainAfterExit), which only systemd could tell.
 */
async function unitState(name: string): Promise<Seen<{ active: string; sub: string }>> {
  if (!/^[\w:.@\\-]{1,255}$/.test(name) || name.includes(".."))
    return { reason: "UNSUPPORTED", why: "no unit's name" };
  try {
    await access("/run/systemd/system");
  } catch {
    return { reason: "TOOL_MISSING", why: "systemd does not run here" };
  }
  const unit = name.includes(".") ? name : `${name}.service`;
  for (const root of ["/sys/fs/cgroup/system.slice", "/sys/fs/cgroup/systemd/system.slice"]) {
    const inside = await readFile(`${root}/${unit}/cgroup.procs`, "latin1").catch(() => "");
    if (inside.trim() !== "") return { seen: { active: "active", sub: "running" } };
  }
  return {
    reason: "NO_WITNESS",
    why: "no process of this unit runs; whether it did its work and is active, only systemd knows",
  };
}
