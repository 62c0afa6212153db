/**
 * The machine that the auditor runs on: /proc on Linux, systemd, addresses on loopback or of hosts that the
 * policy names, nothing else. On other systems it says that it cannot look.
 */
import { connect } from "node:net";
import { hostname, networkInterfaces } from "node:os";
import type { AskSystemctl, HostView } from "../reach.ts";
import { listenersOf, processesOf } from "./linux-processes.ts";
import { nameRecords } from "./name-records.ts";
import { shownCertificate } from "./shown-certificate.ts";
import { type InitPlaces, unitState } from "./unit-state.ts";
import { webAnswer } from "./web-answer.ts";

const CONNECT_TIME = 500;

/** What of a host may be asked. */
export interface HostSetting {
  /** Those that the policy lets a claim have it ask, as `host` or `host:port`. */
  readonly hosts: readonly string[];
  /** Name servers that the policy names; none: this machine's. */
  readonly resolvers?: readonly string[];
  readonly systemctl?: AskSystemctl;
  /** Where systemd shows; this machine's own where absent. */
  readonly init?: InitPlaces;
}

/** Looks at this machine. */
export function hostHere({ hosts, resolvers = [], systemctl, init }: HostSetting): HostView {
  return {
    name: hostname(),
    processes: () => processesOf(),
    listeners: () => listenersOf(),
    connects: takesConnection,
    addresses: () =>
      Object.values(networkInterfaces()).flatMap((all) => all?.map((one) => one.address) ?? []),
    fetch: (url, body) => webAnswer(url, body, hosts),
    resolve: (name, type) => nameRecords(name, type, { hosts, resolvers }),
    certificate: (host, port) => shownCertificate(host, port, hosts),
    unit: (name) => unitState(name, systemctl, init),
  };
}

function takesConnection(host: string, port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ host, port, timeout: CONNECT_TIME });
    const end = (taken: boolean): void => {
      socket.destroy();
      done(taken);
    };
    socket.once("connect", () => end(true));
    socket.once("timeout", () => end(false));
    socket.once("error", () => end(false));
  });
}
