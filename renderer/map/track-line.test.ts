import { expect, test } from 'vitest';
import { trackParts } from './track-line.ts';

test('a gap in the recording is not drawn as a way that was driven', () => {
  const track = { lon: [77, 77.01, 77.02, 78, 78.01, 80], lat: [13, 13, 13, 13, 13, 13] };
  expect(trackParts(track)).toEqual([
    [
      [77, 13],
      [77.01, 13],
      [77.02, 13],
    ],
    [
      [78, 13],
      [78.01, 13],
    ],
  ]);
  expect(trackParts({ lon: [], lat: [] })).toEqual([]);
});
