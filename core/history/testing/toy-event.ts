/** One journal record of the toy engine; its position is its place in the list. */
export interface ToyEvent {
  readonly kind: 'fix' | 'raise' | 'clear' | 'acknowledge' | 'bad' | 'drift' | 'rules';
  readonly vehicle: number;
  readonly afterMs: number;
  readonly value: number;
}
