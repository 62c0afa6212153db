/** Containers against an engine that speaks as Docker's published API does, and in the ways it fails. */
import { chmodSync, chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { builtInPolicy, treeOf } from "@wingman/model";
import { type ContainerLiteral, type EngineLiteral, engineDouble } from "@wingman/testkit";
import { afterAll, describe, expect, test } from "vitest";
import { containerEngine, judgeAgainst, judgeClaim, stageOf } from "../src/index.ts";
import { runOf } from "./run-literal.ts";

const posix = process.platform !== "win32";
const folder = mkdtempSync(join(tmpdir(), "engine-"));
const closing: (() => void)[] = [() => rmSync(folder, { recursive: true, force: true })];
afterAll(() => {
  for (const close of closing.reverse()) close();
});
const policy = { ...builtInPolicy, audit: { ...builtInPolicy.audit, attempts: 1 } };
const id = (digit: string): string => digit.repeat(64);
let count = 0;

async function socketOf(engine: EngineLiteral): Promise<string> {
  count += 1;
  const path = join(folder, `${count}.sock`);
  const double = await engineDouble(path, engine);
  closing.push(() => double.close());
  return path;
}

type Setting = Partial<Parameters<typeof containerEngine>[0]>;

async function answer(setting: Setting, type: string, args: object): Promise<string> {
  const engine = containerEngine({ sockets: [], hosts: [], judged: [], ...setting });
  const claim = { type, args: { ...args } };
  const said = await judgeAgainst(treeOf({}), claim, { policy, reach: { engine } });
  return said.reason ?? said.answer;
}

async function asked(
  containers: Record<string, Partial<ContainerLiteral>>,
  type: string,
  args: object,
  images: EngineLiteral["images"] = {},
): Promise<string> {
  const all = Object.entries(containers).map(
    ([name, one], at) => [name, { id: id(String(at + 2)), status: "running", ...one }] as const,
  );
  const socket = await socketOf({ containers: Object.fromEntries(all), images });
  return await answer({ sockets: [socket] }, type, args);
}

describe.runIf(posix)("an engine that answers", () => {
  test("states: between running and ended nothing is settled", async () => {
    const wanted = {
      running: "TRUE",
      created: "FALSE",
      exited: "FALSE",
      dead: "FALSE",
      removing: "FALSE",
      paused: "AMBIGUOUS",
      restarting: "FLAKY",
      stopping: "FLAKY",
    };
    for (const [status, said] of Object.entries(wanted))
      expect(await asked({ shop: { status } }, "ctr.running", { name: "shop" }), status).toBe(said);
    expect(await asked({}, "ctr.running", { name: "shop" })).toBe("FALSE");
  });

  test("health: of a running container, and only once it is known", async () => {
    const health = async (one: Partial<ContainerLiteral>): Promise<string> =>
      await asked({ shop: one }, "ctr.healthy", { name: "shop" });
    expect(await health({ health: "healthy" })).toBe("TRUE");
    expect(await health({ health: "unhealthy" })).toBe("FALSE");
    expect(await health({ health: "starting" })).toBe("FLAKY");
    expect(await health({ health: "none" })).toBe("NO_WITNESS");
    expect(await health({ health: "" })).toBe("NO_WITNESS");
    expect(await health({})).toBe("NO_WITNESS");
    // Its last check may have said so before it ended.
    expect(await health({ health: "healthy", status: "exited" })).toBe("FALSE");
  });

  test("names: no prefix of a name or an id, and no loose label", async () => {
    const shops = { "shop-db": { id: `cafe${"0".repeat(60)}` }, "shop-web": {} };
    for (const name of ["shop", "cafe", "SHOP-DB"])
      expect(await asked(shops, "ctr.running", { name }), name).toBe("FALSE");
    for (const name of ["shop-db", `cafe${"0".repeat(8)}`, `cafe${"0".repeat(60)}`])
      expect(await asked(shops, "ctr.running", { name }), name).toBe("TRUE");
    for (const name of ["../images", "a b", "x/json?all=1", ""])
      expect(await asked(shops, "ctr.running", { name }), name).toMatch(/UNSUPPORTED|VACUOUS/);
    const labelled = {
      a: { labels: { service: "web" } },
      b: { labels: { service: "web" }, status: "exited" },
      c: { labels: { service: "db" } },
    };
    expect(await asked(labelled, "ctr.running", { label: "service=db" })).toBe("TRUE");
    expect(await asked(labelled, "ctr.running", { label: "service=web" })).toBe("AMBIGUOUS");
    expect(await asked(labelled, "ctr.running", { label: "service=none" })).toBe("FALSE");
    expect(await asked(labelled, "ctr.running", { label: "service", name: "a" })).toBe("AMBIGUOUS");
    expect(await asked(labelled, "ctr.running", {})).toBe("VACUOUS");
  });

  test("images: one image has many names", async () => {
    const digest = `shop@sha256:${id("d")}`;
    const images = { [id("e")]: ["shop:1.2.0", "shop:latest", digest] };
    const image = async (made: string, claimed: string): Promise<string> =>
      await asked(
        { shop: { image: made, imageId: id("e") } },
        "ctr.running",
        { name: "shop", image: claimed },
        images,
      );
    expect(await image("shop:1.2.0", "shop:1.2.0")).toBe("TRUE");
    // Podman writes the whole name.
    expect(await image("docker.io/library/shop:latest", "shop")).toBe("TRUE");
    expect(await image(`sha256:${id("e")}`, "shop:1.2.0")).toBe("TRUE");
    expect(await image("shop:1.2.0", `sha256:${id("e")}`)).toBe("TRUE");
    expect(await image("shop:1.2.0", digest)).toBe("TRUE");
    expect(await image("shop:1.2.0", "shop:9.9.9")).toBe("FALSE");
    expect(await image("shop:1.2.0", "ghcr.io/acme/shop:1.2.0")).toBe("FALSE");
    const gone = { shop: { image: "shop:1", imageId: id("f") } };
    expect(await asked(gone, "ctr.running", { name: "shop", image: "shop:2" })).not.toMatch(/TRUE/);
  });

  test("users: the configuration, and who its first process is", async () => {
    const user = async (one: Partial<ContainerLiteral>, claimed: string): Promise<string> =>
      await asked({ shop: one }, "ctr.user", { name: "shop", user: claimed });
    expect(await user({ user: "node", uid: "1000" }, "node")).toBe("TRUE");
    expect(await user({ user: "1000:1000", uid: "1000" }, "1000")).toBe("TRUE");
    expect(await user({ user: "", uid: "0" }, "root")).toBe("TRUE");
    expect(await user({ user: "", uid: "0" }, "node")).toBe("FALSE");
    expect(await user({ user: "", uid: "0" }, "1000")).toBe("FALSE");
    expect(await user({ user: "dana", uid: "1000" }, "node")).toBe("FALSE");
    // An entry point that starts as root and gives that up, as databases do.
    expect(await user({ user: "", uid: "999" }, "postgres")).toBe("AMBIGUOUS");
    expect(await user({ user: "", uid: "999" }, "999")).toBe("TRUE");
    expect(await user({ user: "" }, "postgres")).toBe("AMBIGUOUS");
    // Configured as node, and somebody made it root again.
    expect(await user({ user: "node", uid: "0" }, "node")).toBe("AMBIGUOUS");
    // A share of a user namespace.
    expect(await user({ user: "node", uid: "101000" }, "node")).toBe("TRUE");
    expect(await user({ user: "", uid: "100000" }, "1000")).toBe("AMBIGUOUS");
    expect(await user({ user: "node", status: "exited" }, "node")).toBe("NO_WITNESS");
  });
});

describe.runIf(posix)("an engine that does not answer as one", () => {
  test.each([
    ["hangs", "TIMEOUT"],
    ["500", "UNREACHABLE"],
    ["half", "UNREACHABLE"],
    ["flood", "BUDGET"],
    ["version", "UNREACHABLE"],
    ["forbidden", "PERMISSION"],
    ["html", "UNREACHABLE"],
    ["odd", "UNREACHABLE"],
  ] as const)("%s", async (fails, reason) => {
    const socket = await socketOf({ containers: {}, fails });
    expect(await answer({ sockets: [socket] }, "ctr.running", { name: "shop" })).toBe(reason);
    // It is no engine without that container either.
    if (fails !== "hangs" && fails !== "flood")
      expect(await answer({ sockets: [socket] }, "ctr.running", { label: "a=b" })).toBe(reason);
  });

  test("which is asked: the named one alone, no planted one, none elsewhere but the policy's", async () => {
    const shop = { shop: { id: id("a"), status: "running" } };
    const [full, empty] = [
      await socketOf({ containers: shop }),
      await socketOf({ containers: {} }),
    ];
    const asks = async (setting: Setting): Promise<string> =>
      await answer(setting, "ctr.running", { name: "shop" });
    expect(await asks({ sockets: [empty, full] })).toBe("TRUE");
    expect(await asks({ sockets: [full], named: `unix://${empty}` })).toBe("FALSE");
    expect(await asks({ sockets: [full], named: "unix:///nowhere.sock" })).toBe("TOOL_MISSING");
    expect(await asks({ sockets: [empty], silent: "podman" })).toBe("NO_WITNESS");
    expect(await asks({ sockets: [full], judged: [folder] })).toBe("NOT_ALLOWED");
    expect(await asks({ named: `unix://${full}`, judged: [folder] })).toBe("NOT_ALLOWED");
    expect(await asks({ named: "tcp://192.0.2.1:2375" })).toBe("NOT_ALLOWED");
    expect(await asks({ named: "ssh://build.example" })).toBe("UNSUPPORTED");
    expect(await asks({ named: "tcp://127.0.0.1:1" })).toBe("UNREACHABLE");
    if (process.getuid?.() === 0) {
      chownSync(full, 1234, 1234);
      expect(await asks({ sockets: [full] })).toBe("NOT_ALLOWED");
    } else {
      chmodSync(full, 0o000);
      expect(await asks({ sockets: [full] })).toBe("PERMISSION");
    }
  });
});

test.runIf(posix)("a recorded claim: too late, or gone by now, accuses nobody", async () => {
  const socket = await socketOf({ containers: { shop: { id: id("a"), status: "exited" } } });
  const engine = containerEngine({ sockets: [socket], hosts: [], judged: [] });
  const stage = stageOf(await runOf({}), { policy, reach: { engine } });
  const said = async (at: string): Promise<string | undefined> => {
    const claim = { type: "ctr.running", args: { name: "shop" } };
    const claimed = { at, now: "2026-11-22T09:05:00.000Z" };
    return (await judgeClaim(stage, claim, { claimed })).observation.reason;
  };
  expect(await said("2026-11-22T09:00:01.000Z")).toBe("NO_WITNESS");
  expect(await said("2026-11-20T09:00:01.000Z")).toBe("OUT_OF_WINDOW");
});
