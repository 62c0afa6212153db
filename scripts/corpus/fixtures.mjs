/**
 * What claims about a host speak of, made by the corpus itself and ended with it: a port that listens, one
 * that does not, an address, a process, a name server, certificates, a container engine. And secrets, put
 * together at run time.
 */
import { spawn } from "node:child_process";
import { symlinkSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createSocket } from "node:net";
import { join } from "node:path";
import { createServer as createTls } from "node:tls";
import { doubles } from "./doubles.mjs";

const NAMES = {
  "shop.test": { A: ["192.0.2.7", "192.0.2.8"], MX: ["10 mail.shop.test"], TXT: ["Token=AbC"] },
  "broken.test": "servfail",
  "slow.test": "silent",
};

const id = (digit) => digit.repeat(64);
const CONTAINERS = {
  shop: {
    id: id("a"),
    status: "running",
    user: "node",
    uid: "1000",
    health: "healthy",
    image: "shop:1.2.0",
    labels: { service: "web" },
  },
  "shop-db": { id: id("b"), status: "running", user: "", uid: "999", health: "unhealthy" },
  "shop-root": { id: id("c"), status: "running", user: "", uid: "0", health: "starting" },
  ended: { id: id("d"), status: "exited", health: "healthy" },
  stuck: { id: id("e"), status: "restarting" },
  frozen: { id: id("f"), status: "paused" },
};

/** `expand` fills `{port}` and its like in; `stop` ends what was started. */
export async function fixtures(folder) {
  const asked = new Set();
  const server = createServer((request, response) => {
    // Fails once under each name: what is flaky, without a die.
    const fails = request.url.startsWith("/flips/") && !asked.has(request.url);
    asked.add(request.url);
    response.statusCode = fails ? 500 : request.url === "/missing" ? 404 : 200;
    response.end('{"ok":true,"version":"1.2.0"}');
  });
  const port = await listening(server);
  const other = createSocket();
  const closed = await listening(other);
  await new Promise((done) => other.close(done));
  const name = `corpus-w${process.pid}`;
  // The kernel calls a process by the name under which it was started.
  symlinkSync(process.execPath, join(folder, name));
  const idle = "setTimeout(() => {}, 600_000)";
  const child = spawn(join(folder, name), ["-e", idle], { stdio: "ignore" });
  server.unref();
  child.unref();
  const { dnsDouble, engineDouble, makeCertificate } = await doubles(folder);
  const names = await dnsDouble(NAMES);
  const socket = join(folder, "engine.sock");
  const engine = await engineDouble(socket, {
    containers: CONTAINERS,
    images: { [id("1")]: ["shop:1.2.0", "shop:latest"] },
  });
  const tls = async (about) => {
    const made = createTls(makeCertificate({ from: "2020-01-01", ...about }), (one) => one.end());
    made.unref();
    return await listening(made);
  };
  const [tlsPort, expiredPort, otherPort] = [
    await tls({ names: ["localhost"], until: "2090-01-01" }),
    await tls({ names: ["localhost"], until: "2021-01-01" }),
    await tls({ names: ["shop.example"], until: "2090-01-01" }),
  ];
  const token = ["gh", "p_", letters(36)].join("");
  const known = {
    port,
    closedPort: closed,
    process: name,
    token,
    dns: names.address,
    tlsPort,
    expiredPort,
    otherPort,
  };
  return {
    expand: (text) => {
      const whole = /^\{(\w*[pP]ort)\}$/.exec(text);
      if (whole !== null) return known[whole[1]];
      return text.replace(/\{(\w*[pP]ort|process|token|dns)\}/g, (_, key) => String(known[key]));
    },
    /** The auditor's environment names the engine, as an operator's does. */
    env: { DOCKER_HOST: `unix://${socket}` },
    stop: () => {
      child.kill("SIGKILL");
      server.close();
      names.close();
      engine.close();
    },
  };
}

async function listening(server) {
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return server.address().port;
}

/** No pattern in them: a repeated letter is what a scanner takes for a placeholder. */
function letters(count) {
  const all = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
  return Array.from({ length: count }, () => all[Math.floor(Math.random() * all.length)]).join("");
}
