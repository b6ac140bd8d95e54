import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Health } from '../core/protocol/health.ts';

export interface Metrics {
  readonly contentType: string;
  /** The figures of `health` and of this process in Prometheus' text format. */
  render(health: Health): Promise<string>;
  /** Stops what watches the process. */
  close(): void;
}

const STATES: readonly Health['broker']['state'][] = ['connecting', 'connected', 'reconnecting', 'refused', 'stopped'];

const MESSAGES: Record<keyof Health['messages'], string> = {
  received: 'Messages taken from the broker.',
  journaled: 'Messages written to the journal.',
  processed: 'Journaled messages the engine has consumed, quarantined ones too.',
  quarantined: 'Messages put aside as unusable.',
  duplicates: 'Messages that had been seen before.',
  late: 'Messages that came too late to be put in order.',
  dropped: 'Messages lost because a bounded buffer was full.',
};

export function createMetrics(version: string): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const gauge = (name: string, help: string): Gauge => new Gauge({ name: `watchfloor_${name}`, help, registers });
  const labelled = (name: string, help: string, label: string): Gauge<string> =>
    new Gauge({ name: `watchfloor_${name}`, help, labelNames: [label], registers });
  const counter = (name: string, help: string): Counter =>
    new Counter({ name: `watchfloor_${name}_total`, help, registers });

  const messages = Object.entries(MESSAGES).map(
    ([key, help]) => [key as keyof Health['messages'], counter(`messages_${key}`, help)] as const,
  );
  const vehicles = labelled('vehicles', 'Vehicles by movement.', 'movement');
  const known = gauge('vehicles_known', 'Vehicles known, those without data yet too.');
  const active = gauge('alerts_active', 'Alerts that are not closed.');
  const unacknowledged = gauge('alerts_unacknowledged', 'Alerts that wait for someone to acknowledge them.');
  const raised = counter('alerts', 'Alerts raised since the data directory was made.');
  const lag = labelled('lag_seconds', 'From event time to the engine, over the last minute.', 'quantile');
  const broker = labelled('broker_state', '1 for the state the connection to the broker is in.', 'state');
  const recording = gauge('recording', '1 while messages are recorded, 0 while the disk refuses.');
  const problems = gauge('problems', 'Problems the room reports about itself.');
  labelled('info', 'Always 1.', 'version').set({ version }, 1);

  const take = (health: Health): void => {
    for (const [key, metric] of messages) setCounter(metric, health.messages[key]);
    const { total, ...byMovement } = health.vehicles;
    for (const [movement, count] of Object.entries(byMovement)) vehicles.set({ movement }, count);
    known.set(total);
    active.set(health.alerts.active);
    unacknowledged.set(health.alerts.unacknowledged);
    setCounter(raised, health.alerts.total);
    lag.set({ quantile: '0.5' }, seconds(health.lagMs.p50));
    lag.set({ quantile: '0.99' }, seconds(health.lagMs.p99));
    for (const state of STATES) broker.set({ state }, state === health.broker.state ? 1 : 0);
    recording.set(health.recording ? 1 : 0);
    problems.set(health.problems.length);
  };
  return {
    contentType: registry.contentType,
    render(health) {
      take(health);
      return registry.metrics();
    },
    close: () => registry.clear(),
  };
}

/** Prometheus' word for "no value" is NaN. */
function seconds(ms: number | null): number {
  return ms === null ? Number.NaN : ms / 1000;
}

function setCounter(counter: Counter, total: number): void {
  counter.reset();
  counter.inc(total);
}
