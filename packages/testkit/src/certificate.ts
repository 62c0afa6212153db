/** Certificates made at run time: expired, for another name, signed by themselves. X.509 v3 by hand, P-256. */
import { generateKeyPairSync, randomBytes, sign } from "node:crypto";

export interface MadeCertificate {
  /** PEM, for a TLS server. */
  readonly cert: string;
  readonly key: string;
}

/** One that signed itself; `names` are DNS names or IPv4 addresses that it speaks for. */
export function makeCertificate(about: {
  readonly names: readonly string[];
  readonly from: string;
  readonly until: string;
}): MadeCertificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = sequence(oid("2a8648ce3d040302"));
  const name = sequence(
    der(0x31, sequence(oid("550403"), der(0x0c, Buffer.from(about.names[0] ?? "nobody")))),
  );
  const alternative = sequence(
    ...about.names.map((one) =>
      /^[\d.]+$/.test(one)
        ? der(0x87, Buffer.from(one.split(".").map(Number)))
        : der(0x82, Buffer.from(one)),
    ),
  );
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    name,
    sequence(time(about.from), time(about.until)),
    name,
    publicKey.export({ format: "der", type: "spki" }),
    der(0xa3, sequence(sequence(oid("551d11"), der(0x04, alternative)))),
  );
  const signature = der(0x03, Buffer.concat([Buffer.from([0]), sign("sha256", body, privateKey)]));
  const whole = sequence(body, algorithm, signature).toString("base64");
  const lines = (whole.match(/.{1,64}/g) ?? []).join("\n");
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
  };
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size =
    length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, "hex"));
}

/** `2027-01-01` as a GeneralizedTime. */
function time(day: string): Buffer {
  return der(0x18, Buffer.from(`${day.replaceAll("-", "")}000000Z`));
}
