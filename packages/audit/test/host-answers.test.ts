/** Names, certificates and web answers: against servers of this test's own, honest and not. Side by side: most of it is waiting. */
import { createServer as createWeb, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createSocket, type Server } from "node:net";
import { createServer as createTls } from "node:tls";
import { gzipSync } from "node:zlib";
import { builtInPolicy, treeOf } from "@wingman/model";
import { dnsDouble, makeCertificate } from "@wingman/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hostHere, judgeAgainst } from "../src/index.ts";

const closing: (() => void)[] = [];
afterAll(() => {
  for (const close of closing.reverse()) close();
});
const policy = { ...builtInPolicy, audit: { ...builtInPolicy.audit, attempts: 1 } };

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  closing.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

type Setting = Partial<Parameters<typeof hostHere>[0]>;

async function now(type: string, args: object, setting: Setting = {}): Promise<string> {
  const reach = { host: hostHere({ hosts: [], ...setting }) };
  const said = await judgeAgainst(treeOf({}), { type, args: { ...args } }, { policy, reach });
  return said.reason ?? said.answer;
}

describe.concurrent("names, from a name server", () => {
  const hosts = ["shop.test", "gone.test", "broken.test", "slow.test"];
  let resolvers: string[] = [];
  beforeAll(async () => {
    const double = await dnsDouble({
      "shop.test": {
        A: ["192.0.2.7", "192.0.2.8"],
        AAAA: ["2001:0db8:0000:0000:0000:0000:0000:0001"],
        MX: ["10 mail.shop.test"],
        TXT: ["Token=AbC"],
        NS: [],
      },
      "broken.test": "servfail",
      "slow.test": "silent",
    });
    closing.push(() => double.close());
    resolvers = [double.address];
  });
  const says = async (name: string, record: string, ...values: string[]): Promise<string> =>
    await now("dns.resolves", { name, record, values }, { hosts, resolvers });

  test("what it answers", async () => {
    expect(await says("shop.test", "A", "192.0.2.7")).toBe("TRUE");
    expect(await says("SHOP.test.", "A", "192.0.2.8", "192.0.2.7")).toBe("TRUE");
    expect(await says("shop.test", "A", "192.0.2.9")).toBe("FALSE");
    expect(await says("shop.test", "AAAA", "2001:DB8:0::1")).toBe("TRUE");
    expect(await says("shop.test", "MX", "10 MAIL.shop.test.")).toBe("TRUE");
    expect(await says("shop.test", "TXT", "Token=AbC")).toBe("TRUE");
    // Names know no case, texts do.
    expect(await says("shop.test", "TXT", "token=abc")).toBe("FALSE");
    expect(await says("shop.test", "A", "shop.example")).toBe("UNSUPPORTED");
    expect(await says("shop.test", "NS", "ns.test")).toBe("FALSE");
  });

  test("no such name is an answer; failing and silence are none", async () => {
    expect(await says("gone.test", "A", "192.0.2.7")).toBe("FALSE");
    expect(await says("broken.test", "A", "192.0.2.7")).toBe("UNREACHABLE");
    expect(await says("slow.test", "A", "192.0.2.7")).toBe("TIMEOUT");
    expect(await says("elsewhere.test", "A", "192.0.2.7")).toBe("NOT_ALLOWED");
    const odd = { hosts, resolvers: ["no address"] };
    const args = { name: "shop.test", values: ["192.0.2.7"] };
    expect(await now("dns.resolves", args, odd)).toBe("UNSUPPORTED");
  }, 15_000);
});

describe.concurrent("certificates", () => {
  const serve = async (names: string[], from: string, until: string): Promise<number> =>
    await portOf(createTls(makeCertificate({ names, from, until }), (one) => one.end()));
  const shows = async (port: number, args: object): Promise<string> =>
    await now("tls.cert", { host: "localhost", port, ...args });

  test("how long it holds, and for whom", async () => {
    const good = await serve(["localhost", "127.0.0.1"], "2020-01-01", "2040-01-01");
    expect(await shows(good, { validUntil: "2030-01-01" })).toBe("TRUE");
    expect(await shows(good, { host: "127.0.0.1", validUntil: "2030-01-01" })).toBe("TRUE");
    expect(await shows(good, { validUntil: "2041-01-01" })).toBe("FALSE");
    expect(await shows(good, { sha256: "0".repeat(64) })).toBe("FALSE");
    expect(await shows(good, { name: "localhost" })).toBe("TRUE");
    expect(await shows(good, { name: "shop.example" })).toBe("FALSE");
    expect(await shows(good, {})).toBe("VACUOUS");
    expect(await shows(good, { validUntil: "soon" })).toBe("UNSUPPORTED");
    const expired = await serve(["localhost"], "2020-01-01", "2021-01-01");
    expect(await shows(expired, { validUntil: "2030-01-01" })).toBe("FALSE");
    const early = await serve(["localhost"], "2098-01-01", "2099-01-01");
    expect(await shows(early, { validUntil: "2030-01-01" })).toBe("FALSE");
    // Whoever asks by this name is not served by it.
    const other = await serve(["shop.example"], "2020-01-01", "2040-01-01");
    expect(await shows(other, { validUntil: "2030-01-01" })).toBe("AMBIGUOUS");
    expect(await shows(other, { validUntil: "2030-01-01", name: "shop.example" })).toBe("TRUE");
  });

  test("who speaks no TLS, and who never ends to", async () => {
    const plain = await portOf(createSocket((one) => one.end("220 mail\r\n")));
    expect(await shows(plain, { name: "localhost" })).toBe("UNREACHABLE");
    expect(await shows(1, { name: "localhost" })).toBe("UNREACHABLE");
    expect(await now("tls.cert", { host: "127.999.0.1", name: "x" })).toBe("NOT_ALLOWED");
  });
});

describe.concurrent("web answers", () => {
  let url = "";
  const answers: Record<string, (response: ServerResponse) => void> = {
    "/": (one) => one.end('{"n":3,"ok":true,"list":[1],"a/b":null}'),
    "/moved": (one) => one.writeHead(301, { location: "/" }).end(),
    "/moved-away": (one) => one.writeHead(302, { location: "http://192.0.2.1/" }).end(),
    "/moved-gone": (one) => one.writeHead(302, { location: "/gone" }).end(),
    "/circle": (one) => one.writeHead(302, { location: "/circle" }).end(),
    "/gone": (one) => one.writeHead(404).end("gone"),
    "/gzip": (one) => one.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("ready")),
    "/bomb": (one) =>
      one.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(Buffer.alloc(1 << 24))),
    "/odd": (one) => one.writeHead(200, { "content-encoding": "zstd" }).end("ready"),
    "/latin": (one) =>
      one
        .writeHead(200, { "content-type": "text/plain; charset=iso-8859-1" })
        .end(Buffer.from("caf\xe9", "latin1")),
    "/half": (one) => {
      one.writeHead(200, { "content-length": "100" });
      one.write("ready", () => one.destroy());
    },
    "/huge": (one) => {
      one.write("ready");
      const piece = Buffer.alloc(1 << 20, "x");
      const more = (): void => {
        while (!one.destroyed && one.write(piece));
      };
      one.on("drain", more);
      more();
    },
    "/drip": (one) => {
      one.write("ready");
      const timer = setInterval(() => one.write("."), 100);
      one.on("close", () => clearInterval(timer));
    },
  };
  beforeAll(async () => {
    const web = createWeb((request, response) => answers[request.url ?? ""]?.(response));
    url = `http://127.0.0.1:${await portOf(web)}`;
    closing.push(() => web.closeAllConnections());
  });
  const asks = async (path: string, args: object = {}): Promise<string> =>
    await now("http.responds", { url: `${url}${path}`, status: 200, ...args });

  test("a redirection: the answer, or where it leads", async () => {
    expect(await asks("/moved", { status: 301 })).toBe("TRUE");
    expect(await asks("/moved")).toBe("AMBIGUOUS");
    expect(await asks("/moved-gone")).toBe("FALSE");
    expect(await asks("/moved-gone", { status: 404 })).toBe("AMBIGUOUS");
    expect(await asks("/moved-away")).toBe("AMBIGUOUS");
    expect(await asks("/circle")).not.toBe("TRUE");
  });

  test("what was not read of a body contradicts nothing", async () => {
    for (const path of ["/half", "/huge", "/gzip", "/odd", "/bomb"])
      expect(await asks(path), path).toBe("TRUE");
    for (const path of ["/half", "/huge", "/gzip"])
      expect(await asks(path, { contains: "ready" }), path).toBe("TRUE");
    const other = { contains: "something else" };
    expect(await asks("/half", other)).toBe("UNREACHABLE");
    expect(await asks("/huge", other)).toBe("BUDGET");
    expect(await asks("/bomb", other)).toBe("BUDGET");
    expect(await asks("/odd", other)).toBe("UNSUPPORTED");
    expect(await asks("/gzip", other)).toBe("FALSE");
    expect(await asks("/latin", { contains: "caf\u00e9" })).toBe("TRUE");
    expect(await asks("/half", { pointer: "/a" })).toBe("UNREACHABLE");
  });

  test("slowly, in an old manner, and nonsense", async () => {
    expect(await asks("/drip", { contains: "ready" })).toBe("TRUE");
    const raw = async (text: string, args: object = {}): Promise<string> => {
      const port = await portOf(createSocket((one) => one.end(text)));
      return await now("http.responds", { url: `http://127.0.0.1:${port}/`, status: 200, ...args });
    };
    expect(await raw("HTTP/1.0 200 OK\r\n\r\nold", { contains: "old" })).toBe("TRUE");
    expect(await raw("HTTP/1.0 200 OK\r\n\r\nold", { contains: "new" })).toBe("FALSE");
    expect(await raw("SSH-2.0-server\r\n")).toBe("UNREACHABLE");
    expect(await raw("")).toBe("UNREACHABLE");
  }, 10_000);

  test("values at pointers, whether from a file or from a command line", async () => {
    expect(await asks("/", { pointer: "/n", value: 3 })).toBe("TRUE");
    expect(await asks("/", { pointer: "/n", value: "3.0" })).toBe("TRUE");
    expect(await asks("/", { pointer: "/ok", value: "true" })).toBe("TRUE");
    expect(await asks("/", { pointer: "/a~1b", value: null })).toBe("TRUE");
    expect(await asks("/", { pointer: "/n", value: 4 })).toBe("FALSE");
    expect(await asks("/", { pointer: "/constructor" })).toBe("FALSE");
    expect(await asks("/", { value: 3 })).toBe("VACUOUS");
    expect(await asks("/", { contains: "" })).toBe("VACUOUS");
  });
});
