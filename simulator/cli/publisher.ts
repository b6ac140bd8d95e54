import type { MqttClient } from 'mqtt';

export interface Publisher {
  /** Sends a message; never call it when `room()` is 0. */
  publish(topic: string, payload: string): void;
  /** Messages that may be sent now. */
  room(): number;
  inFlight(): number;
  /** Messages the broker has acknowledged, each counted once. */
  acknowledged(): number;
  /** Called when half of the window is free again after it was full. */
  onRoom(listener: () => void): void;
}

interface Slot {
  topic: string;
  payload: string;
  /** Made once per slot, so that nothing is allocated per message. */
  readonly settled: (error?: Error | null) => void;
}

/**
 * Publishes with at most `window` messages unacknowledged. mqtt.js sends those again after a reconnect; where it gives one
 * up (it was refused while reconnecting) we send it again ourselves, so every message gets through at least once.
 */
export function createPublisher(client: MqttClient, window: number, qos: 0 | 1): Publisher {
  const free: Slot[] = [];
  const failed: Slot[] = [];
  let inFlight = 0;
  let acknowledged = 0;
  let wasFull = false;
  let listener = () => {};

  const options = { qos };
  const send = (slot: Slot) => client.publish(slot.topic, slot.payload, options, slot.settled);
  const resend = () => {
    for (const slot of failed.splice(0)) send(slot);
  };
  client.on('connect', resend);

  function newSlot(): Slot {
    const slot: Slot = {
      topic: '',
      payload: '',
      settled(error) {
        if (error) {
          failed.push(slot);
          if (client.connected) setImmediate(resend);
          return;
        }
        inFlight--;
        acknowledged++;
        free.push(slot);
        if (wasFull && inFlight <= window / 2) {
          wasFull = false;
          listener();
        }
      },
    };
    return slot;
  }

  return {
    publish(topic, payload) {
      const slot = free.pop() ?? newSlot();
      slot.topic = topic;
      slot.payload = payload;
      inFlight++;
      wasFull = inFlight >= window;
      send(slot);
    },
    room: () => window - inFlight,
    inFlight: () => inFlight,
    acknowledged: () => acknowledged,
    onRoom(next) {
      listener = next;
    },
  };
}
