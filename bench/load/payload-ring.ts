/** What the packets of a ring are like. */
export interface PayloadOptions {
  readonly qos: 0 | 1;
  /** MQTT level the receiver speaks: a PUBLISH of MQTT 5 has a properties field. */
  readonly level: 4 | 5;
  readonly vehicles: number;
  readonly topic?: string;
  /** Event ids of different seeds are different; default taken from the clock. */
  readonly seed?: number;
}

/** At least so many packets, so that enough can be on their way while others are patched. */
const MIN_SLOTS = 8192;
const HEX = Buffer.from('0123456789abcdef');
const ZERO = 48;

/**
 * PUBLISH packets of the default telemetry profile (about 270 bytes of JSON), built once, one after the other in one buffer,
 * and patched in place before they are sent again: packet id, event id (a running number), timestamp and speed. All packets of a
 * ring have the same length.
 */
export class PayloadRing {
  /** Bytes of one packet. */
  readonly packetBytes: number;
  readonly slots: number;
  readonly #arena: Buffer;
  readonly #offsets: { packetId: number; eventId: number; timestamp: number; speed: number };
  readonly #qos: 0 | 1;
  #timestampMs = 0;
  #timestamp = Buffer.alloc(24);
  /** Messages made so far; the event id's running number. */
  made = 0;

  constructor(options: PayloadOptions) {
    const seed = options.seed ?? Date.now() % 0xffffffff;
    const rounds = Math.ceil(MIN_SLOTS / options.vehicles);
    this.slots = rounds * options.vehicles;
    this.#qos = options.qos;
    const packets = Array.from({ length: this.slots }, (_, i) => publish(options, seed, i % options.vehicles));
    this.packetBytes = packets[0].length;
    this.#arena = Buffer.concat(packets);
    this.#offsets = {
      packetId: packets[0].indexOf('{"event_id"') - (options.level === 5 ? 3 : 2),
      eventId: packets[0].indexOf('"event_id":"') + '"event_id":"'.length + 24,
      timestamp: packets[0].indexOf('"timestamp":"') + '"timestamp":"'.length,
      speed: packets[0].indexOf('"speed_kmph":') + '"speed_kmph":'.length,
    };
  }

  /** The next packets, at most `count` (fewer at the ring's end), with `nowMs` as their time. */
  next(count: number, nowMs: number): Buffer {
    const first = this.made % this.slots;
    const end = Math.min(first + count, this.slots);
    this.#setTime(nowMs);
    for (let slot = first; slot < end; slot++) this.#patch(slot * this.packetBytes, this.made++);
    return this.#arena.subarray(first * this.packetBytes, end * this.packetBytes);
  }

  #setTime(nowMs: number): void {
    if (nowMs === this.#timestampMs) return;
    this.#timestampMs = nowMs;
    this.#timestamp = Buffer.from(new Date(nowMs).toISOString());
  }

  #patch(at: number, number: number): void {
    const arena = this.#arena;
    const { packetId, eventId, timestamp, speed } = this.#offsets;
    if (this.#qos === 1) {
      const id = (number % 65_535) + 1;
      arena[at + packetId] = id >> 8;
      arena[at + packetId + 1] = id & 255;
    }
    for (let i = 11, rest = number; i >= 4; i--, rest = Math.floor(rest / 16)) arena[at + eventId + i] = HEX[rest % 16];
    for (let i = 0; i < 24; i++) arena[at + timestamp + i] = this.#timestamp[i];
    // Two digits, a point and one more: 10.0 to 99.9 km/h.
    const tenths = (number * 7) % 900;
    arena[at + speed] = ZERO + 1 + Math.floor(tenths / 100);
    arena[at + speed + 1] = ZERO + (Math.floor(tenths / 10) % 10);
    arena[at + speed + 3] = ZERO + (tenths % 10);
  }
}

function publish(options: PayloadOptions, seed: number, vehicle: number): Buffer {
  const { qos, level, vehicles, topic = 'fleet/prod/telemetry/raw' } = options;
  const number = String(vehicle).padStart(String(vehicles).length, '0');
  // Spread over a box of 40 km; the same vehicle is always at the same place.
  const lat = (12.8 + ((vehicle * 7919) % 4001) / 10_000).toFixed(7);
  const lon = (77.4 + ((vehicle * 104_729) % 4003) / 10_000).toFixed(7);
  const run = seed.toString(16).padStart(8, '0');
  const payload =
    `{"event_id":"${run}-0000-4000-8000-000000000000","vehicle_id":"veh_${number}","driver_id":"drv_${number}",` +
    `"trip_id":"trip_veh_${number}_1700000000","timestamp":"2025-01-01T00:00:00.000Z","lat":${lat},"lon":${lon},` +
    `"speed_kmph":00.0,"heading":${100 + (vehicle % 260)}.5,"sat_count":${8 + (vehicle % 2)},"battery_v":13.${vehicle % 10}}`;
  const head = Buffer.from(topic);
  const body = Buffer.concat([
    Buffer.from([head.length >> 8, head.length & 255]),
    head,
    Buffer.alloc(qos === 1 ? 2 : 0),
    Buffer.alloc(level === 5 ? 1 : 0),
    Buffer.from(payload),
  ]);
  return Buffer.concat([Buffer.from([0x30 | (qos << 1), (body.length & 127) | 128, body.length >> 7]), body]);
}
