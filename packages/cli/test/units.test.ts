/** Units of systemd: as a `systemctl` of this test's own tells them, in the words of the real one. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hostHere, judgeAgainst } from "@wingman/audit";
import { toolCall } from "@wingman/git";
import { builtInPolicy, treeOf } from "@wingman/model";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "units-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const policy = { ...builtInPolicy, audit: { ...builtInPolicy.audit, attempts: 1 } };
type InitPlaces = NonNullable<Parameters<typeof hostHere>[0]["init"]>;

describe.runIf(process.platform !== "win32")("units, as systemctl tells them", () => {
  const bin = join(folder, "bin");
  const at = (name: string): string => join(folder, name);
  const places = (ruler = "systemd", users: readonly string[] = []): InitPlaces => ({
    booted: at("booted"),
    first: at(ruler),
    users: [...users],
  });
  beforeAll(() => {
    for (const name of ["bin", "booted", "alone", "others/user-1000.slice/user@1000.service"])
      mkdirSync(at(name), { recursive: true });
    writeFileSync(at("systemd"), "systemd\n");
    writeFileSync(at("docker-init"), "docker-init\n");
    // It speaks as systemctl 252 does: facts on standard output, whatever the unit; trouble by its exit.
    const states = {
      "nginx.service": "loaded active running",
      "setup.service": "loaded active exited",
      "web.socket": "loaded active listening",
      "my.app.service": "loaded reloading reload",
      "stopped.service": "loaded inactive dead",
      "broken.service": "loaded failed failed",
      "masked.service": "masked inactive dead",
      "slow.service": "loaded activating start",
      "crashing.service": "loaded activating auto-restart",
      "ending.service": "loaded deactivating stop-sigterm",
    };
    const cases = Object.entries(states).map(([unit, state]) => `  ${unit}) say ${state};;`);
    const script = [
      "#!/bin/sh",
      'say() { echo "LoadState=$1"; echo "ActiveState=$2"; echo "SubState=$3"; exit 0; }',
      'user=no; [ "$1" = --user ] && user=yes',
      'for unit; do :; done; case "$unit" in',
      "  denied.service) echo 'Failed to get properties: Access denied' >&2; exit 1;;",
      "  nobus.service) echo 'Failed to connect to bus: No such file or directory' >&2; exit 1;;",
      "  notbooted.service) echo 'System has not been booted with systemd as init system' >&2; exit 1;;",
      "  mute.service) exit 0;;",
      "  mine.service) [ $user = yes ] && say loaded active running; say not-found inactive dead;;",
      "  nouser.service) [ $user = yes ] && { echo 'Failed to connect to bus' >&2; exit 1; }; say not-found inactive dead;;",
      ...cases,
      "  *) say not-found inactive dead;;",
      "esac",
    ];
    writeFileSync(join(bin, "systemctl"), `${script.join("\n")}\n`);
    chmodSync(join(bin, "systemctl"), 0o755);
  });

  const asks = async (unit: string, type = "svc.active", where = places()): Promise<string> => {
    const host = hostHere({
      hosts: [],
      init: where,
      systemctl: (manager, one) =>
        toolCall(["systemctl", ...(manager === "user" ? ["--user"] : []), "show"], ["--", one], {
          PATH: `${bin}:/usr/bin:/bin`,
        }),
    });
    const claim = { type, args: { unit } };
    const said = await judgeAgainst(treeOf({}), claim, { policy, reach: { host } });
    return said.reason ?? said.answer;
  };

  test("what is active, what is not, and what is on its way", async () => {
    for (const unit of ["nginx", "nginx.service", "setup", "web.socket", "my.app", "mine"]) {
      expect(await asks(unit), unit).toBe("TRUE");
      expect(await asks(unit, "svc.inactive"), unit).toBe("FALSE");
    }
    for (const unit of ["stopped", "broken", "masked", "no-such"]) {
      expect(await asks(unit), unit).toBe("FALSE");
      expect(await asks(unit, "svc.inactive"), unit).toBe("TRUE");
    }
    for (const unit of ["slow", "crashing", "ending"])
      for (const type of ["svc.active", "svc.inactive"])
        expect(await asks(unit, type), unit).toBe("FLAKY");
  });

  test("where systemd does not tell, nobody is contradicted", async () => {
    for (const type of ["svc.active", "svc.inactive"]) {
      expect(await asks("denied", type)).toBe("PERMISSION");
      expect(await asks("nobus", type)).toBe("UNREACHABLE");
      expect(await asks("mute", type)).toBe("UNREACHABLE");
      expect(await asks("notbooted", type)).toBe("TOOL_MISSING");
      for (const odd of ["../x", "a b", "nginx*", "-H", "worker@.service", "", "a".repeat(300)])
        expect(await asks(odd, type), odd).toBe("UNSUPPORTED");
      // Another machine's systemd, seen from inside a container.
      expect(await asks("nginx", type, places("docker-init"))).toBe("TOOL_MISSING");
      const unbooted = { ...places(), booted: at("nowhere") };
      expect(await asks("nginx", type, unbooted)).toBe("TOOL_MISSING");
      // A unit of some other user, whose systemd is not asked.
      expect(await asks("nouser", type, places("systemd", [at("others")]))).toBe("NO_WITNESS");
      expect(await asks("no-such", type, places("systemd", [at("others")]))).toBe(
        type === "svc.active" ? "FALSE" : "TRUE",
      );
    }
    const missing = await toolCall(["systemctl"], [], { PATH: at("alone") });
    expect(missing).toMatchObject({ reason: "TOOL_MISSING" });
  });
});
