/**
 * Asks a service with every bound that a hostile or broken one makes necessary: time for connecting
 * and reading, bytes of the answer, no redirect (it would carry the message, or a token in its
 * address, to somebody else). What `fetch` throws is never passed on: its text may hold the address.
 */
import { visible } from "@wingman/model";
import { NotDelivered } from "./channel.ts";

export type Fetch = typeof globalThis.fetch;

export interface FetchBounds {
  /** From the call to the answer's last byte, in milliseconds. */
  readonly timeoutMs: number;
  /** Of the answer, decompressed. */
  readonly maxBytes: number;
}

/** A `fetch` with these bounds: its Response is already read. Throws only {@link NotDelivered}. */
export function boundedFetch(fetch: Fetch, bounds: FetchBounds): Fetch {
  return async (input, init) => {
    // Whole milliseconds: it throws on what a monotonic clock leaves of a budget.
    const timeoutMs = Math.max(1, Math.ceil(bounds.timeoutMs));
    const timeout = AbortSignal.timeout(timeoutMs);
    const outer = init?.signal ?? undefined;
    const signal = outer === undefined ? timeout : AbortSignal.any([timeout, outer]);
    try {
      const response = await fetch(input, { ...init, redirect: "manual", signal });
      return await readWithin(response, bounds.maxBytes);
    } catch (error) {
      if (error instanceof NotDelivered) throw error;
      if (outer?.aborted) throw new NotDelivered("given up: its time was over");
      if (timeout.aborted) throw new NotDelivered(`no answer within ${timeoutMs} ms`);
      throw new NotDelivered(`no connection (${codeOf(error)})`);
    }
  };
}

async function readWithin(response: Response, maxBytes: number): Promise<Response> {
  const { status, headers } = response;
  if (status >= 300 && status < 400) {
    await response.body?.cancel();
    throw new NotDelivered(`answered with a redirect (${status}), which is not followed`, {
      permanent: true,
    });
  }
  if (status < 200 || status > 599) throw new NotDelivered(`answered with status ${status}`);
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of response.body ?? []) {
    size += piece.byteLength;
    // Leaving the loop cancels the stream, and with it the connection.
    if (size > maxBytes) throw new NotDelivered(`answered with more than ${maxBytes} bytes`);
    pieces.push(piece);
  }
  const body = status === 204 || status === 205 ? null : Buffer.concat(pieces);
  return new Response(body, { status, headers });
}

/** ECONNREFUSED, UND_ERR_SOCKET, CERT_HAS_EXPIRED: a code says enough, and holds no address. */
function codeOf(error: unknown): string {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    const code = "code" in at ? at.code : undefined;
    if (typeof code === "string" && /^[A-Z][A-Z0-9_]{1,60}$/.test(code)) return code;
  }
  return "unknown";
}

/** Codes that another try cannot change. 408, 425 and 429 say themselves that it can. */
export function isPermanent(status: number): boolean {
  return status >= 400 && status < 500 && ![408, 425, 429].includes(status);
}

const LONGEST_WAIT = 24 * 3_600_000;

/** `Retry-After` in milliseconds, seconds or a date (RFC 9110 10.2.3); a day at most. */
export function retryAfterOf(value: string | null | undefined, now: number): number | undefined {
  if (value === null || value === undefined) return undefined;
  const text = value.trim();
  // Only a date that begins with its day: Date.parse would take "-5" for the year 2001.
  const isDate = /^[A-Z][a-z]{2,8}, /.test(text);
  const wait = isDate
    ? Date.parse(text) - now
    : /^\d{1,20}$/.test(text)
      ? Number(text) * 1000
      : NaN;
  return Number.isFinite(wait) ? Math.min(LONGEST_WAIT, Math.max(0, wait)) : undefined;
}

/** What a service said, fit for one line of a message of ours. Redact it before. */
export function quoteAnswer(text: string): string {
  const line = visible(text.replace(/\s+/g, " ").trim().slice(0, 800)).slice(0, 200);
  return line === "" ? "no reason given" : `it says: ${line}`;
}
