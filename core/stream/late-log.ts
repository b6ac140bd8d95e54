import type { LateRow } from '../model/stream-outputs.ts';

/** Where a decoded object came from. */
export interface ObjectRef {
  position: number;
  messageIndex: number;
  objectIndex: number;
}

/** The late stream: what came behind its watermark, until history takes it. */
export class LateLog {
  #rows: LateRow[] = [];

  get rows(): number {
    return this.#rows.length;
  }

  add(
    ref: ObjectRef,
    vehicleId: string,
    topicKind: number,
    eventMs: number,
    receivedMs: number,
    watermarkMs: number,
  ): void {
    const { position, messageIndex, objectIndex } = ref;
    const behindMs = watermarkMs - eventMs;
    this.#rows.push({ position, messageIndex, objectIndex, vehicleId, topicKind, eventMs, receivedMs, behindMs });
  }

  take(): LateRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }
}
