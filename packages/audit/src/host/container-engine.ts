/** Containers as an engine's own socket tells them (Docker and Podman speak the same). It only asks. */
import { stat } from "node:fs/promises";
import { request } from "node:http";
import type { ContainerEngine, ContainerState, Seen } from "../reach.ts";

const TIME = 3_000;
const MOST_BODY = 4 * 1024 * 1024;

/** The engine behind the first of these sockets that is there. */
export function containerEngine(sockets: readonly string[]): ContainerEngine {
  return {
    container: async (name) => {
      // The one spelling that engines give names and ids; anything else would be another address.
      if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,254}$/.test(name))
        return { reason: "UNSUPPORTED", why: "no container's name" };
      for (const socket of sockets) {
        const found = await stat(socket).catch(() => undefined);
        if (found?.isSocket() === true) return await ask(socket, name);
      }
      return { reason: "TOOL_MISSING", why: "no container engine's socket is here" };
    },
  };
}

function ask(socketPath: string, name: string): Promise<Seen<ContainerState | undefined>> {
  return new Promise((done) => {
    const asked = request(
      { socketPath, path: `/containers/${name}/json`, signal: AbortSignal.timeout(TIME) },
      (answer) => {
        const pieces: Buffer[] = [];
        let size = 0;
        answer.on("data", (piece: Buffer) => {
          size += piece.length;
          if (size <= MOST_BODY) pieces.push(piece);
          else answer.destroy();
        });
        answer.once("error", () => done({ reason: "UNREACHABLE", why: "the engine broke off" }));
        answer.once("end", () => {
          if (answer.statusCode === 404) done({ seen: undefined });
          else done(stateOf(answer.statusCode ?? 0, Buffer.concat(pieces).toString("utf8")));
        });
      },
    );
    asked.once("error", (error: NodeJS.ErrnoException) =>
      done(
        error.code === "EACCES"
          ? { reason: "PERMISSION", why: "the engine's socket may not be asked" }
          : {
              reason: "UNREACHABLE",
              why: `the engine does not answer: ${error.code ?? error.name}`,
            },
      ),
    );
    asked.end();
  });
}

interface Inspected {
  readonly Id?: string;
  readonly Config?: { readonly Image?: string; readonly User?: string };
  readonly State?: { readonly Running?: boolean; readonly Health?: { readonly Status?: string } };
}

function stateOf(status: number, text: string): Seen<ContainerState> {
  try {
    const { Id: id, Config: config, State: state } = JSON.parse(text) as Inspected;
    if (status === 200 && typeof id === "string" && typeof state?.Running === "boolean") {
      const health = state.Health?.Status;
      return {
        seen: {
          id,
          image: String(config?.Image ?? ""),
          running: state.Running,
          user: String(config?.User ?? ""),
          ...(health === undefined ? {} : { health }),
        },
      };
    }
  } catch {
    // Told below.
  }
  return { reason: "UNREACHABLE", why: `the engine answers with ${status}` };
}
