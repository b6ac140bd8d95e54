/** Where the language differs from CEL on purpose; docs/rules.md lists them. 1 = true, 0 = false, NaN = unknown, in CEL an error. */
export const DEVIATIONS: readonly {
  readonly text: string;
  readonly values: Readonly<Record<string, number>>;
  readonly cel: number;
  readonly ours: number;
}[] = [
  // Whole numbers are doubles: JSON has no other numbers. CEL divides them as integers and does not mix them with doubles.
  { text: '7 / 2 == 3', values: {}, cel: 1, ours: 0 },
  { text: 'speed_kmph + 1 > 50', values: { speed_kmph: 50 }, cel: Number.NaN, ours: 1 },
  { text: '1 / 0 > 5', values: {}, cel: Number.NaN, ours: 1 },
  // What has no value is unknown; CEL has NaN, to which nothing compares.
  { text: '0.0 / 0.0 > 5.0', values: {}, cel: 0, ours: Number.NaN },
  { text: '0.0 / 0.0 != 5.0', values: {}, cel: 1, ours: Number.NaN },
  { text: '!(speed_kmph / rpm < 5.0)', values: { speed_kmph: 0, rpm: 0 }, cel: 1, ours: Number.NaN },
  // Whole numbers beyond 2^53 are rounded.
  { text: '9007199254740993 == 9007199254740992', values: {}, cel: 0, ours: 1 },
];
