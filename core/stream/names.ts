/**
 * Numbers for names (driver ids, trip ids): 1 and up, 0 stands for none. Numbers of names given back are used again, so that a
 * room that has seen millions of trips holds only the open ones.
 */
export class Names {
  readonly #numbers = new Map<string, number>();
  #names: string[] = [''];
  #free: number[] = [];

  /** The number of a name, given out on first sight; 0 for the empty one. */
  number(name: string): number {
    if (name === '') return 0;
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.#free.pop() ?? this.#names.length;
    this.#names[number] = name;
    this.#numbers.set(name, number);
    return number;
  }

  name(number: number): string {
    return this.#names[number];
  }

  /** Numbers run below this: the length an array indexed by them needs. */
  get end(): number {
    return this.#names.length;
  }

  /** Names that have a number. */
  get size(): number {
    return this.#numbers.size;
  }

  /** The number may be given to another name from now on. */
  release(number: number): void {
    if (number === 0 || this.#numbers.get(this.#names[number]) !== number) return;
    this.#numbers.delete(this.#names[number]);
    this.#names[number] = '';
    this.#free.push(number);
  }

  /** Gives back the numbers that `inUse` does not know of. */
  sweep(inUse: (number: number, name: string) => boolean): void {
    for (let number = 1; number < this.#names.length; number++) {
      const name = this.#names[number];
      if (name !== '' && !inUse(number, name)) this.release(number);
    }
  }

  serialize(): { names: string[]; free: number[] } {
    return { names: this.#names, free: this.#free };
  }

  restore(state: { names: string[]; free: number[] }): void {
    this.#names = [...state.names];
    this.#free = [...state.free];
    this.#numbers.clear();
    for (let i = 1; i < this.#names.length; i++) if (this.#names[i] !== '') this.#numbers.set(this.#names[i], i);
  }
}
