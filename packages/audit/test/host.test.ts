/** Hosts: this machine's own processes, ports and answers, and claims that come too late for them. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { builtInPolicy, treeOf } from "@wingman/model";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { socketOf } from "../src/host/linux-processes.ts";
import { containerEngine, hostHere, judgeAgainst, judgeClaim, stageOf } from "../src/index.ts";
import { runOf } from "./run-literal.ts";

const linux = process.platform === "linux";
const policy = { ...builtInPolicy, audit: { ...builtInPolicy.audit, attempts: 1 } };
const reach = {
  host: hostHere({ hosts: [] }),
  engine: containerEngine({ sockets: ["/nowhere/engine.sock"], hosts: [], judged: [] }),
};

const server = createServer((request, answer) => {
  if (request.url === "/moved") answer.writeHead(302, { location: "http://192.0.2.1/" });
  else if (request.url === "/hang") return;
  else answer.writeHead(request.url === "/" ? 200 : 404);
  answer.end('{"state":"ok"}');
});
let port = 0;
beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function now(type: string, args: Record<string, unknown>): Promise<string> {
  const said = await judgeAgainst(treeOf({}), { type, args }, { policy, reach });
  return said.reason ?? said.answer;
}

describe.runIf(linux)("asked now", () => {
  test("ports", async () => {
    expect(await now("port.listening", { port })).toBe("TRUE");
    expect(await now("port.listening", { port, address: "127.0.0.1", process: "node" })).toBe(
      "TRUE",
    );
    // On loopback alone it answers on no other address.
    expect(await now("port.listening", { port, address: "192.0.2.1" })).toBe("FALSE");
    expect(await now("port.listening", { port, proto: "udp" })).toBe("FALSE");
    expect(await now("port.closed", { port })).toBe("FALSE");
    expect(await now("port.closed", { port: 1 })).toBe("TRUE");
    expect(await now("port.listening", { port: 70_000 })).toBe("UNSUPPORTED");
  });

  test("processes, and none of the auditor's own", async () => {
    const child = spawn("sleep", ["30.123"]);
    await once(child, "spawn");
    const sleeps = { name: "sleep", argv: "30.123" };
    expect(await now("proc.running", sleeps)).toBe("TRUE");
    expect(await now("proc.stopped", sleeps)).toBe("FALSE");
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(await now("proc.running", sleeps)).toBe("FALSE");
    expect(await now("proc.running", { name: " " })).toBe("VACUOUS");
  });

  test("addresses: on loopback only, no redirection followed", async () => {
    const url = `http://127.0.0.1:${port}`;
    expect(await now("http.responds", { url: `${url}/`, status: 200 })).toBe("TRUE");
    expect(await now("http.responds", { url: `${url}/x`, status: 200 })).toBe("FALSE");
    expect(
      await now("http.responds", { url: `${url}/`, status: 200, pointer: "/state", value: "ok" }),
    ).toBe("TRUE");
    expect(await now("http.responds", { url: `${url}/`, status: 200, contains: "nothing" })).toBe(
      "FALSE",
    );
    expect(await now("http.responds", { url: `${url}/moved`, status: 302 })).toBe("TRUE");
    expect(await now("http.responds", { url: "http://127.0.0.1:1/", status: 200 })).toBe(
      "UNREACHABLE",
    );
    expect(await now("http.responds", { url: `${url}/hang`, status: 200 })).toBe("TIMEOUT");
    for (const other of [
      "http://192.0.2.1/",
      "http://127.0.0.1.example/",
      "http://[::ffff:192.0.2.1]/",
    ])
      expect(await now("http.responds", { url: other, status: 200 }), other).toBe("NOT_ALLOWED");
    for (const odd of ["file:///etc/passwd", "http://user@127.0.0.1/", "no address"])
      expect(await now("http.responds", { url: odd, status: 200 }), odd).toBe("UNSUPPORTED");
  }, 15_000);

  test("names, certificates, units, containers", async () => {
    expect(
      await now("dns.resolves", { name: "localhost", record: "A", values: ["127.0.0.1"] }),
    ).toBe("TRUE");
    expect(
      await now("dns.resolves", { name: "localhost", record: "A", values: ["192.0.2.1"] }),
    ).toBe("FALSE");
    expect(
      await now("dns.resolves", { name: "example.com", record: "A", values: ["1.2.3.4"] }),
    ).toBe("NOT_ALLOWED");
    expect(await now("tls.cert", { host: "localhost", port, sha256: "0".repeat(64) })).toBe(
      "UNREACHABLE",
    );
    expect(await now("svc.active", { unit: "../../x" })).toBe("UNSUPPORTED");
    expect(await now("ctr.running", { name: "shop" })).toBe("TOOL_MISSING");
    expect(await now("ctr.running", { name: "../images" })).toBe("UNSUPPORTED");
  });
});

test("a recorded claim: within its window what is seen is TRUE, what is gone accuses nobody", async () => {
  const stage = stageOf(await runOf({}), { policy, reach });
  const said = async (args: object, at: string, type = "port.listening"): Promise<string> => {
    const claimed = { at, now: "2026-11-22T09:05:00.000Z" };
    const { observation } = await judgeClaim(stage, { type, args: { ...args } }, { claimed });
    return observation.reason ?? observation.answer;
  };
  const fresh = "2026-11-22T09:00:01.000Z";
  expect(await said({ port }, fresh)).toBe(linux ? "TRUE" : "TOOL_MISSING");
  expect(await said({ port: 1 }, fresh)).toBe(linux ? "NO_WITNESS" : "TOOL_MISSING");
  expect(await said({ port }, fresh, "port.closed")).toBe(linux ? "NO_WITNESS" : "TOOL_MISSING");
  expect(await said({ port }, "2026-11-22T08:00:00.000Z")).toBe("OUT_OF_WINDOW");
  expect(await said({ port }, "2027-01-01T00:00:00.000Z")).toBe("OUT_OF_WINDOW");
});

test("rows of /proc/net", () => {
  const rest = "00000000:00000000 00:00000000 00000000     0        0 4711 1";
  const row = (local: string, state = "0A") =>
    socketOf(`   0: ${local} 00000000:0000 ${state} ${rest}`, "tcp");
  expect(row("0100007F:1F90")).toMatchObject({ address: "127.0.0.1", port: 8080, inode: "4711" });
  expect(row("00000000000000000000000000000000:0050")).toMatchObject({ address: "::", port: 80 });
  expect(row("00000000000000000000000001000000:0050")).toMatchObject({ address: "::1" });
  expect(row("0000000000000000FFFF00000100007F:0050")).toMatchObject({ address: "127.0.0.1" });
  expect(row("B80D0120000000000000000001000000:0050")).toMatchObject({ address: "2001:db8::1" });
  expect(row("0100007F:1F90", "01")).toBeUndefined();
  expect(row("nonsense")).toBeUndefined();
});
