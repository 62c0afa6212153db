/**
 * The program's entry and its one catch: findings are values that commands report, faults end here.
 * A fault blocks (exit 2), and says what to do.
 */
import { isFault, visible } from "@wingman/model";
import { withGitlabLines } from "./gitlab-lines.ts";
import { EXIT, type Io } from "./io.ts";
import { commandLine, exitWith, keepCompiledCode, processIo } from "./process-io.ts";
import { systemFault } from "./system-fault.ts";

/** Runs one command line. Gives the exit code; throws nothing. */
export async function main(args: readonly string[], io: Io): Promise<number> {
  try {
    // The hot path: a hook needs no command-line library.
    if (args[0] === "hook") {
      const { hook } = await import("./commands/hook.ts");
      return await hook(args.slice(1), io);
    }
    if (args[0] === "ssh-sign") {
      const { sshSign } = await import("./commands/ssh-sign.ts");
      return await sshSign(args.slice(1), io);
    }
    const { runProgram } = await import("./program.ts");
    return await runProgram(args, io);
  } catch (error) {
    io.err(faultText(error));
    return EXIT.fault;
  }
}

/** What a person reads of a fault: what, why, what to do. An unexpected error shows its stack. */
function faultText(error: unknown): string {
  const known = isFault(error) ? error : systemFault(error);
  if (known !== undefined)
    return `wingman: ${visible(known.message)}\n  help: ${known.hint}\n  code: ${known.code} (wingman explain ${known.code})\n`;
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return (
    `wingman: this is a defect in Wingman, and nothing was let through because of it\n${stack}\n` +
    "  help: report it with the lines above; they hold no file content\n"
  );
}

keepCompiledCode();
exitWith(await main(commandLine(), withGitlabLines(processIo())));
