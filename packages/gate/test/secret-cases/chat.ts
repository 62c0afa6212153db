import { ALNUM, DIGIT, type FamilyCases, signs } from "./row-cases.ts";

export const CHAT_CASES: FamilyCases = {
  "telegram-bot-token": {
    bad: [() => `token: ${signs(10, DIGIT)}:AA${signs(33, ALNUM)}\n`],
    ok: [
      () => `token: ${signs(10, DIGIT)}:AA${"x".repeat(33)}\n`,
      () => `token: ${signs(6, DIGIT)}:AA${signs(33, ALNUM)}\n`,
    ],
  },
};
