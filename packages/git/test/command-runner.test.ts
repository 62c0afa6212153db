/** Hostile commands through the real runner: floods, forks, daemons, links, keys beside it. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FileLiteral } from "@wingman/model";
import { treeOf } from "@wingman/model";
import { afterAll, expect, test } from "vitest";
import { enclosureHere } from "../src/command-enclosure.ts";
import { commandRunner, commandsAtOnce } from "../src/command-runner.ts";

const outside = mkdtempSync(join(tmpdir(), "wingman-outside-"));
const key = join(outside, "auditor.key");
writeFileSync(key, "the key");
afterAll(() => rmSync(outside, { recursive: true, force: true }));

const { env } = process;
const enclosed = enclosureHere(env).kind === "namespaces";

async function ran(
  script: string,
  files: Record<string, FileLiteral> = {},
  more: {
    timeout?: string;
    keyInReach?: boolean;
    network?: boolean;
    home?: string;
    folder?: string;
  } = {},
) {
  const { home = env["HOME"] ?? "", folder = "shop" } = more;
  const { keyInReach = false, timeout = "20s", network = false } = more;
  const runner = commandRunner({
    env: {
      ...env,
      HOME: home,
      PATH: `${home}/bin:${env["PATH"]}`,
      GITHUB_TOKEN: ["not", "for", "you"].join("-"),
    },
    commands: { c: { run: ["sh", "-c", script], timeout, network } },
    hidden: [outside],
    keyInReach,
    folder,
    endGroup: (leader) => {
      try {
        process.kill(-leader, "SIGKILL");
      } catch {
        // Gone.
      }
    },
  });
  const end = await runner.run("c", { tree: treeOf(files) });
  if ("reason" in end) return { reason: end.reason, why: end.why, exit: undefined, out: "" };
  const { exit, stdout, lacks, enclosure } = end.seen;
  return { reason: undefined, exit, out: stdout.bytes.toString("utf8"), lacks, enclosure };
}

test("a clean copy: files, modes and links inside; nothing of the caller's", async () => {
  const { out, exit, lacks } = await ran(
    "ls -A; ./run; cat link; readlink out; env | cut -d= -f1 | sort",
    {
      run: { mode: "100755", content: "#!/bin/sh\necho ran\n" },
      "dir/a": "content\n",
      link: { mode: "120000", content: "dir/a" },
      out: { mode: "120000", content: "../../../etc/passwd" },
      ".gitattributes": "* filter=evil export-ignore\n",
    },
  );
  expect(exit).toBe(0);
  expect(out.split("\n")).toEqual(
    [".gitattributes dir link run ran content HOME LANG PATH PWD TMPDIR", ""].flatMap((one) =>
      one.split(" "),
    ),
  );
  expect(lacks).toEqual(["the link out, which leads outside"]);
});

test("exits are exits; 126, 127, signals and time-outs are reasons", async () => {
  expect((await ran("exit 3")).exit).toBe(3);
  expect((await ran("no-such-tool-here")).reason).toBe("TOOL_MISSING");
  expect((await ran("kill -9 $$")).reason).toBe("TOOL_MISSING");
  expect((await ran("sleep 60", {}, { timeout: "300ms" })).reason).toBe("TIMEOUT");
});

test("a name that leaves the copy is refused, whatever a tree says", async () => {
  for (const path of ["../x", "a/../../x", ".git/config", "a//b"])
    expect((await ran("true", { [path]: "x" })).reason, path).toBe("BUDGET");
});

test("a flood of output is ended, not held", async () => {
  expect((await ran("yes flood")).reason).toBe("BUDGET");
});

test.runIf(enclosed)(
  "daemons and forks end with the command",
  async () => {
    const { exit } = await ran("setsid sleep 300 & (setsid sleep 301 &); echo ok");
    expect(exit).toBe(0);
    const bomb = await ran("f() { f | f & }; f; sleep 1; echo done", {}, { timeout: "3s" });
    expect(["TIMEOUT", undefined, "TOOL_MISSING"]).toContain(bomb.reason);
    const alive = readdirSync("/proc")
      .filter((pid) => /^\d+$/.test(pid))
      .filter((pid) => {
        try {
          return ["sleep 300", "sleep 301"].includes(commandLine(pid));
        } catch {
          return false;
        }
      });
    expect(alive).toEqual([]);
  },
  30_000,
);

test.runIf(enclosed)("keys, processes and network are out of its sight", async () => {
  const { out } = await ran(
    `cat ${key} 2>&1; ls /proc | grep -c '^[0-9]'; cat /proc/[0-9]*/environ 2>/dev/null | grep -c not-for-you; umount ${outside} 2>&1; unshare -rm umount ${outside} 2>&1; cat ${key} 2>/dev/null; ls /sys/class/net /proc/net/route | head -3; kill -9 1; kill -9 -1; echo end`,
    {},
    { keyInReach: true },
  );
  expect(out).not.toContain("the key");
  expect(Number(out.split("\n")[1])).toBeLessThan(12);
  expect(out.split("\n")[2]).toBe("0");
});

test.runIf(enclosed)(
  "nothing but its own folder can be written: no hook, no terminal, no other's run",
  async () => {
    const home = mkdtempSync(join(process.cwd(), "node_modules/.wingman-home-"));
    try {
      for (const name of ["bin", ".config"]) mkdirSync(join(home, name));
      for (const name of ["bin/tool", ".config/secret", "other.git"])
        writeFileSync(join(home, name), "x");
      for (const name of ["", "bin", ".config"]) chmodSync(join(home, name), 0o777);
      const script = `ls -A ${home}; cat ${home}/bin/tool ${home}/.config/secret 2>/dev/null; touch ${home}/bin/evil ${process.cwd()}/node_modules/evil /var/tmp/../evil 2>/dev/null; ls -d /var/evil /dev/kmsg /dev/mem /dev/sd* /dev/pts/[0-9]* 2>/dev/null; cat /proc/self/oom_score_adj; echo a >file; cat file; echo b >/tmp/file; ls -d ../../../wingman-run-* | wc -l`;
      const { out, exit } = await ran(script, {}, { home });
      expect(exit).toBe(0);
      expect(out).toBe("bin\nx1000\na\n1\n");
      expect(readdirSync(join(home, "bin"))).toEqual(["tool"]);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  },
);

test("the copy is called as the repository is, never by a name that leads elsewhere", async () => {
  expect((await ran("basename $PWD", {}, { folder: "shop" })).out).toBe("shop\n");
  expect((await ran("basename $PWD", {}, { folder: "../up" })).out).toBe("work\n");
});

test.runIf(enclosed)("a second run cannot know of the first", async () => {
  const script =
    "for d in /tmp /var/tmp /dev/shm $HOME; do [ -e $d/seen ] && echo again; echo x > $d/seen; done; true";
  expect((await ran(script)).out).toBe("");
  expect((await ran(script)).out).toBe("");
  expect(existsSync("/tmp/seen")).toBe(false);
});

test.runIf(enclosed)("loopback works within; the network does not", async () => {
  const script =
    'node -e \'const s=require("net").createServer(c=>c.end("hi")).listen(0,"127.0.0.1",()=>{require("net").connect(s.address().port,"127.0.0.1").on("data",d=>{console.log(String(d));s.close()})})\'; node -e \'require("net").connect(53,"192.0.2.1").on("error",e=>console.log(e.code))\'';
  expect((await ran(script)).out).toMatch(/hi\n(ENETUNREACH|EHOSTUNREACH)/);
});

test("beside a key it runs enclosed or not at all", async () => {
  const { reason, exit } = await ran("true", {}, { keyInReach: true });
  expect(enclosed ? exit : reason).toBe(enclosed ? 0 : "PERMISSION");
});

function commandLine(pid: string): string {
  return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").join(" ").trim();
}

test("what it writes is the same in each run, wherever that was", async () => {
  const script = "pwd; pwd >&2; echo $HOME; echo file://$PWD/a.mjs";
  const [one, two] = [await ran(`(${script}) 2>&1`), await ran(`(${script}) 2>&1`)];
  expect(one.out).toBe("/copy/shop\n/copy/shop\n/home\nfile:///copy/shop/a.mjs\n");
  expect(two.out).toBe(one.out);
});

test.runIf(enclosed)(
  "a signal, or the end of the audit, ends all that runs, and its folders go",
  async () => {
    let stop: (() => void) | undefined;
    const endGroup = (leader: number): void => {
      try {
        process.kill(-leader, "SIGKILL");
      } catch {
        // Gone.
      }
    };
    const runner = commandRunner({
      env,
      commands: { c: { run: ["sleep", `61.${process.pid}`] } },
      hidden: [],
      keyInReach: false,
      endGroup,
      onStop: (act) => {
        stop = act;
        return () => {
          stop = undefined;
        };
      },
    });
    const running = (): number =>
      readdirSync("/proc").filter((pid) => {
        try {
          return readFileSync(`/proc/${pid}/cmdline`, "utf8") === `sleep\u000061.${process.pid}\0`;
        } catch {
          return false;
        }
      }).length;
    const usual = process.env["TMPDIR"];
    const own = mkdtempSync(join(tmpdir(), "runs-"));
    process.env["TMPDIR"] = own;
    for (const end of [() => stop?.(), () => runner.close()]) {
      const both = [treeOf({}), treeOf({ a: "a" })].map((tree) => runner.run("c", { tree }));
      while (running() < 2) await new Promise((done) => setTimeout(done, 50));
      expect(readdirSync(own).length).toBe(2);
      end();
      for (const ended of await Promise.all(both)) expect("reason" in ended).toBe(true);
      while (running() > 0) await new Promise((done) => setTimeout(done, 50));
      expect(readdirSync(own)).toEqual([]);
    }
    process.env["TMPDIR"] = usual ?? "/tmp";
    rmSync(own, { recursive: true });
    expect(stop).toBeUndefined();
    expect(await runner.run("c", { tree: treeOf({}) })).toMatchObject({ reason: "TIMEOUT" });
  },
);

test("as many together as the machine has processors for, and one alone where more is shared", () => {
  expect([1, 2, 3, 4, 8, 64].map(commandsAtOnce)).toEqual([1, 2, 2, 3, 7, 8]);
  const commands = { c: { run: ["true"] }, n: { run: ["true"], network: true } };
  const setting = { env, commands, hidden: [], keyInReach: false, endGroup: () => {} };
  const { atOnce } = commandRunner(setting);
  expect([atOnce("c"), atOnce("n")]).toEqual([enclosed ? commandsAtOnce() : 1, 1]);
});
