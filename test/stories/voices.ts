/** Telegram, a webhook's receiver and GitHub beside a governed server, and what its watcher did with them. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type ContractServer,
  contractServer,
  type Overrides,
  type Ran,
  runWingman,
  secret,
  type TelegramDouble,
  type TestRepository,
  telegramDouble,
  type WebhookDouble,
  webhookDouble,
} from "@wingman/testkit";
import { type World, type WrittenRun, writeRun } from "./worker-world.ts";

export const CHAT = "-1001234567890";

/** The rows of a policy that asks for all three. */
export const ALL_CHANNELS: Overrides = {
  tracker: { github: { repository: "acme/shop" } },
  // The braces are the policy's own, which the watcher fills in.
  notify: { telegram: { chat: CHAT }, webhook: { url: ["$", "{WINGMAN_WEBHOOK_URL}"].join("") } },
};

export interface Voices {
  readonly telegram: TelegramDouble;
  readonly webhook: WebhookDouble;
  readonly github: ContractServer;
  /** The watcher's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** What must never be seen anywhere. */
  readonly secrets: readonly string[];
  close(): Promise<void>;
}

/** Starts all three. */
export async function voices(): Promise<Voices> {
  const token = secret("telegram");
  const shared = `whsec_${Buffer.from(secret("npm")).toString("base64")}`;
  const [telegram, webhook, github] = await Promise.all([
    telegramDouble({ token, chats: [CHAT] }),
    webhookDouble({ secret: shared }),
    contractServer(),
  ]);
  return {
    telegram,
    webhook,
    github,
    env: {
      WINGMAN_TELEGRAM_API: telegram.url,
      WINGMAN_TELEGRAM_TOKEN: token,
      WINGMAN_WEBHOOK_URL: webhook.url,
      WINGMAN_WEBHOOK_SECRET: shared,
      GITHUB_API_URL: github.url,
      GITHUB_TOKEN: github.token,
    },
    secrets: [token, shared, github.token],
    close: async () =>
      void (await Promise.all([telegram, webhook, github].map((one) => one.close()))),
  };
}

/** One lying run: so many claims about files that nobody wrote. */
export function lyingRun(count: number, wish: Parameters<typeof writeRun>[0] = {}): WrittenRun {
  const claims = Array.from(
    { length: count },
    (_, at) => ["file.exists", { path: `src/keys/never-${at}.mjs` }] as const,
  );
  return writeRun({ claims, ...wish });
}

/** Commits a run as its worker, pushes it, and waits until the watcher that this started is through. */
export async function pushRun(
  world: World,
  run: WrittenRun,
  how: { readonly env?: Voices["env"]; readonly onto?: string; readonly by?: "alice" | "bob" } = {},
): Promise<Ran> {
  const { by = "alice" } = how;
  const branch = await world.branch();
  await world.work(run, { by, files: { [run.path]: run.text } });
  return await pushHead(world, how.onto ?? branch, { ...how, pusher: `${by}-bot` });
}

/** Pushes HEAD to a branch, with the server's environment as told; see {@link pushRun}. */
export async function pushHead(
  world: World,
  branch: string,
  how: { readonly env?: Voices["env"]; readonly pusher: string },
): Promise<Ran> {
  const push = await world.clone.push(["origin", `HEAD:refs/heads/${branch}`], {
    pusher: how.pusher,
    ...(how.env === undefined ? {} : { env: how.env }),
  });
  // The world was made by one push; a refused lie is recorded, and so starts a watcher, too.
  const { folder } = world.server;
  const due = (started.get(folder) ?? 1) + (push.code === 0 || LIE.test(push.stderr) ? 1 : 0);
  started.set(folder, due);
  await until(() => passes(world.server) >= due, "the push's watcher came to no end");
  return push;
}

const LIE = /error\[audit\/false\]/;
/** Watchers that the pushes to a server have started so far. */
const started = new Map<string, number>();

/** Watchers that came to their end, as the server's log says. */
function passes(server: TestRepository): number {
  const ended = /^wingman watch: \d+ steps? performed$|^ {2}code: /gm;
  return logOf(server).match(ended)?.length ?? 0;
}

export function logOf(server: TestRepository): string {
  const file = join(server.folder, "wingman", "watch.log");
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

/** Waits for something that another process brings about. */
export async function until(isSo: () => boolean, otherwise: string): Promise<void> {
  for (let tries = 0; tries < 900; tries += 1) {
    if (isSo()) return;
    await new Promise((wake) => setTimeout(wake, 100));
  }
  throw new Error(otherwise);
}

/** One pass of the watcher, on the server. */
export async function watchOnce(server: TestRepository, env: Voices["env"]): Promise<Ran> {
  return await runWingman(["watch", "--once"], { cwd: server.folder, env });
}

interface OutboxRow {
  readonly what: string;
  readonly key: string;
  readonly at: string;
  readonly notBefore?: string;
  readonly alert?: { readonly channel: string; readonly error?: string };
}

export function outboxOf(server: TestRepository): OutboxRow[] {
  const text = readFileSync(outboxFile(server), "utf8");
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as OutboxRow);
}

/** Two hours go by: what rested after a failure is due again. */
export function twoHoursLater(server: TestRepository): void {
  const back = (time: string) => new Date(Date.parse(time) - 2 * 3_600_000).toISOString();
  const rows = outboxOf(server).map((row) => ({
    ...row,
    at: back(row.at),
    ...(row.notBefore === undefined ? {} : { notBefore: back(row.notBefore) }),
  }));
  writeFileSync(outboxFile(server), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
}

function outboxFile(server: TestRepository): string {
  return join(server.folder, "wingman", "outbox.jsonl");
}

/** Where a secret can be read: files of the server, its ledger, and the texts given. */
export async function leaksOf(
  server: TestRepository,
  secrets: readonly string[],
  texts: readonly string[] = [],
): Promise<string[]> {
  const shows = (text: string) => secrets.some((one) => text.includes(one));
  const files = readdirSync(server.folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name));
  const ledger = await runWingman(["ledger", "show", "--format", "json"], { cwd: server.folder });
  return [
    ...files.filter((file) => shows(readFileSync(file, "latin1"))),
    ...[ledger.stdout, ledger.stderr, ...texts].filter(shows),
  ];
}
