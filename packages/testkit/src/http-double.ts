/** A real HTTP server on this machine that stands for a service; the doubles give it their answers. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { bodyOf, type Misbehaviour, misbehave } from "./misbehaviour.ts";

export interface DoubleAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface DoubleRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface HttpDouble {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** Every request, those that were answered badly included. */
  readonly requests: readonly DoubleRequest[];
  /** What the next requests get instead of an answer, one each. */
  misbehave(...how: readonly Misbehaviour[]): void;
  close(): Promise<void>;
}

/** Starts one. `answer` is called once for each request that the double takes. */
export async function httpDouble(
  answer: (request: DoubleRequest) => DoubleAnswer,
): Promise<HttpDouble> {
  const requests: DoubleRequest[] = [];
  const queue: Misbehaviour[] = [];
  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const how = queue.shift();
    const request: DoubleRequest = {
      method: incoming.method ?? "GET",
      path: incoming.url ?? "/",
      headers: incoming.headers,
      body: await bodyOf(incoming),
    };
    requests.push(request);
    if (how !== undefined && (await misbehave(how, incoming, response))) return;
    const { status, headers, body } = answer(request);
    // It has acted; its answer is lost on the way.
    if (how?.kind === "cut") return void incoming.socket.destroy();
    if (response.destroyed) return;
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(body);
  };
  const server = createServer((incoming, response) => {
    serve(incoming, response).catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    misbehave: (...how) => void queue.push(...how),
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
