import { grown, type ReadSection, type Sections } from '../arrays.ts';

/**
 * Records of `width` numbers for what only few vehicles have at a time. Record 0 is never given out: 0 stands for none.
 */
export class RecordPool {
  /** Record i has `values[i * width … (i + 1) * width)`; replaced when it grows. */
  values: Float64Array;
  readonly width: number;
  readonly #name: string;
  #end = 1;
  #free: number[] = [];

  /** `name`: prefix of its sections in a checkpoint. */
  constructor(name: string, width: number) {
    this.#name = name;
    this.width = width;
    this.values = new Float64Array(width * 64);
  }

  /** Offset in `values` of a record of zeros. */
  take(): number {
    const record = this.#free.pop() ?? this.#end++;
    const at = record * this.width;
    if (at + this.width > this.values.length) this.values = grown(this.values, this.values.length * 2);
    this.values.fill(0, at, at + this.width);
    return at;
  }

  /** Gives a record back by its offset. */
  release(at: number): void {
    this.#free.push(at / this.width);
  }

  get bytes(): number {
    return this.values.byteLength + this.#free.length * 4;
  }

  arrays(): Sections {
    return [
      [`${this.#name}.records`, this.values.subarray(0, this.#end * this.width)],
      [`${this.#name}.free`, Int32Array.from(this.#free)],
    ];
  }

  restore(read: ReadSection): void {
    const records = read(`${this.#name}.records`);
    if (!records) return;
    this.#end = records.length / this.width;
    if (records.length > this.values.length) this.values = new Float64Array(records.length * 2);
    this.values.set(records);
    this.#free = [...(read(`${this.#name}.free`) ?? [])];
  }
}
