/** Processes and ports as values: what a name proves, whose a socket is, and where doubt begins. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { builtInPolicy, treeOf } from "@wingman/model";
import { expect, test } from "vitest";
import { listenersOf, processesOf } from "../src/host/linux-processes.ts";
import { naming } from "../src/host/process-name.ts";
import { hostHere, judgeAgainst } from "../src/index.ts";
import type { HostProcess, HostView, Listener } from "../src/reach.ts";

const policy = { ...builtInPolicy, audit: { ...builtInPolicy.audit, attempts: 1 } };
const process_ = (argv: string, more: Partial<HostProcess> = {}): HostProcess => {
  const words = argv.split(" ");
  const name = (words[0] ?? "").replace(/^.*\//, "").slice(0, 15);
  return { pid: 100, start: "1", name, argv: words, ...more };
};

test.each([
  ["nginx", process_("nginx"), "is"],
  ["nginx", process_("/usr/sbin/nginx -g"), "is"],
  // Its own title, as nginx and postgres write it.
  [
    "nginx",
    process_("nginx:", { argv: ["nginx: master process /usr/sbin/nginx"], name: "nginx" }),
    "is",
  ],
  ["nginx", process_("grep nginx"), "not"],
  ["nginx", process_("vim nginx.conf"), "not"],
  ["nginx", process_("vim /etc/nginx/nginx"), "not"],
  ["nginx", process_("sh -c nginx"), "not"],
  ["nginx", process_("tail", { argv: ["tail", "-f", "/var/log/nginx"] }), "not"],
  // `exec -a nginx sleep 1000`
  ["nginx", process_("nginx 1000", { name: "sleep", program: "/usr/bin/sleep" }), "may"],
  ["nginx", process_("x", { argv: ["x: /usr/sbin/nginx"], name: "x" }), "may"],
  ["server.mjs", process_("node /srv/server.mjs --port 1"), "is"],
  ["server", process_("node server.mjs"), "may"],
  ["server.mjs", process_("node --inspect server.mjs"), "may"],
  ["app.jar", process_("java -jar app.jar"), "is"],
  ["app", process_("/usr/bin/python3.11 -m app"), "is"],
  ["node", process_("node server.mjs"), "is"],
  ["python3", process_("/usr/bin/python3 a.py", { program: "/usr/bin/python3.11" }), "is"],
  ["/usr/bin/python3", process_("/usr/bin/python3 a.py", { program: "/usr/bin/python3.11" }), "is"],
  ["a-very-long-name-one", process_("/opt/a-very-long-name-one"), "is"],
  ["a-very-long-name-two", process_("/opt/a-very-long-name-one"), "not"],
  ["a-very-long-name-two", process_("x", { name: "a-very-long-nam", argv: ["retitled"] }), "may"],
] as const)("%s", (name, process, said) => {
  expect(naming(process, name), process.argv.join(" ")).toBe(said);
});

const view = (more: Partial<HostView>): HostView => ({
  ...hostHere({ hosts: [] }),
  name: "here",
  addresses: () => ["127.0.0.1", "::1", "192.0.2.7"],
  connects: async () => false,
  ...more,
});

async function answer(host: HostView, type: string, args: object): Promise<string> {
  const claim = { type, args: { ...args } };
  const said = await judgeAgainst(treeOf({}), claim, { policy, reach: { host } });
  return said.reason ?? said.answer;
}

test("a process below, of somebody, or that only shows the name", async () => {
  const asks = async (all: readonly HostProcess[], args: object): Promise<string[]> => {
    const host = view({ processes: async () => ({ seen: all }) });
    const both = ["proc.running", "proc.stopped"];
    return await Promise.all(both.map((type) => answer(host, type, { name: "nginx", ...args })));
  };
  const nginx = process_("nginx", { uid: "33", user: "www-data" });
  expect(await asks([nginx], {})).toEqual(["TRUE", "FALSE"]);
  expect(await asks([process_("grep nginx")], {})).toEqual(["FALSE", "TRUE"]);
  const doubt = ["AMBIGUOUS", "AMBIGUOUS"];
  expect(await asks([{ ...nginx, elsewhere: true }], {})).toEqual(doubt);
  expect(await asks([{ ...nginx, elsewhere: true }, nginx], {})).toEqual(["TRUE", "FALSE"]);
  expect(await asks([process_("nginx 9", { name: "sleep" })], {})).toEqual(doubt);
  expect(await asks([nginx], { user: "www-data" })).toEqual(["TRUE", "FALSE"]);
  expect(await asks([nginx], { user: "33" })).toEqual(["TRUE", "FALSE"]);
  expect(await asks([nginx], { user: "root" })).toEqual(["FALSE", "TRUE"]);
  // A directory's user has no name in this machine's own list.
  expect(await asks([process_("nginx", { uid: "70001" })], { user: "alice" })).toEqual(doubt);
  expect(await asks([nginx], { argv: "-g" })).toEqual(["FALSE", "TRUE"]);
});

const row = (address: string, more: Partial<Listener> = {}): Listener => ({
  proto: "tcp",
  address,
  port: 80,
  owners: [],
  perhaps: [],
  ...more,
});

async function port(
  rows: readonly Listener[],
  args: object,
  more: Partial<HostView> = {},
): Promise<string> {
  const host = view({ listeners: async () => ({ seen: rows }), ...more });
  return await answer(host, "port.listening", { port: 80, ...args });
}

test("addresses: loopback, all of them, one family", async () => {
  expect(await port([row("::1")], { address: "localhost" })).toBe("TRUE");
  expect(await port([row("127.0.0.1")], { address: "localhost" })).toBe("TRUE");
  expect(await port([row("192.0.2.7")], { address: "localhost" })).toBe("FALSE");
  expect(await port([row("127.0.0.1")], { address: "0.0.0.0" })).toBe("FALSE");
  expect(await port([row("127.0.0.1")], { address: "192.0.2.7" })).toBe("FALSE");
  expect(await port([row("0.0.0.0")], { address: "192.0.2.7" })).toBe("TRUE");
  expect(await port([row("0.0.0.0")], { address: "::1" })).toBe("FALSE");
  expect(await port([row("2001:db8::1")], { address: "[2001:DB8:0:0::1]" })).toBe("TRUE");
  // No address of this machine.
  expect(await port([row("0.0.0.0")], { address: "198.51.100.1" })).toBe("AMBIGUOUS");
  expect(await port([row("0.0.0.0")], { address: "shop.example" })).toBe("UNSUPPORTED");
  // For IPv6 alone or for both: only a connection tells.
  const takes = { connects: async () => true };
  expect(await port([row("::")], { address: "127.0.0.1" })).toBe("FALSE");
  expect(await port([row("::")], { address: "127.0.0.1" }, takes)).toBe("TRUE");
  expect(await port([row("::")], { address: "0.0.0.0" }, takes)).toBe("TRUE");
  const udp = row("::", { proto: "udp" });
  expect(await port([udp], { address: "127.0.0.1", proto: "udp" })).toBe("AMBIGUOUS");
});

test("no row, and yet something answers: a container's port that is handed on", async () => {
  const takes = { connects: async () => true };
  expect(await port([], {}, takes)).toBe("NO_WITNESS");
  expect(await port([], {})).toBe("FALSE");
  const host = view({ listeners: async () => ({ seen: [] }), ...takes });
  expect(await answer(host, "port.closed", { port: 80 })).toBe("NO_WITNESS");
  expect(await answer({ ...host, connects: async () => false }, "port.closed", { port: 80 })).toBe(
    "TRUE",
  );
});

test("whose socket: shared ones, hidden ones, those of systemd", async () => {
  const [nginx, node] = [process_("nginx"), process_("node a.mjs")];
  const owned = async (owners: HostProcess[], perhaps: HostProcess[] = []): Promise<string> =>
    await port([row("0.0.0.0", { owners, perhaps })], { process: "nginx" });
  expect(await owned([nginx])).toBe("TRUE");
  expect(await owned([node, nginx])).toBe("TRUE");
  expect(await owned([node])).toBe("FALSE");
  expect(await owned([node], [process_("cron")])).toBe("FALSE");
  expect(await owned([node], [nginx])).toBe("PERMISSION");
  expect(await owned([], [process_("cron")])).toBe("PERMISSION");
  expect(await owned([process_("systemd", { pid: 1 })])).toBe("AMBIGUOUS");
  expect(await owned([{ ...nginx, elsewhere: true }])).toBe("AMBIGUOUS");
  expect(await owned([process_("/usr/bin/docker-proxy")])).toBe("AMBIGUOUS");
  // SO_REUSEPORT: two sockets of two owners.
  const both = [row("0.0.0.0", { owners: [node] }), row("0.0.0.0", { owners: [nginx] })];
  expect(await port(both, { process: "nginx" })).toBe("TRUE");
});

test.runIf(process.platform === "linux")(
  "rows of /proc: what ended, what is deeper, what changed",
  async () => {
    const proc = mkdtempSync(join(tmpdir(), "proc-"));
    const write = (
      pid: number,
      state: string,
      more: { threads?: number; status?: string } = {},
    ) => {
      const folder = join(proc, String(pid));
      mkdirSync(join(folder, "fd"), { recursive: true });
      const fields = [state, 1, ...Array(15).fill(0), more.threads ?? 1, 0, 900 + pid];
      writeFileSync(join(folder, "stat"), `${pid} (a) b) ${fields.join(" ")}`);
      writeFileSync(join(folder, "cmdline"), "a\0b\0");
      writeFileSync(join(folder, "status"), `Uid:\t1\t4242\t1\t1\n${more.status ?? ""}`);
    };
    try {
      write(10, "S");
      write(11, "Z");
      write(12, "Z", { threads: 3 });
      write(13, "S", { status: "NSpid:\t13\t1\n" });
      symlinkSync("10", join(proc, "self"));
      mkdirSync(join(proc, "10/ns"));
      symlinkSync("pid:[1]", join(proc, "10/ns/pid"));
      symlinkSync("/opt/a (deleted)", join(proc, "12/exe"));
      const seen = await processesOf(proc);
      expect(seen).toMatchObject({
        seen: [
          { pid: 12, name: "a) b", start: "912", uid: "4242", program: "/opt/a", elsewhere: false },
          { pid: 13, elsewhere: true },
        ],
      });
      expect((seen as { seen: unknown[] }).seen).toHaveLength(2);
      mkdirSync(join(proc, "net"));
      const rest = "00000000:00000000 00:00000000 00000000     0        0 4711 1";
      const line = `   0: 0100007F:1F90 00000000:0000 0A ${rest}`;
      writeFileSync(join(proc, "net/tcp"), `head\n${line}\n`);
      for (const pid of [12, 13]) symlinkSync("socket:[4711]", join(proc, `${pid}/fd/3`));
      expect(await listenersOf(proc)).toMatchObject({
        seen: [{ address: "127.0.0.1", port: 8080, owners: [{ pid: 12 }, { pid: 13 }] }],
      });
    } finally {
      rmSync(proc, { recursive: true, force: true });
    }
  },
);
