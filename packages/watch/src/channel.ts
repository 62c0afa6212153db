/**
 * The two ports. A tracker remembers incidents (an issue each), a notifier says them aloud. They are
 * kept apart since losing one is not losing the other.
 */
import type { AlertMessage } from "./message.ts";

/** What a channel answers when it has accepted: its own name for what it made. */
export interface Accepted {
  readonly externalId?: string;
}

export interface Notifier {
  readonly kind: "notifier";
  readonly name: string;
  /**
   * Resolves when the service has accepted; throws {@link NotDelivered} (or anything) otherwise.
   * `budgetMs` is the time left for it: a success after that would be told as a failure, and repeated.
   */
  notify(message: AlertMessage, budgetMs?: number): Promise<Accepted>;
}

export interface Tracker {
  readonly kind: "tracker";
  readonly name: string;
  /**
   * Must look for an entry of the same incident first: a crash between its answer and our note of it
   * brings the same call again.
   */
  open(message: AlertMessage, budgetMs?: number): Promise<Accepted>;
  update(
    message: AlertMessage,
    externalId: string | undefined,
    budgetMs?: number,
  ): Promise<Accepted>;
  close(
    message: AlertMessage,
    externalId: string | undefined,
    budgetMs?: number,
  ): Promise<Accepted>;
}

export type Channel = Notifier | Tracker;

/** Why a channel did not take a message, and whether trying again can help. */
export class NotDelivered extends Error {
  /** True for what another try cannot change: 400, 401, 403, 404. */
  readonly permanent: boolean;
  /** What the service asks us to wait (`retry_after`), in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** True where only this message was refused; else the channel is taken to be down for the others, too. */
  readonly onlyThis: boolean;

  constructor(
    message: string,
    detail: {
      readonly permanent?: boolean;
      readonly retryAfterMs?: number | undefined;
      readonly onlyThis?: boolean;
    } = {},
  ) {
    super(message);
    this.name = "NotDelivered";
    this.permanent = detail.permanent ?? false;
    this.retryAfterMs = detail.retryAfterMs;
    this.onlyThis = detail.onlyThis ?? false;
  }
}
