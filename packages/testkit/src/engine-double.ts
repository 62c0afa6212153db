/**
 * A container engine over a real socket, answering as Docker's published API does (and Podman's, which
 * speaks it): inspect by name, id or the beginning of an id, list by label, top, images; and how it fails.
 */
import { createServer, type ServerResponse } from "node:http";

export interface ContainerLiteral {
  /** 64 hexadecimal digits. */
  readonly id: string;
  readonly status: string;
  readonly image?: string;
  readonly imageId?: string;
  readonly health?: string;
  readonly user?: string;
  /** User id of its first process; absent: `top` fails, as where there is no ps. */
  readonly uid?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface EngineLiteral {
  readonly containers: Readonly<Record<string, ContainerLiteral>>;
  /** Tags and digests of images, by id. */
  readonly images?: Readonly<Record<string, readonly string[]>>;
  /** In place of every answer. */
  readonly fails?: "hangs" | "500" | "half" | "flood" | "version" | "forbidden" | "html" | "odd";
}

export interface EngineDouble {
  close(): void;
}

/** Listens on a socket's path, or on a port of loopback where it is a number. */
export async function engineDouble(
  at: string | number,
  engine: EngineLiteral,
): Promise<EngineDouble> {
  const server = createServer((request, response) => {
    if (engine.fails !== undefined) return fail(engine.fails, response);
    const url = new URL(request.url ?? "/", "http://engine");
    const [status, body] = answer(url, engine);
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((ready, failed) => {
    server.once("error", failed);
    if (typeof at === "number") server.listen(at, "127.0.0.1", ready);
    else server.listen(at, ready);
  });
  server.unref();
  return {
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function answer(url: URL, engine: EngineLiteral): [number, unknown] {
  const path = url.pathname.replace(/^\/v\d+\.\d+/, "");
  const all = Object.entries(engine.containers);
  if (path === "/containers/json") {
    const filters = JSON.parse(url.searchParams.get("filters") ?? "{}") as { label?: string[] };
    const wanted = filters.label ?? [];
    const found = all.filter(([, one]) => wanted.every((label) => carries(one, label)));
    return [200, found.map(([name, one]) => ({ Id: one.id, Names: [`/${name}`] }))];
  }
  const image = /^\/images\/(?:sha256:)?([0-9a-f]+)\/json$/.exec(path)?.[1];
  if (image !== undefined) {
    const names = engine.images?.[image];
    if (names === undefined) return [404, { message: `No such image: ${image}` }];
    const digests = names.filter((one) => one.includes("@"));
    const tags = names.filter((one) => !one.includes("@"));
    return [200, { Id: `sha256:${image}`, RepoTags: tags, RepoDigests: digests }];
  }
  const [, word = "", what] = /^\/containers\/([^/]+)\/(json|top)$/.exec(path) ?? [];
  const found =
    all.find(([name]) => name === word) ?? all.find(([, one]) => one.id.startsWith(word));
  if (what === undefined) return [404, { message: "page not found" }];
  if (found === undefined) return [404, { message: `No such container: ${word}` }];
  return what === "json" ? [200, inspected(found[0], found[1])] : top(found[1]);
}

function carries({ labels = {} }: ContainerLiteral, wanted: string): boolean {
  const [key = "", value] = wanted.split("=");
  return Object.hasOwn(labels, key) && (value === undefined || labels[key] === value);
}

/** `Running` is true of paused and restarting ones too, as in Docker's own answers. */
function inspected(name: string, one: ContainerLiteral): unknown {
  const up = ["running", "paused", "restarting"].includes(one.status);
  return {
    Id: one.id,
    Name: `/${name}`,
    Image: `sha256:${one.imageId ?? "1".repeat(64)}`,
    State: {
      Status: one.status,
      Running: up,
      Paused: one.status === "paused",
      Restarting: one.status === "restarting",
      Dead: one.status === "dead",
      Pid: up ? 4711 : 0,
      ...(one.health === undefined ? {} : { Health: { Status: one.health, FailingStreak: 0 } }),
    },
    Config: { Image: one.image ?? "shop:1.2.0", User: one.user ?? "", Labels: one.labels ?? {} },
  };
}

function top({ status, uid }: ContainerLiteral): [number, unknown] {
  if (status !== "running") return [409, { message: "container is not running" }];
  if (uid === undefined)
    return [500, { message: 'exec: "ps": executable file not found in $PATH' }];
  const rows = [
    ["4711", uid],
    ["4712", "12345"],
  ];
  return [200, { Titles: ["PID", "UID"], Processes: rows }];
}

function fail(how: NonNullable<EngineLiteral["fails"]>, response: ServerResponse): void {
  const json = (status: number, body: unknown): void => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  };
  if (how === "500") json(500, { message: "server error" });
  else if (how === "forbidden") json(403, { message: "authorization denied by plugin" });
  else if (how === "odd") json(200, { Id: 7, State: "running" });
  else if (how === "version")
    json(400, { message: "client version 1.12 is too old. Minimum supported API version is 1.44" });
  else if (how === "html") {
    response.writeHead(404, { "content-type": "text/html" });
    response.end("<h1>Not Found</h1>");
  } else if (how === "half") {
    response.writeHead(200, { "content-length": "1000" });
    response.write('{"Id":"', () => response.destroy());
  } else if (how === "flood") {
    const piece = Buffer.alloc(1024 * 1024, " ");
    const more = (): void => {
      while (!response.destroyed && response.write(piece));
    };
    response.on("drain", more);
    more();
  }
}
