import type { Link } from '../../core/protocol/client.ts';
import type { Summary } from '../../core/protocol/events.ts';
import { createFramePump } from '../fleet/frame-pump.ts';
import { FleetBuffer } from '../map/fleet-buffer.ts';
import { createAlertInbox } from '../stores/alerts-store.ts';
import type { Room } from './room.ts';

/** Changes of alerts reach the screen at most this often. */
const ALERT_BATCH_MS = 200;

/**
 * Takes a fresh link into use: everything is asked for and subscribed anew, and the fleet starts empty, because slots
 * belong to a link. Returns what undoes the subscriptions that outlive the link.
 */
export function attachLink(room: Room, link: Link): () => void {
  room.link = link;
  room.names.clear();
  room.lag.clear();
  room.fleet = new FleetBuffer();
  room.selection.getState().setSlot(undefined);
  const inbox = createAlertInbox((changes) => room.alerts.getState().apply(changes), ALERT_BATCH_MS);

  link.on('summary', (summary) => showSummary(room, summary));
  link.on('alerts.changed', ({ alerts }) => inbox.add(alerts));
  link.on('vehicles.named', ({ fromSlot, vehicleIds }) => {
    room.names.add(fromSlot, vehicleIds);
    const { vehicleId, slot, setSlot } = room.selection.getState();
    if (vehicleId !== undefined && slot === undefined) setSlot(room.names.slotOf(vehicleId));
  });
  takeFrames(room, link);
  room.session.getState().linkOpened();
  askForRoom(room, link, inbox.clear);
  return inbox.clear;
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

/** Subscribes before it reads, so that no change falls between; the snapshot then covers what came before it. */
function askForRoom(room: Room, link: Link, forgetEarlierChanges: () => void): void {
  const report = room.report;
  link.request('room.info', {}).then((info) => room.session.getState().roomDescribed(info), report);
  link.request('fleet.open', {}).catch(report);
  link.request('alerts.open', {}).then(({ alerts }) => {
    forgetEarlierChanges();
    room.alerts.getState().replaceAll(alerts);
  }, report);
}
