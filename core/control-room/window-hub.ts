import type { Engine } from '../engine/engine.ts';
import type { Alert } from '../model/alerts.ts';
import type { EventName, Events, Summary } from '../protocol/events.ts';
import type { ReplayChange } from '../protocol/replay.ts';
import type { RequestHandlers } from '../protocol/requests.ts';
import { type LinkServer, serveLink } from '../protocol/server.ts';
import type { RoomTransport } from '../protocol/transport.ts';
import { FrameMaker } from './fleet-frames.ts';
import { vehicleDetail } from './vehicle-detail.ts';

interface Window {
  link: LinkServer;
  /** Frames and events are wanted. */
  open: boolean;
  namesSent: number;
  seenVersion: number;
  sequence: number;
  /** Sequence the window has not drawn yet; 0 = none. */
  awaiting: number;
  merged: number;
  /** Id of the vehicle it watches. */
  watched: string | null;
  watchedVersion: number;
}

/** Requests the hub answers itself because they are about one window. */
type HubRequests = 'fleet.open' | 'fleet.close' | 'vehicle.watch';

/** Has names and a whole frame sent to a window. */
function startAnew(window: Window): void {
  Object.assign(window, { namesSent: 0, seenVersion: 0, awaiting: 0, watchedVersion: 0 });
}

/** All windows of the room, in the engine's thread: who has seen what, frames, and pushed events. */
export class WindowHub {
  readonly #windows = new Set<Window>();
  #engine: Engine;
  #frames: FrameMaker;
  readonly #handlers: Omit<Partial<RequestHandlers>, HubRequests>;

  constructor(engine: Engine, handlers: Omit<Partial<RequestHandlers>, HubRequests>) {
    this.#engine = engine;
    this.#handlers = handlers;
    this.#frames = new FrameMaker(engine.fleet.state, engine.book);
  }

  /** Serves a window until its transport closes. */
  add(transport: RoomTransport): void {
    const window: Window = {
      link: undefined as unknown as LinkServer,
      open: false,
      namesSent: 0,
      seenVersion: 0,
      sequence: 0,
      awaiting: 0,
      merged: 0,
      watched: null,
      watchedVersion: 0,
    };
    const handlers: Partial<RequestHandlers> = {
      ...this.#handlers,
      'fleet.open': () => {
        startAnew(window);
        window.open = true;
        return { vehicles: this.#engine.fleet.state.count };
      },
      'fleet.close': () => {
        window.open = false;
        return { ok: true };
      },
      'vehicle.watch': ({ vehicleId }) => {
        window.watched = vehicleId;
        window.watchedVersion = 0;
        return { ok: true };
      },
    };
    window.link = serveLink(transport, handlers, {
      onDrawn: (sequence) => {
        if (sequence === window.awaiting) window.awaiting = 0;
      },
      onClose: () => this.#windows.delete(window),
    });
    this.#windows.add(window);
  }

  /** Shows another engine, or the same one at another moment: windows are told to forget everything, and get all of it. */
  show(engine: Engine): void {
    this.#engine = engine;
    this.#frames = new FrameMaker(engine.fleet.state, engine.book);
    for (const window of this.#windows) {
      startAnew(window);
      if (window.open) window.link.emit('fleet.reset', {});
    }
  }

  /** Pushes where a replay stands. */
  sendReplay(change: ReplayChange): void {
    for (const window of this.#windows) window.link.emit('replay.state', change);
  }

  /** Sends each window that has drawn its last frame what changed since; counts an update as merged for the others. */
  sendFrames(): void {
    for (const window of this.#windows) {
      if (!window.open) continue;
      this.#sendNames(window);
      if (window.awaiting !== 0) {
        window.merged++;
        continue;
      }
      const { version } = this.#engine.fleet.state;
      const frame = this.#frames.make(window.seenVersion, window.sequence + 1, window.merged);
      window.seenVersion = version;
      if (!frame) continue;
      window.awaiting = ++window.sequence;
      window.link.sendFrame(frame);
    }
  }

  /** Pushes the vehicle each window watches, when it changed. */
  sendWatched(): void {
    const { state } = this.#engine.fleet;
    for (const window of this.#windows) {
      const slot = window.watched === null ? undefined : this.#engine.vehicles.find(window.watched);
      if (slot === undefined || slot >= state.count || state.changedAt[slot] <= window.watchedVersion) continue;
      window.watchedVersion = state.changedAt[slot];
      window.link.emit('vehicle.changed', { vehicle: vehicleDetail(this.#engine, slot) });
    }
  }

  /** Pushes something about the room to every window, whatever it shows. */
  tell<K extends EventName>(name: K, payload: Events[K]): void {
    for (const window of this.#windows) window.link.emit(name, payload);
  }

  sendAlerts(alerts: Alert[]): void {
    for (const window of this.#windows) if (window.open) window.link.emit('alerts.changed', { alerts });
  }

  sendSummary(summary: Summary): void {
    for (const window of this.#windows) if (window.open) window.link.emit('summary', summary);
  }

  #sendNames(window: Window): void {
    const { count } = this.#engine.fleet.state;
    if (window.namesSent >= count) return;
    const vehicleIds: string[] = [];
    for (let slot = window.namesSent; slot < count; slot++) vehicleIds.push(this.#engine.vehicles.name(slot));
    window.link.emit('vehicles.named', { fromSlot: window.namesSent, vehicleIds });
    window.namesSent = count;
  }
}
