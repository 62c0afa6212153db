/**
 * One HTTP request and its one answer, bounded in time and in bytes, over TCP or a socket of this machine. It
 * follows nothing, keeps no connection, and says of a body that broke off that it is not all.
 */
import type { IncomingMessage, RequestOptions } from "node:http";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Seen } from "../reach.ts";

/** Why a body is not all that was sent. */
export type Cut = "large" | "late" | "broken";

export interface OneAnswer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
  readonly cut?: Cut;
}

export interface Bounds {
  readonly ms: number;
  /** Bytes of the body; 0: its head is enough. */
  readonly most: number;
}

/** Asks once. A connection that is refused, too slow or speaks no HTTP is a reason, never an answer. */
export function oneAnswer(
  options: RequestOptions & { readonly secure?: boolean },
  { ms, most }: Bounds,
): Promise<Seen<OneAnswer>> {
  const { secure, ...rest } = options;
  const signal = AbortSignal.timeout(ms);
  return new Promise((done) => {
    let answered = false;
    const asked = (secure === true ? httpsRequest : httpRequest)(
      {
        method: "GET",
        ...rest,
        agent: false,
        headers: { "user-agent": "wingman-audit", connection: "close", ...rest.headers },
        signal,
        ...(secure === true ? { rejectUnauthorized: false } : {}),
      },
      (answer) => {
        answered = true;
        read(answer, { most, signal }, (seen) => done({ seen }));
      },
    );
    asked.on("error", (error: NodeJS.ErrnoException) => {
      // What ends a body early is told by the answer itself.
      if (!answered) done(notAsked(error, ms));
    });
    asked.end();
  });
}

function read(
  answer: IncomingMessage,
  { most, signal }: { readonly most: number; readonly signal: AbortSignal },
  done: (seen: OneAnswer) => void,
): void {
  const pieces: Buffer[] = [];
  let size = 0;
  answer.on("data", (piece: Buffer) => {
    size += piece.length;
    if (size <= most) pieces.push(piece);
    else answer.destroy();
  });
  // Told by `close`, which comes after every end, also where we ended it.
  answer.on("error", () => {});
  answer.once("close", () => {
    const cut: Cut | undefined =
      size > most ? "large" : answer.complete ? undefined : signal.aborted ? "late" : "broken";
    done({
      status: answer.statusCode ?? 0,
      headers: answer.headers,
      body: Buffer.concat(pieces),
      ...(cut === undefined ? {} : { cut }),
    });
  });
  if (most === 0) answer.destroy();
}

function notAsked(error: NodeJS.ErrnoException, ms: number): Seen<never> {
  if (error.name === "AbortError" || error.name === "TimeoutError" || error.code === "ETIMEDOUT")
    return { reason: "TIMEOUT", why: `no answer within ${ms} ms` };
  if (error.code === "EACCES" || error.code === "EPERM")
    return { reason: "PERMISSION", why: "it may not be asked" };
  return { reason: "UNREACHABLE", why: `no answer: ${error.code ?? error.name}` };
}
