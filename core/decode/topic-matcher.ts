import { DEFAULT_TOPICS, TOPIC_KIND, type TopicKind, type TopicKindName } from '../model/topics.ts';

/** What `match` answers for a topic of no kind. */
export const UNKNOWN_TOPIC = -1;

/** Topic bytes to kind, for the default topics under a prefix; one further level may hold the vehicle's id. */
export class TopicMatcher {
  readonly #topics: { readonly bytes: Uint8Array; readonly kind: TopicKind }[];
  /** Where the last matched topic's own level for the vehicle starts; equal to the topic's end when it has none. */
  vehicleAt = 0;

  constructor(prefix = '') {
    const encoder = new TextEncoder();
    this.#topics = (Object.keys(TOPIC_KIND) as TopicKindName[]).map((name) => ({
      bytes: encoder.encode(prefix + DEFAULT_TOPICS[name]),
      kind: TOPIC_KIND[name],
    }));
  }

  match(bytes: Uint8Array, at: number, length: number): TopicKind | typeof UNKNOWN_TOPIC {
    for (const topic of this.#topics) {
      const n = topic.bytes.length;
      if (length < n || (length > n && bytes[at + n] !== 47) || !endsEqual(topic.bytes, bytes, at)) continue;
      this.vehicleAt = Math.min(at + n + 1, at + length);
      return topic.kind;
    }
    return UNKNOWN_TOPIC;
  }
}

/** Compares from the end: topics share their beginning. */
function endsEqual(topic: Uint8Array, bytes: Uint8Array, at: number): boolean {
  for (let i = topic.length - 1; i >= 0; i--) if (topic[i] !== bytes[at + i]) return false;
  return true;
}
