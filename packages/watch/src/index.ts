export type { Accepted, Channel, Notifier, Tracker } from "./channel.ts";
export { NotDelivered } from "./channel.ts";
export type { Channels, ChannelsInput, Miss } from "./channels.ts";
export { channelsOf } from "./channels.ts";
export { consoleNotifier } from "./console-notifier.ts";
export type { FollowOptions, Reason } from "./follow.ts";
export { followLedger, ledgerPaths, passDue } from "./follow.ts";
export type { GithubIssuesOptions } from "./github-issues.ts";
export { githubIssues } from "./github-issues.ts";
export type { FirstStart } from "./historic.ts";
export { gatherHistoric } from "./historic.ts";
export type { AlertMessage, Occurrence, ToldOccurrence } from "./message.ts";
export { alertMessage, cutText, textOf } from "./message.ts";
export type { AlertDraft, Outbox, OutboxLine } from "./outbox.ts";
export { alertKey, doneKeys, externalIdOf, restingKeys, unrecorded } from "./outbox.ts";
export { openOutbox } from "./outbox-file.ts";
export type { PerformContext } from "./perform.ts";
export { performSteps } from "./perform.ts";
export type { PlanInput, Step, StepKind } from "./plan.ts";
export { planAlerts, stepKey } from "./plan.ts";
export type { LedgerNow, LedgerTrouble, Sighting } from "./sighting.ts";
export {
  ledgerTrouble,
  sightingLine,
  sightingOf,
  troubleMessage,
  troubleSteps,
} from "./sighting.ts";
export type { TelegramOptions } from "./telegram.ts";
export { telegramNotifier } from "./telegram.ts";
export type { WebhookOptions } from "./webhook.ts";
export { webhookNotifier } from "./webhook.ts";
