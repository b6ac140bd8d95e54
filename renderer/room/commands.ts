import { alertState } from '../../core/model/alerts.ts';
import { nextAfterAcknowledge, step, visibleAlerts } from '../alerts/queue-view.ts';
import type { Room } from './room.ts';

const FLY_ZOOM = 14;
/**
 * The map measures itself within 50 ms after the vehicle's panel has taken room from it. A flight that begins before
 * that ends beside the vehicle, by half the panel.
 */
const PANEL_SETTLES_MS = 100;

/** Opens a vehicle's panel and, where its position is known, takes the map there. `fallback` is used until it is. */
export function goToVehicle(room: Room, vehicleId: string, fallback?: { lat?: number; lon?: number }): void {
  const slot = room.names.slotOf(vehicleId);
  const panelOpens = room.selection.getState().vehicleId === undefined;
  room.selection.getState().select(vehicleId, slot);
  const fly = (): void => {
    const position = positionOf(room, slot) ?? positionFrom(fallback?.lon, fallback?.lat);
    if (position) room.map?.flyTo(position.lon, position.lat, FLY_ZOOM);
    else room.screen.getState().notify(`No position of ${vehicleId} is known yet.`);
  };
  if (panelOpens) setTimeout(fly, PANEL_SETTLES_MS);
  else fly();
}

function positionOf(room: Room, slot: number | undefined): { lon: number; lat: number } | undefined {
  return slot === undefined ? undefined : positionFrom(room.fleet.lon[slot], room.fleet.lat[slot]);
}

function positionFrom(lon: number | undefined, lat: number | undefined): { lon: number; lat: number } | undefined {
  if (lon === undefined || lat === undefined || Number.isNaN(lon) || Number.isNaN(lat)) return undefined;
  return { lon, lat };
}

/** Moves the queue's selection up or down among the alerts that are shown. */
export function stepAlert(room: Room, direction: 1 | -1): void {
  const { filter, selectedId, tab } = room.queue.getState();
  if (tab !== 'open') return;
  const next = step(visibleAlerts(room.alerts.getState().queued, filter), selectedId, direction);
  if (next !== undefined) room.queue.setState({ selectedId: next, formFor: undefined });
}

export function goToSelectedAlert(room: Room): void {
  const alert = selectedAlert(room);
  if (alert) goToVehicle(room, alert.vehicleId, alert);
}

/** Opens the comment form of the selected alert; does nothing when it is acknowledged already. */
export function openAcknowledgeForm(room: Room): void {
  const alert = selectedAlert(room);
  if (alert && !alert.acknowledged) room.queue.setState({ formFor: alert.id });
}

export function acknowledgeSelected(room: Room): void {
  const alert = selectedAlert(room);
  if (alert && !alert.acknowledged) void acknowledge(room, alert.id);
}

/**
 * Acknowledges one alert as the present operator and moves the selection to the next that waits. The queue changes when
 * the room says so, not before; a refusal is shown as a notice.
 */
export async function acknowledge(room: Room, alertId: string, comment?: string): Promise<void> {
  const { filter, selectedId, sending } = room.queue.getState();
  if (sending.has(alertId)) return;
  const shown = visibleAlerts(room.alerts.getState().queued, filter);
  room.queue.setState({
    sending: new Set([...sending, alertId]),
    formFor: undefined,
    selectedId: selectedId === alertId ? nextAfterAcknowledge(shown, alertId) : selectedId,
  });
  try {
    const { operator } = room.session.getState();
    const trimmed = comment?.trim();
    await room.request('alerts.acknowledge', { alertIds: [alertId], operator, ...(trimmed && { comment: trimmed }) });
  } catch (error) {
    room.screen.getState().notify(`Not acknowledged: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    const left = new Set(room.queue.getState().sending);
    left.delete(alertId);
    room.queue.setState({ sending: left });
  }
}

/** Lets go of an alert that is held although it is over; a refusal is shown as a notice. */
export async function resetAlert(room: Room, alertId: string): Promise<void> {
  try {
    const { operator } = room.session.getState();
    await room.request('alerts.reset', { alertIds: [alertId], operator });
  } catch (error) {
    room.screen.getState().notify(`Not reset: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Resets the selected alert if it waits for that, and for nothing else. */
export function resetSelected(room: Room): void {
  const alert = selectedAlert(room);
  if (alert && alertState(alert) === 'latched') void resetAlert(room, alert.id);
}

export function toggleFollow(room: Room): void {
  const { vehicleId, follow, setFollow } = room.selection.getState();
  if (vehicleId !== undefined) setFollow(!follow);
}

/** Closes what is uppermost: the comment form, then the vehicle, then the queue's selection. */
export function closeTopmost(room: Room): void {
  if (room.queue.getState().formFor !== undefined) room.queue.setState({ formFor: undefined });
  else if (room.selection.getState().vehicleId !== undefined) room.selection.getState().clear();
  else room.queue.setState({ selectedId: undefined });
}

function selectedAlert(room: Room) {
  const { selectedId } = room.queue.getState();
  return room.alerts.getState().queued.find((a) => a.id === selectedId);
}
