/**
 * The program's entry and its one catch: findings are values that commands report, faults end here.
 * A fault blocks (exit 2), and says what to do.
 */
import { faultText } from "./fault-text.ts";
import { withGitlabLines } from "./gitlab-lines.ts";
import { EXIT, type Io } from "./io.ts";
import { commandLine, exitWith, keepCompiledCode, processIo } from "./process-io.ts";

/** Runs one command line. Gives the exit code; throws nothing. */
export async function main(args: readonly string[], io: Io): Promise<number> {
  try {
    // A hook needs no command-line library. Shims start hook-local.ts or hook-server.ts instead, which is quicker.
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

keepCompiledCode();
exitWith(await main(commandLine(), withGitlabLines(processIo())));
