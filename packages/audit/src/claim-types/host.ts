/**
 * Processes, ports, HTTP, DNS, TLS and services: what the auditor's own machine shows at the moment of
 * looking. How each is looked at stands in host/; what a look may say of a recorded claim in seen-now.ts.
 */
import type { ArgumentKinds, Arguments } from "../arguments.ts";
import type { ClaimType } from "../claim-type.ts";
import { dnsLook } from "../host/dns-look.ts";
import { httpLook } from "../host/http-look.ts";
import { portLook } from "../host/port-look.ts";
import { processLook } from "../host/process-look.ts";
import { judgeNow, type Look } from "../host/seen-now.ts";
import { tlsLook } from "../host/tls-look.ts";
import { unitLook } from "../host/unit-look.ts";
import { unverifiable } from "../observation.ts";
import type { HostView } from "../reach.ts";

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
      name: { kind: "text" },
    },
    tlsLook,
  ),
  row(
    "svc.active",
    "this service of the host is active",
    { unit: "nginx.service" },
    UNIT,
    (args, host) => unitLook(args.text("unit") ?? "", host, true),
  ),
  row(
    "svc.inactive",
    "this service of the host is not active",
    { unit: "nginx.service" },
    UNIT,
    (args, host) => unitLook(args.text("unit") ?? "", host, false),
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
    judge: async (asked, scene) => {
      const { host } = scene.stage.reach;
      return host === undefined
        ? unverifiable("NOT_KNOWN_HERE", title, "no host is looked at here")
        : await judgeNow(scene, title, ` (seen on ${host.name})`, () => look(asked, host));
    },
  };
}
