/** A back-test that cannot be made: `message` is a sentence for people. */
export class BacktestError extends Error {
  readonly kind: string;

  constructor(kind: string, message: string) {
    super(message);
    this.name = 'BacktestError';
    this.kind = kind;
  }
}
