/**
 * Reach: what an audit can ask besides the tree and its history. The cli hands in what its surface
 * has (pre-receive has nothing: it executes nothing); what is absent makes a claim NOT_KNOWN_HERE,
 * never FALSE. Every answer is a value or a reason; nothing here throws but faults.
 */
import type { CommandEnd, Entry, RepoPath, Seen, Tree, Unseen } from "@wingman/model";
import type { Grammars } from "./source/syntax-tree.ts";

export type { CommandEnd, Seen } from "@wingman/model";

/** Runs what the trusted policy names, as TRUST.md §9 demands: in a clean copy, bounded, without keys. */
export interface CommandRunner {
  /** `over`: files laid over the tree first, as the base's own tests. */
  run(
    command: string,
    at: { readonly tree: Tree; readonly over?: ReadonlyMap<RepoPath, Entry | undefined> },
  ): Promise<Seen<CommandEnd>>;
  /**
   * How many commands may run together where this one does. Absent, or 1: alone, as what shares a network
   * or a folder for temporary files with others.
   */
  atOnce?(command: string): number;
}

export interface HostProcess {
  readonly pid: number;
  /** Start in clock ticks since boot: with the pid, one process and no later one. */
  readonly start: string;
  /** What the kernel calls it: 15 bytes at most, and its own to change. */
  readonly name: string;
  readonly argv: readonly string[];
  /** Its program's file, where it shows. */
  readonly program?: string;
  /** Its effective user, and the name that this machine's own list has for it. */
  readonly uid?: string;
  readonly user?: string;
  /** It runs in a process namespace below the auditor's: a container, mostly. */
  readonly elsewhere?: boolean;
}

export interface Listener {
  readonly proto: "tcp" | "udp";
  readonly address: string;
  readonly port: number;
  /** Who is seen to hold the socket. */
  readonly owners: readonly HostProcess[];
  /** Processes that do not show what they hold. */
  readonly perhaps: readonly HostProcess[];
}

/** What an address answered with. */
export interface HttpAnswer {
  readonly status: number;
  /** What of the body was read, decoded. */
  readonly text: string;
  /** Why that is not all of it. */
  readonly lacks?: Unseen;
  /** Where a redirection leads, as it was written. */
  readonly location?: string;
}

/** The certificate that a host shows. */
export interface ShownCertificate {
  readonly sha256: string;
  readonly notBefore: string;
  readonly notAfter: string;
  /** It does not hold yet. */
  readonly early: boolean;
  readonly selfSigned: boolean;
  /** Whether it speaks for a name. */
  covers(name: string): boolean;
}

/** A unit of systemd, in its own words. */
export interface UnitState {
  /** `loaded`, `not-found`, `masked`, … */
  readonly load: string;
  /** `active`, `reloading`, `inactive`, `failed`, `activating`, `deactivating`, … */
  readonly active: string;
  readonly sub: string;
  /** Whose systemd was asked: the system's or this user's. */
  readonly manager: "system" | "user";
}

/** Asks systemd for a unit's `LoadState`, `ActiveState` and `SubState`, bounded: `systemctl show`. */
export type AskSystemctl = (
  manager: UnitState["manager"],
  unit: string,
) => Promise<Seen<{ readonly code: number; readonly stdout: string; readonly stderr: string }>>;

/** The machine that the auditor runs on, as it is at this moment. */
export interface HostView {
  readonly name: string;
  processes(): Promise<Seen<readonly HostProcess[]>>;
  listeners(): Promise<Seen<readonly Listener[]>>;
  /** Whether something takes a connection at this port of loopback. */
  connects(address: "127.0.0.1" | "::1", port: number): Promise<boolean>;
  /** Addresses of this machine's own interfaces. */
  addresses(): readonly string[];
  /** One answer; `body`: whether more than its head is needed. */
  fetch(url: string, body: boolean): Promise<Seen<HttpAnswer>>;
  /** What the name service says, and `local`: what this machine's own files say besides. */
  resolve(
    name: string,
    type: string,
  ): Promise<Seen<{ readonly values: readonly string[]; readonly local: readonly string[] }>>;
  certificate(host: string, port: number): Promise<Seen<ShownCertificate>>;
  unit(name: string): Promise<Seen<UnitState>>;
}

/** A container, as its engine tells it. */
export interface ContainerState {
  readonly id: string;
  readonly name: string;
  /** `created`, `running`, `paused`, `restarting`, `exited`, `dead`, and Podman's own. */
  readonly status: string;
  /** As it was named when the container was made. */
  readonly image: string;
  /** `starting`, `healthy`, `unhealthy`; absent where it has no check. */
  readonly health?: string;
  /** The user of its configuration; empty is root. */
  readonly user: string;
}

/** The engine of the auditor's machine, or the one that its environment names. */
export interface ContainerEngine {
  /** The container of exactly this name or id, or all that carry this label (`key` or `key=value`). */
  containers(
    by: { readonly name: string } | { readonly label: string },
  ): Promise<Seen<readonly ContainerState[]>>;
  /** Other names of the image that a container was made of: its id, tags and digests. */
  imageNames(container: ContainerState): Promise<Seen<readonly string[]>>;
  /** The user id under which its first process runs, as the engine's machine counts. */
  processUser(container: ContainerState): Promise<Seen<string>>;
}

/** Facts of a forge out of an ingested file (`--events FILE`): the auditor's own bytes. */
export interface ForgeEvents {
  /** `sha256:…` of the file: evidence. */
  readonly digest: string;
  readonly events: readonly Readonly<Record<string, unknown>>[];
}

/** The gate's scanner, handed in by the cli: the rooms never import one another. */
export interface SecretScanner {
  /** Version of scanner and rules: evidence. */
  readonly version: string;
  /** What it finds in a file, never the value, and what of the file it could not read. */
  scan(
    path: RepoPath,
    content: {
      readonly size: number;
      read(): Promise<Uint8Array>;
      stream?(): AsyncIterable<Uint8Array>;
    },
  ): Promise<{
    readonly hits: readonly {
      readonly rule: string;
      readonly line: number;
      readonly confidence: "high" | "medium" | "low";
      /** Present where somebody wrote beside it that it is none. */
      readonly allowance?: unknown;
    }[];
    readonly unread: readonly { readonly why: string }[];
  }>;
}

/** Refs of the remote that work is pushed to. */
export interface RemoteRefs {
  readonly name: string;
  /** The id that a full ref name has there; undefined where the remote has no such ref. */
  ref(name: string): Promise<Seen<string | undefined>>;
}

/** The working tree beside the repository, as it is at this moment. */
export interface WorkingTree {
  /** Paths with something uncommitted, ignored files left out. */
  status(): Promise<Seen<readonly RepoPath[]>>;
  owner(path: RepoPath): Promise<Seen<Owner>>;
}

/** A file's owner by ids, and the ids of the names that this host knows. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
  readonly users: ReadonlyMap<string, number>;
  readonly groups: ReadonlyMap<string, number>;
}

/** Everything that a surface can hand in; each part may be absent. */
export interface Reach {
  readonly commands?: CommandRunner;
  readonly host?: HostView;
  readonly engine?: ContainerEngine;
  readonly events?: ForgeEvents;
  readonly secrets?: SecretScanner;
  readonly remote?: RemoteRefs;
  readonly worktree?: WorkingTree;
  /** The trusted side's tree: instructions. */
  readonly trusted?: Tree;
  /** Parsers of source text. */
  readonly grammars?: Grammars;
}

/** What a claim type must be able to ask. `tree` and `history` are always there. */
export type Need = "tree" | "history" | keyof Reach;

/** What is said where the surface has no such reach. */
export const UNREACHED: Readonly<Record<keyof Reach, string>> = {
  commands:
    "needs a command to run, and nothing runs here; wingman audit in a clone or in CI runs it",
  host: "can be seen on the host only; wingman audit there answers",
  engine: "needs a container engine, and this surface has none",
  events: "a fact of the forge; give the auditor an event file: wingman audit --events FILE",
  secrets: "needs the secret scanner, which this surface does not hand in",
  remote: "needs the remote, which this surface does not ask",
  trusted: "needs the trusted side, which this surface does not show",
  grammars: "needs the grammars beside the program",
  worktree: "a commit is always clean; only the working tree could tell, at its time",
};
