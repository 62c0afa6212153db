/** Chat services: bot tokens. */
import { FILLER } from "../filler.ts";
import type { SecretRow } from "../row.ts";

export const CHAT_ROWS: readonly SecretRow[] = [
  {
    id: "telegram-bot-token",
    kind: "Telegram bot token",
    family: "chat",
    vendor: "Telegram",
    harm: "high",
    source: "https://core.telegram.org/bots/api#authorizing-your-bot",
    keywords: [":aa"],
    pattern: /(?<!\d)\d{8,10}:AA[\w-]{33}(?![\w-])/g,
    clears: [FILLER],
  },
];
