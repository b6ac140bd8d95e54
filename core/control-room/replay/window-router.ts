import { RoomError } from '../../protocol/errors.ts';
import type { ReplayState } from '../../protocol/replay.ts';
import type { RequestArgs } from '../../protocol/requests.ts';
import type { RoomTransport, ToRoom, ToWindow, WindowTransport } from '../../protocol/transport.ts';
import { isQueryRequest } from '../query-requests.ts';
import type { OpenReplay, ReplayDesk } from './replay-desk.ts';
import { isReplayRequest, isRoomRequest } from './replay-requests.ts';

type Request = Extract<ToRoom, { t: 'request' }>;

/** Ways to the workers of the live room. */
export interface LiveRoom {
  readonly engine: WindowTransport;
  readonly queries: WindowTransport;
}

/** Requests that go on when a window is switched: what it last asked for is asked of the other side. */
const STANDING: ReadonlySet<string> = new Set(['fleet.open', 'vehicle.watch']);
/** The window's own requests have positive ids; answers to others do not concern it. */
const NOT_FROM_WINDOW = -1;

/**
 * Carries one window's messages to the worker that answers them, and everything back: to the live room, or to the replay that
 * the window has opened. Nothing a window does in a replay reaches the live room.
 */
export class WindowRouter {
  readonly #window: RoomTransport;
  readonly #live: LiveRoom;
  readonly #desk: ReplayDesk;
  readonly #standing = new Map<string, Request>();
  /** Requests the replay has not answered yet. */
  readonly #pending = new Set<number>();
  #replay: OpenReplay | undefined;
  #opening: AbortController | undefined;
  /** What the window shows comes from the live room. */
  #isLive = true;
  #isGone = false;

  constructor(window: RoomTransport, live: LiveRoom, desk: ReplayDesk, onGone: () => void) {
    this.#window = window;
    this.#live = live;
    this.#desk = desk;
    window.onMessage((message) => this.#fromWindow(message));
    for (const worker of [live.engine, live.queries]) worker.onMessage((message) => this.#fromLive(message));
    live.engine.onFrame((frame) => {
      if (!this.#replay) window.sendFrame(frame);
    });
    live.engine.onClose(() => window.close());
    window.onClose(() => {
      if (this.#isGone) return;
      this.#isGone = true;
      onGone();
      this.#opening?.abort();
      this.#leave();
      live.engine.close();
      live.queries.close();
    });
  }

  #fromWindow(message: ToRoom): void {
    if (message.t === 'drawn') {
      (this.#replay?.transport ?? this.#live.engine).send(message);
      return;
    }
    const { id, name } = message;
    if (STANDING.has(name)) this.#standing.set(name, message);
    if (name === 'fleet.close') this.#standing.delete('fleet.open');
    const own = this.#ownAnswer(message);
    if (own) this.#answer(id, own);
    else if (this.#replay && !isRoomRequest(name)) {
      this.#pending.add(id);
      this.#replay.transport.send(message);
    } else (isQueryRequest(name) ? this.#live.queries : this.#live.engine).send(message);
  }

  /** How a request is answered that goes neither to the replay nor to the live room; undefined for all others. */
  #ownAnswer({ name, args }: Request): (() => unknown) | undefined {
    const isInReplay = this.#replay !== undefined;
    if (name === 'replay.open') return () => this.#open(args);
    if (name === 'replay.close') return () => this.#close();
    if (name === 'replay.export') return () => this.#export(args as RequestArgs<'replay.export'>);
    if (name === 'replay.state' && !isInReplay) return () => ({ replay: null });
    if (name.startsWith('replay.') && !isInReplay) return refuseWithoutReplay;
    return isInReplay && !isRoomRequest(name) && !isReplayRequest(name) ? refuseInReplay : undefined;
  }

  #fromLive(message: ToWindow): void {
    if (message.t === 'event' ? this.#replay : message.id === NOT_FROM_WINDOW) return;
    this.#send(message);
  }

  #fromReplay(replay: OpenReplay, message: ToWindow): void {
    if (replay !== this.#replay) return;
    if (message.t !== 'event' && !this.#pending.delete(message.id)) return;
    this.#send(message);
  }

  async #open(args: unknown): Promise<ReplayState> {
    this.#opening?.abort();
    this.#leave();
    const opening = new AbortController();
    this.#opening = opening;
    try {
      const replay = await this.#desk.open(args, opening.signal);
      this.#enter(replay);
      return replay.state;
    } catch (error) {
      if (!opening.signal.aborted && !this.#isLive) this.#backToLive();
      throw error;
    } finally {
      if (this.#opening === opening) this.#opening = undefined;
    }
  }

  #enter(replay: OpenReplay): void {
    this.#replay = replay;
    this.#isLive = false;
    this.#live.engine.send({ t: 'request', id: NOT_FROM_WINDOW, name: 'fleet.close', args: {} });
    replay.transport.onMessage((message) => this.#fromReplay(replay, message));
    replay.transport.onFrame((frame) => {
      if (replay === this.#replay) this.#window.sendFrame(frame);
    });
    replay.onDeath((why) => {
      if (replay !== this.#replay) return;
      this.#leave(why);
      this.#backToLive(why);
    });
    this.#startAnew(replay.transport);
  }

  /** Ends the replay there is; what it still owes is answered with an error. */
  #leave(why = 'The replay was closed.'): void {
    const replay = this.#replay;
    this.#replay = undefined;
    for (const id of this.#pending) this.#sendError(id, new RoomError('closed', why));
    this.#pending.clear();
    replay?.close();
  }

  #close(): { ok: true } {
    this.#opening?.abort();
    this.#leave();
    if (!this.#isLive) this.#backToLive();
    return { ok: true };
  }

  #backToLive(ended?: string): void {
    this.#isLive = true;
    this.#send({ t: 'event', name: 'replay.state', payload: { replay: null, ended } });
    this.#startAnew(this.#live.engine);
  }

  /** Has the window forget what it shows and be given everything by the other side. */
  #startAnew(to: WindowTransport): void {
    if (this.#standing.has('fleet.open')) this.#send({ t: 'event', name: 'fleet.reset', payload: {} });
    for (const request of this.#standing.values()) to.send({ ...request, id: NOT_FROM_WINDOW });
  }

  #export(args: RequestArgs<'replay.export'>) {
    const target = this.#replay?.target ?? { fromMs: args.fromMs, toMs: args.toMs };
    return this.#desk.exports.write(target, args, (payload) => {
      this.#send({ t: 'event', name: 'replay.exporting', payload });
    });
  }

  #answer(id: number, work: () => unknown): void {
    void (async () => {
      try {
        this.#send({ t: 'result', id, result: await work() });
      } catch (error) {
        this.#sendError(id, error);
      }
    })();
  }

  #send(message: ToWindow): void {
    if (!this.#isGone) this.#window.send(message);
  }

  #sendError(id: number, error: unknown): void {
    const kind = error instanceof RoomError ? error.kind : 'internal';
    this.#send({ t: 'error', id, kind, message: error instanceof Error ? error.message : String(error) });
  }
}

function refuseWithoutReplay(): never {
  throw new RoomError('no-replay', 'No replay is open in this window.');
}

function refuseInReplay(): never {
  throw new RoomError('replay', 'This window shows a replay; what happened cannot be changed. Close the replay first.');
}
