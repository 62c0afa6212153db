/**
 * What a web address answers, for claims: decoded and bounded. Only http and https without a user, only
 * loopback and the hosts that the policy names; a redirection is an answer.
 */
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import type { HttpAnswer, Seen } from "../reach.ts";
import { notAllowed } from "./allowed-hosts.ts";
import { type OneAnswer, oneAnswer } from "./one-answer.ts";

const TIME = 3_000;
const MOST_BODY = 1024 * 1024;

const LACKS = {
  large: { reason: "BUDGET", why: `its body is longer than ${MOST_BODY} bytes` },
  late: { reason: "TIMEOUT", why: `its body did not end within ${TIME} ms` },
  broken: { reason: "UNREACHABLE", why: "its body broke off" },
  odd: { reason: "UNSUPPORTED", why: "its body is encoded in a way that is not read here" },
} as const;

/** Asks an address once; `body`: whether more than the head is needed. */
export async function webAnswer(
  text: string,
  body: boolean,
  hosts: readonly string[],
): Promise<Seen<HttpAnswer>> {
  if (!URL.canParse(text)) return { reason: "UNSUPPORTED", why: "no address" };
  const url = new URL(text);
  const secure = url.protocol === "https:";
  if ((!secure && url.protocol !== "http:") || url.username !== "" || url.password !== "")
    return { reason: "UNSUPPORTED", why: "http and https without a user are asked" };
  const port = Number(url.port || (secure ? 443 : 80));
  const no = notAllowed(url.hostname, port, hosts);
  if (no !== undefined) return no;
  const seen = await oneAnswer(
    {
      secure,
      host: url.hostname.replace(/^\[|\]$/g, ""),
      port,
      path: `${url.pathname}${url.search}`,
      headers: { host: url.host },
    },
    { ms: TIME, most: body ? MOST_BODY : 0 },
  );
  return "reason" in seen ? seen : { seen: answerOf(seen.seen, body) };
}

function answerOf({ status, headers, body, cut }: OneAnswer, wanted: boolean): HttpAnswer {
  const read = wanted ? decoded(body, headers["content-encoding"], cut) : { bytes: body };
  return {
    status,
    text: textOf(read.bytes, headers["content-type"] ?? ""),
    ...(status >= 300 && status < 400 && headers.location !== undefined
      ? { location: headers.location }
      : {}),
    ...("lacks" in read && read.lacks !== undefined ? { lacks: read.lacks } : {}),
  };
}

/** Nobody asked for an encoding; some servers send one all the same. */
function decoded(body: Buffer, encoding: string | undefined, cut: OneAnswer["cut"]) {
  const none = Buffer.alloc(0);
  const name = (encoding ?? "identity").trim().toLowerCase();
  if (name === "identity" || name === "")
    return { bytes: body, ...(cut === undefined ? {} : { lacks: LACKS[cut] }) };
  if (cut !== undefined) return { bytes: none, lacks: LACKS[cut] };
  const decode = { gzip: gunzipSync, "x-gzip": gunzipSync, deflate: inflateSync }[name];
  try {
    if (decode !== undefined) return { bytes: decode(body, { maxOutputLength: MOST_BODY }) };
    if (name === "br") return { bytes: brotliDecompressSync(body, { maxOutputLength: MOST_BODY }) };
  } catch (error) {
    const large = (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
    return { bytes: none, lacks: large ? LACKS.large : LACKS.odd };
  }
  return { bytes: none, lacks: LACKS.odd };
}

function textOf(bytes: Buffer, type: string): string {
  const charset = /charset="?([\w.:-]+)/i.exec(type)?.[1] ?? "utf-8";
  try {
    return new TextDecoder(charset, { ignoreBOM: true }).decode(bytes);
  } catch {
    return bytes.toString("utf8");
  }
}
