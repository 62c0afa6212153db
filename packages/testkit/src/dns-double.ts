/** A real name server over UDP on loopback: zones as a literal, and the ways in which servers fail. */
import { createSocket } from "node:dgram";

/** Records by name, then by kind; or a failure for the whole name. */
export type Zones = Readonly<
  Record<string, Readonly<Record<string, readonly string[]>> | "nxdomain" | "servfail" | "silent">
>;

export interface DnsDouble {
  /** `127.0.0.1:<port>`. */
  readonly address: string;
  close(): void;
}

const KINDS: Readonly<Record<string, number>> = {
  A: 1,
  NS: 2,
  CNAME: 5,
  MX: 15,
  TXT: 16,
  AAAA: 28,
};

/** Starts one; a name that no zone has is NXDOMAIN, a kind that it has not is an empty answer. */
export async function dnsDouble(zones: Zones): Promise<DnsDouble> {
  const socket = createSocket("udp4");
  socket.on("message", (query, from) => {
    const answer = answerTo(query, zones);
    if (answer !== undefined) socket.send(answer, from.port, from.address);
  });
  await new Promise<void>((ready) => socket.bind(0, "127.0.0.1", ready));
  socket.unref();
  return {
    address: `127.0.0.1:${socket.address().port}`,
    close: () => {
      socket.close();
    },
  };
}

/** RFC 1035 §4: header, the question as it came, answers that point at its name. */
function answerTo(query: Buffer, zones: Zones): Buffer | undefined {
  const labels: string[] = [];
  let at = 12;
  for (let size = query[at] ?? 0; size > 0; size = query[at] ?? 0) {
    labels.push(query.toString("latin1", at + 1, at + 1 + size));
    at += size + 1;
  }
  const kind = query.readUInt16BE(at + 1);
  const zone = zones[labels.join(".").toLowerCase()] ?? "nxdomain";
  if (zone === "silent") return undefined;
  const code = zone === "servfail" ? 2 : zone === "nxdomain" ? 3 : 0;
  const word = Object.keys(KINDS).find((one) => KINDS[one] === kind) ?? "";
  const values = typeof zone === "string" ? [] : (zone[word] ?? []);
  const head = Buffer.alloc(12);
  query.copy(head, 0, 0, 2);
  head.writeUInt16BE(0x8580 | code, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(values.length, 6);
  const records = values.map((value) => {
    const bytes = valueBytes(word, value);
    const record = Buffer.alloc(12);
    record.writeUInt16BE(0xc00c, 0);
    record.writeUInt16BE(kind, 2);
    record.writeUInt16BE(1, 4);
    record.writeUInt32BE(60, 6);
    record.writeUInt16BE(bytes.length, 10);
    return Buffer.concat([record, bytes]);
  });
  return Buffer.concat([head, query.subarray(12, at + 5), ...records]);
}

function valueBytes(kind: string, value: string): Buffer {
  if (kind === "A") return Buffer.from(value.split(".").map(Number));
  if (kind === "AAAA") return Buffer.from(value.replaceAll(":", ""), "hex");
  if (kind === "TXT") return Buffer.concat([Buffer.from([value.length]), Buffer.from(value)]);
  if (kind !== "MX") return nameBytes(value);
  const [priority = "0", host = ""] = value.split(" ");
  const first = Buffer.alloc(2);
  first.writeUInt16BE(Number(priority));
  return Buffer.concat([first, nameBytes(host)]);
}

function nameBytes(name: string): Buffer {
  const parts = name.split(".").filter((one) => one !== "");
  const labels = parts.map((one) => Buffer.concat([Buffer.from([one.length]), Buffer.from(one)]));
  return Buffer.concat([...labels, Buffer.from([0])]);
}
