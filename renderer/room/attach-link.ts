import type { Link } from '../../core/protocol/client.ts';
import type { Summary } from '../../core/protocol/events.ts';
import { createFramePump } from '../fleet/frame-pump.ts';
import { FleetBuffer } from '../map/fleet-buffer.ts';
import { createAlertInbox } from '../stores/alerts-store.ts';
import type { Room } from './room.ts';

/** Changes of alerts reach the screen at most this often. */
const ALERT_BATCH_MS = 200;

/**
 * Takes a fresh link into use: everything is asked for and subscribed anew. Returns what undoes the subscriptions that
 * outlive the link.
 */
export function attachLink(room: Room, link: Link): () => void {
  room.link = link;
  room.lag.clear();
  const inbox = createAlertInbox((changes) => room.alerts.getState().apply(changes), ALERT_BATCH_MS);
  link.on('summary', (summary) => showSummary(room, summary));
  link.on('notice', (notice) => room.notices.take(notice));
  link.on('alerts.changed', ({ alerts }) => inbox.add(alerts));
  link.on('vehicles.named', ({ fromSlot, vehicleIds }) => {
    room.names.add(fromSlot, vehicleIds);
    const { vehicleId, slot, setSlot } = room.selection.getState();
    if (vehicleId !== undefined && slot === undefined) setSlot(room.names.slotOf(vehicleId));
  });
  room.session.getState().linkOpened();
  void openRoom(room, link, inbox.clear);
  return inbox.clear;
}

/** Subscribes before it reads, so that no change falls between; the snapshot then covers what came before it. */
async function openRoom(room: Room, link: Link, forgetEarlierChanges: () => void): Promise<void> {
  try {
    const info = await link.request('room.info', {});
    if (room.session.getState().info?.startedMs !== info.startedMs) startFleetOver(room);
    room.session.getState().roomDescribed(info);
    takeFrames(room, link);
    const [, { alerts }] = await Promise.all([link.request('fleet.open', {}), link.request('alerts.open', {})]);
    forgetEarlierChanges();
    room.alerts.getState().replaceAll(alerts);
  } catch (error) {
    room.report(error);
  }
}

/** Slots belong to one run of the room: another one may number the vehicles differently. */
function startFleetOver(room: Room): void {
  room.names.clear();
  room.fleet = new FleetBuffer();
  room.selection.getState().setSlot(undefined);
  room.session.getState().fleetStartedOver();
}

function takeFrames(room: Room, link: Link): void {
  const pump = createFramePump({
    target: room.fleet,
    lag: room.lag,
    redraw: () => room.map?.redraw(),
    drawn: (sequence) => link.drawn(sequence),
    advanced: (newestEventMs) => room.summary.setState({ newestEventMs }),
    onNextDraw: (callback) => requestAnimationFrame(callback),
  });
  link.onFrame((bytes) => {
    try {
      pump(bytes);
    } catch (error) {
      room.screen.getState().notify(`A fleet frame could not be read (${String(error)}). Connecting again.`);
      link.close();
    }
  });
}

function showSummary(room: Room, summary: Summary): void {
  const nowMs = Date.now();
  room.summary.setState({
    summary,
    screenLagP50Ms: room.lag.quantile(0.5, nowMs),
    screenLagP99Ms: room.lag.quantile(0.99, nowMs),
  });
}
