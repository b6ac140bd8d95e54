import { expect, test } from 'vitest';
import { EventLists } from './event-lists.ts';
import { NONE } from './record-pool.ts';

const KEY = 0;

/** A list of events given as `[step, place]`, on which one thing hangs. */
function listOf(lists: EventLists, ...events: [step: number, seq: number][]): number {
  const list = events.reduce((prev, [step, seq]) => lists.push(KEY, prev, step, seq, seq * 10, seq), NONE);
  lists.retain(list);
  return list;
}

function empty(): EventLists {
  const lists = new EventLists();
  lists.reserve(1);
  return lists;
}

test('lists are ordered by the events they take, then by length, then by step', () => {
  const lists = empty();
  const inOrder = [
    listOf(lists, [0, 1], [0, 2], [1, 3]),
    listOf(lists, [0, 1], [1, 2], [1, 3]),
    listOf(lists, [0, 1], [0, 2]),
    listOf(lists, [0, 1], [1, 3]),
    listOf(lists, [0, 2], [1, 3]),
  ];
  expect(inOrder.toReversed().sort((a, b) => lists.compare(a, b))).toEqual(inOrder);
  expect(lists.compare(inOrder[0], listOf(lists, [0, 1], [0, 2], [1, 3]))).toBe(0);
});

test('events are let go with the last list that needs them', () => {
  const lists = empty();
  const shared = listOf(lists, [0, 1], [0, 2]);
  const branch = lists.push(KEY, shared, 1, 3, 30, 3);
  lists.retain(branch);
  expect(lists.count(KEY)).toBe(3);
  lists.release(KEY, shared);
  expect(lists.count(KEY)).toBe(3);
  expect(lists.byStep(branch, ['a', 'b'])).toEqual({ a: [1, 2], b: [3] });
  lists.release(KEY, branch);
  expect(lists.count(KEY)).toBe(0);
});

test('the first and last event of a step are found', () => {
  const lists = empty();
  const list = listOf(lists, [0, 1], [1, 4], [1, 6], [3, 9]);
  expect(lists.seqOfStep(list, 1, 'first')).toBe(4);
  expect(lists.seqOfStep(list, 1, 'last')).toBe(6);
  expect(lists.seqOfStep(list, 2, 'last')).toBe(-1);
  expect(lists.first(list)).toEqual({ step: 0, seq: 1, timeMs: 10, event: 1 });
});
