import type { Problem } from '../decode/slow-decoder.ts';
import type { QuarantineReason, QuarantineSample, SchemaNotice } from '../model/quarantine.ts';

/** Bytes of a payload kept with a sample. */
const HEAD_BYTES = 1024;
/** The first this many of a reason are sampled, then every hundredth: by count, so that every run keeps the same ones. */
const FIRST_SAMPLES = 100;
const SAMPLE_EVERY = 100;
/** More fields than this are not reported as new: someone is sending keys made of data. */
const MAX_NOTICES = 500;

export interface QuarantineState {
  counts: Partial<Record<QuarantineReason, number>>;
  notices: string[];
}

/** Where a refused message came from. */
export interface MessageRef {
  readonly topic: () => string;
  readonly position: number;
  readonly index: number;
  readonly receivedMs: number;
}

/** Counts what was set aside, keeps samples of it, and reports each change of a topic's shape once. */
export class QuarantineLog {
  #counts: Partial<Record<QuarantineReason, number>> = {};
  #noticed = new Set<string>();
  #samples: QuarantineSample[] = [];
  #notices: SchemaNotice[] = [];
  readonly #latin1 = new TextDecoder('latin1');

  get counts(): Readonly<Partial<Record<QuarantineReason, number>>> {
    return this.#counts;
  }

  add(problem: Problem, topicKind: string, from: MessageRef, bytes: Uint8Array, start: number, end: number): void {
    const count = (this.#counts[problem.reason] ?? 0) + 1;
    this.#counts[problem.reason] = count;
    if (problem.reason === 'wrong-type' && problem.field && problem.cameAs) {
      this.#notice(topicKind, problem.field, 'type-changed', problem.detail, from.receivedMs, problem.cameAs);
    }
    if (count > FIRST_SAMPLES && count % SAMPLE_EVERY !== 0) return;
    this.#samples.push({
      reason: problem.reason,
      detail: problem.detail,
      topic: from.topic(),
      receivedMs: from.receivedMs,
      position: from.position,
      index: from.index,
      bytes: end - start,
      head: this.#latin1.decode(bytes.subarray(start, Math.min(end, start + HEAD_BYTES))),
    });
  }

  newField(topicKind: string, path: string, atMs: number): void {
    this.#notice(
      topicKind,
      path,
      'new-field',
      `${path} is not part of the profile; it is kept in the journal and ignored`,
      atMs,
      '',
    );
  }

  take(): { samples: QuarantineSample[]; notices: SchemaNotice[] } {
    const taken = { samples: this.#samples, notices: this.#notices };
    this.#samples = [];
    this.#notices = [];
    return taken;
  }

  serialize(): QuarantineState {
    return { counts: { ...this.#counts }, notices: [...this.#noticed] };
  }

  restore(stored: QuarantineState): void {
    this.#counts = { ...stored.counts };
    this.#noticed = new Set(stored.notices);
  }

  #notice(
    topicKind: string,
    field: string,
    change: SchemaNotice['change'],
    detail: string,
    atMs: number,
    extra: string,
  ): void {
    const key = `${topicKind}\u0000${field}\u0000${change}\u0000${extra}`;
    if (this.#noticed.has(key) || this.#noticed.size >= MAX_NOTICES) return;
    this.#noticed.add(key);
    this.#notices.push({ topicKind, field, change, detail, firstMs: atMs });
  }
}
