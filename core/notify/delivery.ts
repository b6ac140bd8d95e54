import type { DeliveryState, Notice } from '../model/notices.ts';
import type { DeliveryRow, Send } from './delivery-row.ts';
import type { DeliverySettings } from './delivery-settings.ts';
import { Lane } from './lane.ts';
import { mailSender } from './mail.ts';
import { NoticeFeed } from './notice-feed.ts';
import { Outbox, type PlacedNotice } from './outbox.ts';
import { StateLane } from './state-lane.ts';
import { webhookSender } from './webhook.ts';

const POLL_MS = 250;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** What came to its end is kept for as long. */
const KEEP_MS = 30 * DAY_MS;
const BATCH = 500;
const SCREEN_BATCH = 100;
const CLOSE_WAIT_MS = 3000;

export interface DeliveryOptions {
  readonly historyFile: string;
  readonly outboxFile: string;
  readonly settings: DeliverySettings;
  /** Shows notices for desktop and sound in the windows. */
  readonly show: (notice: DeliveryRow) => void;
  readonly now?: () => number;
  readonly pollMs?: number;
}

/**
 * Delivers the notices that the history holds: takes them into the outbox, sends them, tries again, and keeps what became of each.
 * Nothing is lost: a notice is in the history in one commit with the alert's transition, and in the outbox before its place in the
 * history is passed. Lives in a thread of its own; not thread-safe.
 */
export class Delivery {
  readonly outbox: Outbox;
  readonly #feed: NoticeFeed;
  readonly #options: DeliveryOptions;
  readonly #now: () => number;
  readonly #lanes: readonly Lane[];
  readonly #states: StateLane | undefined;
  readonly #closeMail: () => void;
  #timer: NodeJS.Timeout | undefined;
  #failure = '';
  #prunedMs = 0;

  /** Throws when a file cannot be used. */
  constructor(options: DeliveryOptions) {
    const { settings } = options;
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.outbox = new Outbox(options.outboxFile);
    this.#feed = new NoticeFeed(options.historyFile);
    const mail = settings.mail && mailSender(settings.mail);
    this.#closeMail = () => mail?.close();
    const hooks = webhookSender({
      addressOf: (name) => addressOf(settings, name),
      secret: settings.webhookSecret,
      now: this.#now,
    });
    this.#lanes = [
      new Lane({ channel: 'mail', outbox: this.outbox, send: mail?.send ?? noMail, now: this.#now, perTarget: 2 }),
      new Lane({ channel: 'webhook', outbox: this.outbox, send: hooks, now: this.#now, perTarget: 2 }),
    ];
    this.#states = settings.broker && new StateLane(settings.broker, this.outbox, this.#now);
  }

  /** Begins to deliver; to be called once, when what it shows can be taken. */
  start(): void {
    this.#timer = setInterval(() => this.#pump(), this.#options.pollMs ?? POLL_MS);
    this.#pump();
  }

  /** Sentences about what is not as it should be. */
  get problems(): string[] {
    const problems = this.#failure ? [this.#failure] : [];
    if (this.#states?.problem) problems.push(this.#states.problem);
    const dead = this.#failure ? 0 : this.outbox.deadSince(this.#now() - DAY_MS);
    if (dead > 0)
      problems.push(
        `${dead} notices of the last day could not be delivered and were given up. The list of notices says why.`,
      );
    return problems;
  }

  list(limit: number, state?: DeliveryState): DeliveryRow[] {
    return this.outbox.list(limit, state);
  }

  /** Has what was given up sent again; answers for how many receivers. */
  retry(noticeId: string): number {
    const count = this.outbox.retry(noticeId, this.#now());
    this.#pump();
    return count;
  }

  /** Sends a notice that is not from the history. */
  send(notice: Notice): void {
    this.outbox.add(notice, this.#now());
    this.#pump();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all([...this.#lanes.map((lane) => lane.close(CLOSE_WAIT_MS)), this.#states?.close()]);
    this.#closeMail();
    this.#feed.close();
    this.outbox.close();
  }

  #pump(): void {
    try {
      this.#takeIn();
      this.#show();
      for (const lane of this.#lanes) lane.pump();
      this.#states?.pump();
      this.#prune();
      this.#failure = '';
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#failure = `Notices cannot be delivered: ${why}. It is tried again; free some space if the disk is full.`;
    }
  }

  #takeIn(): void {
    if (!this.#feed.hasChanged()) return;
    let position = this.outbox.position;
    // A history that is shorter than what was read of it is another one.
    if (this.#feed.newest < position) position = 0;
    let placed: PlacedNotice[];
    do {
      placed = this.#feed.after(position, BATCH);
      position = placed.at(-1)?.position ?? position;
      if (placed.length > 0) this.outbox.takeIn(placed, position, this.#now());
    } while (placed.length === BATCH);
    this.#feed.caughtUp();
  }

  /** They are marked as sent before they are shown: what windows show goes with them when the program is killed. */
  #show(): void {
    for (const channel of ['sound', 'desktop'] as const) {
      const due = this.outbox.begin(channel, '', this.#now(), SCREEN_BATCH);
      if (due.length === 0) continue;
      this.outbox.sent(
        due.map(({ seq }) => seq),
        this.#now(),
      );
      for (const notice of due) this.#options.show(notice);
    }
  }

  #prune(): void {
    if (this.#now() - this.#prunedMs < HOUR_MS) return;
    this.#prunedMs = this.#now();
    this.outbox.prune(this.#prunedMs - KEEP_MS);
  }
}

function addressOf({ webhooks }: DeliverySettings, name: string): string | undefined {
  return Object.hasOwn(webhooks, name) ? webhooks[name] : undefined;
}

const noMail: Send = async () => ({
  sent: false,
  error: 'No mail server is known. Add mail: to notify.yaml and start the room again.',
});
