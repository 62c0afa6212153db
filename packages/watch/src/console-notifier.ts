/** The notifier that needs nothing: writes each alert as plain text, for a log or a terminal. */
import type { Notifier } from "./channel.ts";
import { textOf } from "./message.ts";

/** Longest message; a terminal or a journal takes more, a reader does not. */
const LIMIT = 16_384;

/** A notifier named `console` that hands text, ended by a line feed, to `write`. */
export function consoleNotifier(write: (text: string) => void): Notifier {
  return {
    kind: "notifier",
    name: "console",
    notify: async (message) => {
      write(`wingman: ${textOf(message, LIMIT)}\n`);
      return {};
    },
  };
}
