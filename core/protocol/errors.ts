/**
 * An error that a window may show: `kind` for code, `message` a plain sentence for people.
 * Anything else a handler throws reaches the window as kind `internal` with its message.
 */
export class RoomError extends Error {
  readonly kind: string;

  constructor(kind: string, message: string) {
    super(message);
    this.name = 'RoomError';
    this.kind = kind;
  }
}
