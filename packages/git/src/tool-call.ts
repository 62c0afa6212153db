/**
 * One short call of a program of this machine that only tells, as `systemctl show`: found in the folders that
 * the caller trusts, bounded in time and output, with no input and no environment but what it is given.
 */
import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import type { Environment } from "./repo.ts";

const TIME = 5_000;
const MOST_OUTPUT = 64 * 1024;

type Told =
  | { readonly seen: { readonly code: number; readonly stdout: string; readonly stderr: string } }
  | {
      readonly reason: "TOOL_MISSING" | "TIMEOUT" | "BUDGET" | "UNREACHABLE";
      readonly why: string;
    };

/** Calls it once: `[program, ...first]` and `rest`. Any exit code is an answer; a signal is none. */
export function toolCall(
  [program = "", ...first]: readonly string[],
  rest: readonly string[],
  env: Environment,
): Promise<Told> {
  const file = found(program, env["PATH"] ?? "");
  if (file === undefined)
    return Promise.resolve({ reason: "TOOL_MISSING", why: `${program} is not installed here` });
  return new Promise((done) => {
    const child = spawn(file, [...first, ...rest], {
      env: env as Record<string, string | undefined>,
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
    });
    const texts = { stdout: "", stderr: "" };
    const end = (told: Told): void => {
      clearTimeout(timer);
      child.kill("SIGKILL");
      // A child of its own may hold them open for ever.
      child.stdout.destroy();
      child.stderr.destroy();
      done(told);
    };
    for (const name of ["stdout", "stderr"] as const)
      child[name].setEncoding("utf8").on("data", (text: string) => {
        texts[name] += text;
        if (texts[name].length > MOST_OUTPUT)
          end({ reason: "BUDGET", why: `${program} says more than is read` });
      });
    const timer = setTimeout(
      () => end({ reason: "TIMEOUT", why: `${program} does not answer within ${TIME} ms` }),
      TIME,
    );
    child.once("error", (error) =>
      end({ reason: "TOOL_MISSING", why: `${program} could not be started: ${error.message}` }),
    );
    child.once("close", (code) =>
      end(
        code === null
          ? { reason: "UNREACHABLE", why: `${program} was ended by a signal` }
          : { seen: { code, ...texts } },
      ),
    );
  });
}

function found(program: string, path: string): string | undefined {
  return path
    .split(":")
    .map((folder) => join(folder, program))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
