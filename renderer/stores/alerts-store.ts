import { createStore } from 'zustand/vanilla';
import { type Alert, compareAlerts, isClosed, isShown, PRIORITY } from '../../core/model/alerts.ts';

export interface AlertsState {
  /** Alerts that are not closed, in queue order. */
  readonly sorted: readonly Alert[];
  /** Those of them that are entries of the queue: neither put aside nor folded under another. */
  readonly queued: readonly Alert[];
  /** False until the room has sent its open alerts. */
  readonly loaded: boolean;
  /** Spoken to screen readers: the newest critical alerts. */
  readonly announcement: string;
  replaceAll(alerts: readonly Alert[]): void;
  /** Takes changed alerts in; those that closed leave. The last of several versions of one alert wins. */
  apply(changes: readonly Alert[]): void;
}

export type AlertsStore = ReturnType<typeof createAlertsStore>;

export function createAlertsStore() {
  return createStore<AlertsState>()((set, get) => ({
    sorted: [],
    queued: [],
    loaded: false,
    announcement: '',
    replaceAll: (alerts) => set({ ...ordered(alerts.filter((a) => !isClosed(a))), loaded: true }),
    apply(changes) {
      const byId = new Map(get().sorted.map((a) => [a.id, a]));
      const newCritical = new Map<string, Alert>();
      for (const alert of changes) {
        const known = byId.get(alert.id);
        if (isClosed(alert)) byId.delete(alert.id);
        else byId.set(alert.id, alert);
        if (!known && alert.priority === PRIORITY.critical && !alert.acknowledged && isQueued(alert))
          newCritical.set(alert.id, alert);
      }
      const lists = ordered([...byId.values()]);
      set(newCritical.size > 0 ? { ...lists, announcement: announce([...newCritical.values()]) } : lists);
    },
  }));
}

function isQueued(alert: Alert): boolean {
  return isShown(alert) && alert.groupId === undefined;
}

function ordered(alerts: Alert[]): Pick<AlertsState, 'sorted' | 'queued'> {
  const sorted = alerts.sort(compareAlerts);
  return { sorted, queued: sorted.filter(isQueued) };
}

function announce(alerts: readonly Alert[]): string {
  const [first] = alerts;
  if (alerts.length > 1) return `${alerts.length} new critical alerts.`;
  return `Critical alert: ${first.ruleName}, vehicle ${first.vehicleId}. ${first.message}`;
}

/** Gathers changes and hands them on at most once per `delayMs`, so that a flood of alerts is one update of the screen. */
export function createAlertInbox(apply: (changes: readonly Alert[]) => void, delayMs: number) {
  let waiting: Alert[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    add(alerts: readonly Alert[]) {
      waiting.push(...alerts);
      timer ??= setTimeout(() => {
        const batch = waiting;
        waiting = [];
        timer = undefined;
        apply(batch);
      }, delayMs);
    },
    clear() {
      clearTimeout(timer);
      timer = undefined;
      waiting = [];
    },
  };
}
