/**
 * What claims about a host speak of, made by the corpus itself and ended with it: a port that listens, one
 * that does not, an address, a process. And secrets, put together at run time.
 */
import { spawn } from "node:child_process";
import { symlinkSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createSocket } from "node:net";
import { join } from "node:path";

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
  const token = ["gh", "p_", letters(36)].join("");
  const known = { port, closedPort: closed, process: name, token };
  return {
    expand: (text) => {
      const whole = /^\{(port|closedPort)\}$/.exec(text);
      if (whole !== null) return known[whole[1]];
      return text.replace(/\{(port|closedPort|process|token)\}/g, (_, key) => String(known[key]));
    },
    stop: () => {
      child.kill("SIGKILL");
      server.close();
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
