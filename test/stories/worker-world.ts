/**
 * A governed server with two workers at work, for stories of attack and of honest use: what it takes
 * to write a run by hand, commit it as anybody, and push it as anybody. Wingman's own commands are
 * left out on purpose: a hostile worker does not use them.
 */
import {
  appendClaimsRecord,
  type ClaimsDraft,
  claimsPath,
  digestOf,
  ORDER_NAMESPACE,
  type Order,
  orderPath,
  serializeOrder,
  signedBytesOfOrder,
  signSsh,
} from "@wingman/model";
import {
  type CommitOptions,
  dana,
  instructionText,
  type KeyHolder,
  mark,
  type Overrides,
  type Ran,
  runWingman,
  type TestRepository,
  withKey,
} from "@wingman/testkit";
import { type GovernedOptions, governed, LOGINS } from "./governed.ts";

export const WORKERS = { alice: "claude-code/alice", bob: "codex/bob", carol: "codex/carol" };
export type WorkerName = keyof typeof WORKERS;
/** Workers without a key, known by their login alone; each case can spend one. */
export type Spare = `w${number}`;
export type Actor = WorkerName | Spare | "mark" | "dana";
const SPARES = 40;

const loginOf = (actor: Actor): string =>
  actor === "mark" || actor === "dana" ? LOGINS[actor] : `${actor}-bot`;
/** A worker's name in the policy. */
export const workerOf = (actor: WorkerName | Spare): string =>
  actor in WORKERS ? WORKERS[actor as WorkerName] : `spare/${actor}`;

/** One run's claims file, written by hand. */
export interface WrittenRun {
  readonly path: string;
  /** The whole file. */
  readonly text: string;
  /** Its first lines. */
  readonly lines: (count: number) => string;
  readonly trailer: string;
}

export interface RunWish {
  readonly worker?: string;
  readonly instruction?: string;
  /** The instruction's text; that of INS-0007 unless told. */
  readonly on?: string;
  readonly origin?: string;
  /** `[type, args]`; none unless told. */
  readonly claims?: readonly (readonly [string, Readonly<Record<string, unknown>>])[];
  /** Default: done. `none` leaves it open. */
  readonly close?: "done" | "partial" | "abandoned" | "none";
  readonly run?: string;
}

const TS = "2026-11-22T09:00:01.000Z";
let runs = 0;

/** A claims file with a sound chain, whatever it says. */
export function writeRun(wish: RunWish = {}): WrittenRun {
  runs += 1;
  const worker = wish.worker ?? WORKERS.alice;
  const run = wish.run ?? `20261122-090001-${runs.toString(36).padStart(4, "0")}`;
  const drafts = [
    {
      kind: "open",
      origin: wish.origin ?? "acme/shop",
      instruction: wish.instruction ?? "INS-0007",
      digest: digestOf(wish.on ?? ORDER_TEXT),
      worker,
      run,
      ts: TS,
    },
    ...(wish.claims ?? []).map(([type, args]) => ({ kind: "claim", type, args, ts: TS })),
    ...(wish.close === "none" ? [] : [{ kind: "close", outcome: wish.close ?? "done", ts: TS }]),
  ] as ClaimsDraft[];
  const text = appended(undefined, drafts);
  const trailer = `${worker}/${run}`;
  const lines = (count: number): string => `${text.split("\n").slice(0, count).join("\n")}\n`;
  return { path: claimsPath({ worker, run }), text, lines, trailer };
}

/** A claims file's text with more records. */
export function appended(before: string | undefined, drafts: readonly ClaimsDraft[]): string {
  let bytes: Buffer | undefined = before === undefined ? undefined : Buffer.from(before);
  for (const draft of drafts) bytes = appendClaimsRecord(bytes, draft);
  return bytes?.toString("utf8") ?? "";
}

export const at = TS;

/** The codes of what refused a push, each once, sorted; with `warning`, of what it only told. */
export function codesOf(push: Ran, kind: "error" | "warning" = "error"): string[] {
  const found = push.stderr.matchAll(new RegExp(`${kind}\\[([a-z/-]+)\\]`, "g"));
  return [...new Set([...found].map((match) => match[1] ?? ""))].sort();
}

export const ORDER_TEXT = instructionText({ worker: undefined });
/** What INS-0007 may touch. */
export const WORK = "src/keys/rotate.mjs";

export interface World {
  readonly server: TestRepository;
  readonly clone: TestRepository;
  readonly keys: Readonly<Record<WorkerName | "mark" | "dana", KeyHolder>>;
  /** Checks out a new branch from main, or from elsewhere, clean. */
  branch(from?: string): Promise<string>;
  /** Commits as a worker does: signed, with a trailer. */
  work(
    run: WrittenRun,
    how?: CommitOptions & { by?: WorkerName; message?: string },
  ): Promise<string>;
  /** Pushes HEAD or what is told; with a login, or as somebody whom no server knows. */
  push(as: Actor | "stranger", ...refspecs: string[]): Promise<Ran>;
  /** Lands something as Mark, and fetches it. Throws where it is refused. */
  land(message: string, files: CommitOptions["files"]): Promise<string>;
  /** All refs but the ledger's, as lines. */
  refs(): Promise<string>;
  status(): Promise<string>;
  ledger(): Promise<Record<string, unknown>[]>;
  order(wish: Partial<Order>, signer?: KeyHolder): { path: string; text: string };
}

let branches = 0;
let nonces = 0;

/** Makes the world; `orders` are further instructions, by id. */
export async function workerWorld(
  options: GovernedOptions & { readonly orders?: Readonly<Record<string, Overrides>> } = {},
): Promise<World> {
  const row = (name: string): object => ({
    principals: [`${name}-bot@acme.example`],
    logins: [`${name}-bot`],
  });
  const spares = Array.from({ length: SPARES }, (_, at): Spare => `w${at}`);
  const names = [...(Object.keys(WORKERS) as WorkerName[]), ...spares];
  const workers = Object.fromEntries(names.map((name) => [workerOf(name), row(name)]));
  const bot = (name: string): KeyHolder =>
    withKey({ name: `${name}'s bot`, email: `${name}-bot@acme.example` });
  const {
    server,
    clone,
    keys: first,
  } = await governed({
    ...options,
    policy: { workers, people: [dana.email], ...options.policy },
  });
  const keys = { ...first, bob: bot("bob"), carol: bot("carol") };
  const orders = Object.fromEntries(
    Object.entries(options.orders ?? {}).map(([id, wish]) => [
      `.wingman/instructions/${id}.md`,
      instructionText({ worker: undefined, id, ...wish }),
    ]),
  );
  const world: World = {
    server,
    clone,
    keys,
    branch: async (from = "origin/main") => {
      branches += 1;
      await clone.git("checkout", "-q", "-f", "-B", `b${branches}`, from);
      await clone.git("clean", "-q", "-f", "-d", "-x");
      return `b${branches}`;
    },
    work: async (run, { by = "alice", message = "Rotate the keys", ...how } = {}) =>
      await clone.commit(message, {
        as: keys[by],
        sign: keys[by],
        trailer: run.trailer,
        ...how,
      }),
    push: async (as, ...refspecs) => {
      const specs = refspecs.length > 0 ? refspecs : [`HEAD:refs/heads/t${branches}`];
      return await clone.push(
        ["origin", ...specs],
        as === "stranger" ? {} : { pusher: loginOf(as) },
      );
    },
    land: async (message, files) => {
      await world.branch();
      const oid = await clone.commit(message, { as: mark, sign: keys.mark, files: files ?? {} });
      const push = await world.push("mark", "HEAD:refs/heads/main");
      if (push.code !== 0) throw new Error(push.stderr);
      await clone.git("fetch", "-q", "origin");
      return oid;
    },
    refs: async () =>
      (await server.git("for-each-ref", "--format=%(refname) %(objectname)"))
        .split("\n")
        .filter((line) => !line.startsWith("refs/heads/wingman-ledger "))
        .join("\n"),
    status: async () => (await runWingman(["status"], { cwd: server.folder })).stdout,
    ledger: async () => {
      const names = (await server.git("ls-tree", "-r", "--name-only", "wingman-ledger", "log/"))
        .split("\n")
        .filter(Boolean);
      const texts = await Promise.all(
        names.map((name) => server.git("cat-file", "blob", `wingman-ledger:${name}`)),
      );
      return texts
        .flatMap((text) => text.split("\n"))
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    },
    order: (wish, signer) => {
      nonces += 1;
      const made: Order = {
        v: 1,
        origin: "acme/shop",
        action: "unlock",
        subject: WORKERS.alice,
        reason: "Looked at it; the build path was a typo",
        nonce: nonces.toString(16).padStart(32, "a"),
        covers: 1,
        by: mark.email,
        ...wish,
      };
      const signature =
        signer === undefined
          ? undefined
          : signSsh({
              key: signer.key,
              message: signedBytesOfOrder(made),
              namespace: ORDER_NAMESPACE,
            });
      const text = serializeOrder(signature === undefined ? made : { ...made, signature });
      return { path: orderPath(made.nonce), text };
    },
  };
  await world.land("Order the work", {
    ".wingman/allowed_signers": Object.values(keys)
      .map((key) => `${key.signersLine}\n`)
      .join(""),
    ".wingman/instructions/INS-0007.md": ORDER_TEXT,
    ...orders,
    "src/keys/old.mjs": "export const days = 90;\n",
    "src/keys/vault/root.mjs": "export const root = 1;\n",
    "docs/rotation.md": "# Rotation\n\n## Rolling back\n\nRevert it.\n",
  });
  return world;
}
