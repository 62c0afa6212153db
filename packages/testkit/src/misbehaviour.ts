/**
 * How a service goes wrong: the answers that every HTTP double can be told to give instead of its own.
 * A double takes them in order, one a request, and behaves again when none is left.
 */
import type { IncomingMessage, ServerResponse } from "node:http";

export type Misbehaviour =
  /** Any status with a text, as a proxy in front gives it. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly body?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Answers properly, but only after this long. */
  | { readonly kind: "slow"; readonly ms: number }
  /** Sends the head of an answer and then nothing. */
  | { readonly kind: "stall" }
  /** Cuts the connection before reading, or after having done what was asked. */
  | { readonly kind: "cut"; readonly after?: boolean }
  /** 200 and a body that is not the service's. */
  | { readonly kind: "garbage"; readonly body?: string }
  /** 200 and a body without an end. */
  | { readonly kind: "endless" }
  /** To another address. */
  | { readonly kind: "redirect"; readonly to: string; readonly status?: number };

/** Does it. True where the answer was given; false where the double shall still act (`slow`, `cut` after). */
export async function misbehave(
  how: Misbehaviour,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  switch (how.kind) {
    case "status":
      response.writeHead(how.status, how.headers ?? { "content-type": "text/html" });
      response.end(how.body ?? `<html><h1>${how.status}</h1></html>`);
      return true;
    case "slow":
      await new Promise((wake) => setTimeout(wake, how.ms));
      return false;
    case "stall":
      response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
      response.write("{");
      return true;
    case "cut":
      if (how.after) return false;
      request.socket.destroy();
      return true;
    case "garbage":
      response.writeHead(200, { "content-type": "application/json" });
      response.end(how.body ?? "<html>welcome to the hotel's wireless network</html>");
      return true;
    case "endless": {
      response.writeHead(200, { "content-type": "application/json" });
      const more = (): void => {
        while (!response.destroyed && response.write(" ".repeat(65_536)));
      };
      response.on("drain", more);
      more();
      return true;
    }
    case "redirect":
      response.writeHead(how.status ?? 307, { location: how.to });
      response.end();
      return true;
  }
}

/** All of a request's body as text, up to 1 MiB. */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > 1_048_576) throw new Error("the request is longer than 1 MiB");
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}
