import type { ReadSection, Sections } from '../arrays.ts';
import { Names } from '../names.ts';

const SECTION = 'reference.texts';

/**
 * Texts as numbers, so that conditions compare numbers: equal texts, equal codes; 0 is the empty text. A code stays its text's for
 * good, over a checkpoint too: values in columns hold it.
 */
export class TextCodes {
  readonly #names = new Names();
  #encoded: { readonly size: number; readonly bytes: Uint8Array } | undefined;

  codeOf(text: string): number {
    return this.#names.number(text);
  }

  /** The text of a code; empty for one that was never given out. */
  textOf(code: number): string {
    return this.#names.name(code) ?? '';
  }

  arrays(): Sections {
    const { size } = this.#names;
    if (size === 0) return [];
    if (this.#encoded?.size !== size) {
      this.#encoded = { size, bytes: new TextEncoder().encode(JSON.stringify(this.#names.serialize())) };
    }
    return [[SECTION, this.#encoded.bytes]];
  }

  restore(read: ReadSection): void {
    const bytes = read(SECTION);
    if (bytes) this.#names.restore(JSON.parse(new TextDecoder().decode(bytes as Uint8Array<ArrayBuffer>)));
  }
}
