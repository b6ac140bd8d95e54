import { expect, test } from 'vitest';
import { oneOrMore } from './pattern-spec.ts';
import { not, notFor, pattern, run, skip, take } from './testing/pattern-stream.ts';

test('`a -> not b for 1 s` matches when the second is over', () => {
  const spec = pattern([take('a'), notFor('b', 1000)]);
  expect(run(spec, 'a@5000 b@5999').matches).toEqual([]);
  expect(run(spec, 'a@5000 b@6000').matches).toEqual(['a']);
  expect(run(spec, 'a1@5000 a2@5500 b@6100').matches).toEqual(['a1']);
  expect(run(spec, 'a@5000 c@5500').matches).toEqual(['a']);
});

test('`not a for 1 s -> b` matches a b before which there was no a for a second', () => {
  const spec = pattern([notFor('a', 1000), take('b')]);
  expect(run(spec, 'a@5000 b1@5999 b2@6000').matches).toEqual(['b2']);
  expect(run(spec, 'c@1 b1@1000 b2@1001').matches).toEqual(['b2']);
  expect(run(spec, 'c@1 b@7000 a@6500').matches).toEqual([]);
});

test('nothing is known of a key before its first event, not even that something was absent', () => {
  const spec = pattern([notFor('a', 1000), take('b')]);
  expect(run(spec, 'b1@5000 b2@5500 b3@6000').matches).toEqual(['b3']);
  expect(run(spec, 'b1@5000 b2@6000 c@4500').matches).toEqual(['b2']);
  expect(run(spec, 'b1@5000 b2@6000 c@3500').matches).toEqual(['b1', 'b2']);
});

test('an absence counts from the last event that was taken', () => {
  const spec = pattern([take('a', 'followedBy', oneOrMore()), notFor('b', 10)], skip('toNext'));
  expect(run(spec, 'a1@1 a2@8 b@12').matches).toEqual(['a1']);
  expect(run(spec, 'a1@1 a2@8 b@10').matches).toEqual([]);
  expect(run(pattern([take('a'), take('b'), notFor('c', 10)]), 'a@1 b@5 c@14').matches).toEqual([]);
  expect(run(pattern([take('a'), take('b'), notFor('c', 10)]), 'a@1 b@5 c@15').matches).toEqual(['a b']);
});

test('an absence that does not fit into within is a timeout', () => {
  const steps = [take('a'), take('b'), notFor('c', 10)];
  expect(run(pattern(steps, { withinMs: 15 }), 'a@1 b@6')).toEqual({ matches: ['a b'], timeouts: [] });
  expect(run(pattern(steps, { withinMs: 15 }), 'a@1 b@7')).toEqual({ matches: [], timeouts: ['a b @16'] });
  expect(run(pattern(steps, { withinMs: 15 }), 'a@1 b@7 c@8')).toEqual({ matches: [], timeouts: [] });
});

test('absences before and behind, and a negation in between', () => {
  const steps = [
    notFor('c', 5),
    take('a'),
    not('c', 'notFollowedBy'),
    take('b'),
    { ...notFor('c', 5), name: 'behind' },
  ];
  const spec = pattern(steps);
  expect(run(spec, 'd@1 a@6 b@8 c@13').matches).toEqual(['a b']);
  expect(run(spec, 'c@2 a@6 b@8').matches).toEqual([]);
  expect(run(spec, 'd@1 a@6 c@7 b@8').matches).toEqual([]);
  expect(run(spec, 'd@1 a@6 b@8 c@12').matches).toEqual([]);
});

test('`notFollowedBy` at the end waits until the time of the whole pattern is over', () => {
  const spec = pattern([take('a'), take('c'), not('b', 'notFollowedBy')], { withinMs: 10 });
  expect(run(spec, 'a@1 c@5 b@10').matches).toEqual([]);
  expect(run(spec, 'a@1 c@5 b@11').matches).toEqual(['a c']);
  expect(run(spec, 'a@1 d@5')).toEqual({ matches: [], timeouts: ['a @11'] });
});
