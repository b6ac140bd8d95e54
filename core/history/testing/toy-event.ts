/** One journal record of the toy engine; its position is its place in the list. */
export interface ToyEvent {
  readonly kind:
    | ('fix' | 'bad' | 'drift' | 'rules')
    | ('raise' | 'clear' | 'acknowledge' | 'worsen' | 'group' | 'aside' | 'back' | 'chatter' | 'service' | 'flood');
  readonly vehicle: number;
  readonly afterMs: number;
  readonly value: number;
}
