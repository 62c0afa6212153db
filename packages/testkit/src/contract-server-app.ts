/** A GitHub App on the contract server: its signed proof, and the installation tokens it may ask for. */
import { verify } from "node:crypto";
import type { Caller } from "./contract-server-answer.ts";
import { type Call, notFound, type OperationRow, ok, Refusal } from "./contract-server-answer.ts";

export interface ContractApp {
  readonly id: number;
  /** Its bot's login: `wingman[bot]`. */
  readonly login: string;
  readonly installation: number;
  /** PEM of an RSA public key. */
  readonly publicKey: string;
  readonly permissions: Readonly<Record<string, "read" | "write">>;
}

/** Ten minutes, in seconds: what GitHub lets a proof live. */
const LONGEST_LIFE = 600;

/**
 * The caller that an app's JSON Web Token proves. Takes the token and the time in milliseconds. Throws
 * GitHub's 401 for one that is not signed by the app, expired, or valid for too long.
 */
export function provenApp(app: ContractApp, token: string, now: number): Caller {
  const [head = "", claims = "", signature = ""] = token.split(".");
  const signed = verify(
    "RSA-SHA256",
    Buffer.from(`${head}.${claims}`),
    app.publicKey,
    Buffer.from(signature, "base64url"),
  );
  if (!signed) throw new Refusal(401, "A JSON web token could not be decoded");
  const said = JSON.parse(Buffer.from(claims, "base64url").toString()) as {
    readonly iss?: number | string;
    readonly iat?: number;
    readonly exp?: number;
  };
  const seconds = now / 1000;
  if (Number(said.iss) !== app.id) throw new Refusal(401, "Integration not found");
  const ends = said.exp ?? 0;
  if (ends <= seconds)
    throw new Refusal(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  if (ends - seconds > LONGEST_LIFE + 1)
    throw new Refusal(401, "'Expiration time' claim ('exp') is too far in the future");
  if ((said.iat ?? 0) > seconds + 1)
    throw new Refusal(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  return { login: app.login, kind: "app", permissions: {} };
}

/** The row that hands out tokens. `grant` makes one with no more than the app itself may. */
export function appOperations(
  app: ContractApp | undefined,
  grant: (permissions: Readonly<Record<string, "read" | "write">>, login: string) => string,
): readonly OperationRow[] {
  const perform = (call: Call) => {
    if (call.caller.kind !== "app" || app === undefined)
      throw new Refusal(401, "A JSON web token could not be decoded");
    if (call.names["installation_id"] !== app.installation) throw notFound();
    const asked = (call.body["permissions"] ?? app.permissions) as ContractApp["permissions"];
    for (const [name, level] of Object.entries(asked)) {
      const own = app.permissions[name];
      if (own === undefined || (own === "read" && level === "write"))
        throw new Refusal(422, "The permissions requested are not granted to this installation.");
    }
    const ends = Date.parse(call.state.now()) + 3_600_000;
    const expires = new Date(ends).toISOString().replace(/\.\d{3}Z$/, "Z");
    return ok({ token: grant(asked, app.login), expires_at: expires, permissions: asked }, 201);
  };
  const id = "apps/create-installation-access-token";
  return [{ id, resource: "Installation", needs: [], level: "read", perform }];
}
