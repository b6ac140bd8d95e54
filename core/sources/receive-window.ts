const WINDOW_BYTES = 2 ** 18;

/** The bytes received and not yet consumed, always from offset 0: a socket reads straight behind them. */
export class ReceiveWindow {
  bytes = Buffer.allocUnsafeSlow(WINDOW_BYTES);
  end = 0;
  #needed = 0;

  /** Where the next bytes go; never empty. */
  space(): Buffer {
    return this.bytes.subarray(this.end);
  }

  filled(count: number): void {
    this.end += count;
  }

  /** The packet at the front of what stays has this many bytes: there will be room for it. */
  need(bytes: number): void {
    this.#needed = bytes;
  }

  /** The first `count` bytes are done with; the rest moves to the front. At most `limit` bytes are ever kept. */
  consumed(count: number, limit: number): void {
    const rest = this.end - count;
    const capacity = this.#needed > WINDOW_BYTES ? Math.min(this.#needed, limit) + WINDOW_BYTES : WINDOW_BYTES;
    this.#needed = 0;
    if (capacity === this.bytes.length) {
      if (count > 0) this.bytes.copyWithin(0, count, this.end);
    } else if (rest < capacity) {
      const bytes = Buffer.allocUnsafeSlow(capacity);
      this.bytes.copy(bytes, 0, count, this.end);
      this.bytes = bytes;
    }
    this.end = rest;
  }
}
