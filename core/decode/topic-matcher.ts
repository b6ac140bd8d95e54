import { DEFAULT_TOPICS, TOPIC_KIND, type TopicKind, type TopicKindName } from '../model/topics.ts';

/** What `match` answers for a topic of no kind. */
export const UNKNOWN_TOPIC = -1;

const SLASH = 47;

interface Topic {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly kind: TopicKind;
}

/** Topic bytes to kind, for the default topics under a prefix; one further level may hold the vehicle's id. */
export class TopicMatcher {
  /** The one matched last comes first. */
  readonly #topics: Topic[];
  /** Where the last matched topic's own level for the vehicle starts; equal to the topic's end when it has none. */
  vehicleAt = 0;

  constructor(prefix = '') {
    const encoder = new TextEncoder();
    this.#topics = (Object.keys(TOPIC_KIND) as TopicKindName[]).map((name) => {
      const bytes = encoder.encode(prefix + DEFAULT_TOPICS[name]);
      return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), kind: TOPIC_KIND[name] };
    });
  }

  match(view: DataView, at: number, length: number): TopicKind | typeof UNKNOWN_TOPIC {
    const topics = this.#topics;
    for (let i = 0; i < topics.length; i++) {
      const topic = topics[i];
      const n = topic.bytes.length;
      if (length < n || (length > n && view.getUint8(at + n) !== SLASH) || !isTopic(topic, n, view, at)) continue;
      if (i > 0) {
        topics[i] = topics[0];
        topics[0] = topic;
      }
      this.vehicleAt = Math.min(at + n + 1, at + length);
      return topic.kind;
    }
    return UNKNOWN_TOPIC;
  }
}

/** Compares four bytes at a time, from the end: topics share their beginning. */
function isTopic(topic: Topic, length: number, view: DataView, at: number): boolean {
  let i = length - 4;
  for (; i >= 0; i -= 4) if (view.getInt32(at + i, true) !== topic.view.getInt32(i, true)) return false;
  for (i += 3; i >= 0; i--) if (view.getUint8(at + i) !== topic.bytes[i]) return false;
  return true;
}
