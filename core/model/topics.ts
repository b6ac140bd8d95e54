/** What a topic of the default profile carries. The numbers are stored in the journal and in outputs: never renumber. */
export const TOPIC_KIND = {
  telemetry: 0,
  trip: 1,
  status: 2,
  driver: 3,
  alert: 4,
  command: 5,
} as const;

export type TopicKindName = keyof typeof TOPIC_KIND;
export type TopicKind = (typeof TOPIC_KIND)[TopicKindName];

/** Topics of the default profile without prefix; a further level with the vehicle's id may follow each. */
export const DEFAULT_TOPICS: Readonly<Record<TopicKindName, string>> = {
  telemetry: 'fleet/prod/telemetry/raw',
  trip: 'fleet/prod/trip/events',
  status: 'fleet/prod/vehicle/status',
  driver: 'fleet/prod/events/driver',
  alert: 'fleet/prod/alerts/outbound',
  command: 'fleet/prod/commands',
};

/** MQTT subscription filters that cover the default topics and their per-vehicle variants. */
export function subscriptionFilters(prefix = ''): string[] {
  return Object.values(DEFAULT_TOPICS).map((topic) => `${prefix}${topic}/#`);
}
