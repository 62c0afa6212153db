/**
 * Processes, ports, HTTP, DNS, TLS and services: what the auditor's own machine shows at the moment of
 * looking. Nothing here can be looked at again later, and another host is never answered for.
 */
import type { ArgumentKinds } from "../arguments.ts";
import type { ClaimType } from "../claim-type.ts";
import { unbuilt } from "./unbuilt.ts";

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

export const hostTypes: readonly ClaimType[] = [
  row("proc.running", "a process of this name runs on the host", { name: "node" }, PROCESS),
  row("proc.stopped", "no process of this name runs on the host", { name: "node" }, PROCESS),
  row(
    "port.listening",
    "something listens on this port of the host",
    { port: 8080 },
    {
      ...PORT,
      process: { kind: "text" },
    },
  ),
  row("port.closed", "nothing listens on this port of the host", { port: 8080 }, PORT),
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
  ),
  row(
    "svc.active",
    "this service of the host is active",
    { unit: "nginx.service" },
    {
      unit: { kind: "text", required: true },
    },
  ),
  row(
    "svc.inactive",
    "this service of the host is not active",
    { unit: "nginx.service" },
    {
      unit: { kind: "text", required: true },
    },
  ),
];

function row(
  type: string,
  title: string,
  args: ClaimType["example"]["args"],
  kinds: ArgumentKinds,
): ClaimType {
  const witness = type === "http.responds" ? "api" : "os";
  return unbuilt({ type, title, example: { type, args }, args: kinds, needs: "host", witness });
}
