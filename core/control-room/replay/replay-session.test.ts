import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Engine } from '../../engine/engine.ts';
import { openHistory } from '../../history/writer.ts';
import { type JournalRecord, RECORD_KIND } from '../../model/records.ts';
import type { ReplaySource } from '../../recording/replay-source.ts';
import { hashHistory } from '../recording/history-hash.ts';
import { engineOptionsOf } from '../recording/run-forward.ts';
import { openBlobStore } from './blob-store.ts';
import { indexPass } from './index-pass.ts';
import { MomentStore } from './moment-store.ts';
import { ReplaySession } from './replay-session.ts';
import { memorySource, smallRecording, T0_MS } from './testing/memory-source.ts';
import { temporaryDir } from './testing/temporary-dir.ts';

interface Bench {
  readonly session: ReplaySession;
  readonly source: ReplaySource;
  /** Lets wall time pass and works all that is due. */
  pass(ms: number): void;
  /** Works until it is where a step or a seek went. */
  arrive(): void;
  jumps(): number;
}

async function bench(records: readonly JournalRecord[], everyMessages = 0): Promise<Bench> {
  const source = memorySource(records);
  const moments = new MomentStore(openBlobStore(temporaryDir(), 2 ** 20));
  if (everyMessages > 0) for await (const moment of indexPass(source, { everyMessages })) moments.add(moment);
  let nowMs = 5000;
  let jumps = 0;
  const session = new ReplaySession({ source, moments, now: () => nowMs, onJump: () => jumps++ });
  onTestFinished(() => session.close());
  return {
    session,
    source,
    pass(ms) {
      nowMs += ms;
      session.work(10);
    },
    arrive() {
      while (session.isMoving) session.work(10);
    },
    jumps: () => jumps,
  };
}

/** What a history holds, without the order in which rows came. */
function contentOf(image: Uint8Array): unknown {
  const db = new Database(Buffer.from(image));
  try {
    return hashHistory(db);
  } finally {
    db.close();
  }
}

const contentNow = ({ session }: Bench): unknown => contentOf(session.serializeHistory());

/** What the history holds when an engine has read all records before a position, without any replay. */
function straightRun(source: ReplaySource, position = source.endPosition): unknown {
  const engine = new Engine(engineOptionsOf(source));
  for (const record of source.records(0)) if (record.position < position) engine.process(record);
  const file = `${temporaryDir()}/history.db`;
  const history = openHistory({ file });
  history.commit(engine.takeOutputs({ vehicles: true, checkpoint: false }));
  history.close();
  const db = new Database(file, { readonly: true });
  try {
    return hashHistory(db);
  } finally {
    db.close();
  }
}

const recording = smallRecording(1, 180);

describe('a replay', () => {
  it('played to the end at full speed leaves the history of a straight run', async () => {
    const b = await bench(recording);
    b.session.play('max');
    expect(b.session.work(1e9)).toBe(Number.POSITIVE_INFINITY);
    expect(b.session.state).toMatchObject({ phase: 'ended', processed: b.source.messages, timeMs: b.source.endMs });
    expect(b.session.engine.alertTotals.total).toBeGreaterThan(3);
    expect(contentNow(b)).toEqual(straightRun(b.source));
  });

  it('moved about at random and then run to the end leaves the history of a straight run', async () => {
    const move = fc.oneof(
      fc.record({ by: fc.constant('seek' as const), toS: fc.integer({ min: -5, max: 70 }) }),
      fc.record({ by: fc.constant('step' as const), seconds: fc.double({ min: 0, max: 20, noNaN: true }) }),
      fc.record({ by: fc.constantFrom('record' as const, 'tick' as const, 'pause' as const) }),
      fc.record({ by: fc.constant('play' as const), speed: fc.constantFrom(0.1, 1, 7, 60), ms: fc.nat(3000) }),
      fc.record({ by: fc.constant('turn' as const), toS: fc.nat(60) }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(move, { maxLength: 10 }),
        fc.integer({ min: 60, max: 400 }),
        fc.nat(50),
        async (moves, everyMessages, seed) => {
          const b = await bench(smallRecording(seed, 60), everyMessages);
          for (const m of moves) {
            if (m.by === 'seek') b.session.seek(T0_MS + m.toS * 1000);
            else if (m.by === 'step') b.session.step({ by: 'seconds', seconds: m.seconds });
            else if (m.by === 'pause') b.session.pause();
            else if (m.by === 'play') {
              b.session.play(m.speed);
              b.pass(m.ms);
            } else if (m.by === 'turn') {
              // A seek that another one takes the place of before it has arrived.
              b.session.seek(T0_MS + 30_000);
              b.session.work(0);
              b.session.seek(T0_MS + m.toS * 1000);
            } else b.session.step({ by: m.by });
            b.arrive();
          }
          const middle = b.session.state;
          expect(contentNow(b)).toEqual(straightRun(b.source, middle.position));
          b.session.play('max');
          b.pass(0);
          b.session.work(1e9);
          expect(b.session.state).toMatchObject({ phase: 'ended', processed: b.source.messages });
          expect(contentNow(b)).toEqual(straightRun(b.source));
        },
      ),
      { numRuns: 12 },
    );
  }, 60_000);

  it('going back restores what the history held, with moments and without', async () => {
    for (const everyMessages of [0, 150]) {
      const b = await bench(recording, everyMessages);
      const early = T0_MS + 61_000;
      b.session.seek(early);
      b.arrive();
      const then = contentNow(b);
      const { position, processed } = b.session.state;
      expect(then).toEqual(straightRun(b.source, position));
      b.session.seek(T0_MS + 170_000);
      b.arrive();
      expect(contentNow(b)).not.toEqual(then);
      b.session.seek(early);
      b.arrive();
      expect(contentNow(b)).toEqual(then);
      expect(b.session.state).toMatchObject({ position, processed, timeMs: early, phase: 'paused' });
      expect(b.jumps()).toBe(3);
    }
  });

  it('going on a little does not begin anew, going far uses a moment', async () => {
    const b = await bench(recording, 200);
    const { engine } = b.session;
    b.session.seek(T0_MS + 10_000);
    b.arrive();
    expect(b.session.engine).toBe(engine);
    b.session.seek(T0_MS + 150_000);
    b.arrive();
    expect(b.session.engine).not.toBe(engine);
  });
});

describe('the clock of a replay', () => {
  const receivedUpTo = (ms: number): number => recording.filter((r) => r.receivedMs - T0_MS <= ms).length;
  const readIn = (b: Bench): number => recording.filter((r) => r.position < b.session.state.position).length;

  it('reads each record when it is due, at any speed, and runs on between them', async () => {
    for (const speed of [0.1, 1, 16, 1000]) {
      const b = await bench(recording);
      b.session.play(speed);
      b.pass(0);
      let wallMs = 0;
      for (const ms of [3, 1000, 450, 2, 7000, 1]) {
        wallMs += ms;
        b.pass(ms);
        const recordedMs = Math.min(wallMs * speed, b.source.endMs - T0_MS);
        expect(readIn(b)).toBe(receivedUpTo(recordedMs + 1e-6));
        expect(b.session.state.timeMs).toBeCloseTo(T0_MS + recordedMs, 3);
      }
    }
  });

  it('says when the next record is due, and stands while it is paused', async () => {
    const b = await bench(recording);
    b.session.play(2);
    expect(b.session.work(10)).toBeCloseTo(50);
    b.pass(30);
    b.session.pause();
    b.pass(60_000);
    expect(b.session.state).toMatchObject({ phase: 'paused', timeMs: T0_MS + 60 });
    b.session.play(1);
    b.pass(0);
    b.pass(39);
    expect(readIn(b)).toBe(1);
    b.pass(1);
    expect(readIn(b)).toBe(2);
  });

  it('changes speed without losing or winning time', async () => {
    const b = await bench(recording);
    b.session.play(10);
    b.pass(0);
    b.pass(500);
    b.session.play(1);
    b.pass(250);
    expect(b.session.state).toMatchObject({ phase: 'playing', speed: 1, timeMs: T0_MS + 5250 });
  });

  it('gives up what it cannot catch up with instead of hurrying for ever', async () => {
    let nowMs = 0;
    const source = memorySource(recording);
    const moments = new MomentStore(openBlobStore(temporaryDir(), 0));
    // Each look at the clock takes a millisecond: a machine that reads a thousand records a second at best.
    const session = new ReplaySession({ source, moments, now: () => nowMs++ });
    onTestFinished(() => session.close());
    session.play(1000);
    while (session.state.phase === 'playing' && session.timeMs < T0_MS + 60_000) session.work(20);
    session.play(1);
    const { timeMs } = session;
    while (session.timeMs < timeMs + 2000) session.work(20);
    expect(session.timeMs - timeMs).toBeLessThan(2500);
  });

  it('does not wait through the time a room was closed, nor when its clock was put back', async () => {
    const later = recording.map((record, i) => {
      const addMs = i < 100 ? 0 : i < 200 ? 86_400_000 : -3_600_000;
      return { ...record, receivedMs: record.receivedMs + addMs };
    });
    const b = await bench(later);
    b.session.play(1);
    b.pass(0);
    b.pass(recording[99].receivedMs - T0_MS + 5000);
    expect(readIn(b)).toBe(101);
    b.pass(recording[199].receivedMs - recording[100].receivedMs);
    expect(readIn(b)).toBe(201);
    b.pass(recording[250].receivedMs - recording[200].receivedMs);
    expect(readIn(b)).toBe(251);
  });
});

describe('steps', () => {
  it('go one record, to the next tick, or some seconds on, and end paused', async () => {
    const b = await bench(recording);
    const read = (): JournalRecord[] => recording.filter((r) => r.position < b.session.state.position);
    b.session.play(1);
    b.session.step({ by: 'record' });
    expect(b.session.state.phase).toBe('moving');
    b.arrive();
    expect(read()).toHaveLength(1);
    b.session.step({ by: 'tick' });
    b.arrive();
    expect(read().at(-1)?.kind).toBe(RECORD_KIND.tick);
    expect(read().filter((r) => r.kind === RECORD_KIND.tick)).toHaveLength(1);
    b.session.step({ by: 'seconds', seconds: 9.5 });
    b.arrive();
    expect(b.session.state).toMatchObject({ phase: 'paused', timeMs: T0_MS + 10_400 });
    expect(read()).toEqual(recording.filter((r) => r.receivedMs <= T0_MS + 10_400));
    b.session.step({ by: 'seconds', seconds: 1000 });
    b.arrive();
    expect(b.session.state.phase).toBe('ended');
    b.session.step({ by: 'record' });
    b.arrive();
    expect(b.session.state.phase).toBe('ended');
  });
});

describe('a recording that is damaged', () => {
  it('is played up to there, and says so once', async () => {
    const records = recording.slice(0, 300);
    const source = memorySource(recording, {
      *records(position) {
        for (const record of records) if (record.position >= position) yield record;
        throw new Error('The recording x is damaged.');
      },
    });
    const moments = new MomentStore(openBlobStore(temporaryDir(), 0));
    const session = new ReplaySession({ source, moments, now: () => 0 });
    onTestFinished(() => session.close());
    for (let round = 0; round < 2; round++) {
      session.seek(source.endMs + 1);
      session.work(1);
      expect(session.state).toMatchObject({ phase: 'ended', position: recording[300].position });
      session.seek(0);
      session.work(1);
    }
    expect(session.state.problems).toEqual(['The recording x is damaged.']);
  });

  it('ends where the journal was deleted meanwhile, instead of leaving something out', async () => {
    let first = 0;
    const whole = memorySource(recording);
    const source = memorySource(recording, { records: (position) => whole.records(Math.max(position, first)) });
    const moments = new MomentStore(openBlobStore(temporaryDir(), 2 ** 20));
    for await (const moment of indexPass(source, { everyMessages: 200 })) moments.add(moment);
    const session = new ReplaySession({ source, moments, now: () => 0 });
    onTestFinished(() => session.close());
    session.seek(T0_MS + 100_000);
    session.work(1);
    first = recording[900].position;
    session.seek(T0_MS + 20_000);
    session.work(1);
    expect(session.state).toMatchObject({ phase: 'ended', problems: [expect.stringContaining('deleted meanwhile')] });
    session.seek(T0_MS + 170_000);
    session.work(1);
    expect(session.state.phase).toBe('paused');
  });

  it('with a gap in its positions is played and sought in as one without', async () => {
    const gapped = recording.slice(0, 200).map((record, i) => {
      const add = i < 100 ? 0 : 1000;
      return { ...record, position: record.position + add, nextPosition: record.nextPosition + add };
    });
    const b = await bench(gapped, 1);
    b.session.seek(gapped[100].receivedMs);
    b.arrive();
    expect(b.session.state).toMatchObject({ processed: gapped.slice(0, 100).reduce((sum, r) => sum + r.count, 0) });
    expect(b.session.state.problems).toEqual([]);
    b.session.seek(gapped[150].receivedMs);
    b.arrive();
    b.session.seek(gapped[100].receivedMs + 1);
    b.arrive();
    expect(b.session.state.problems).toEqual([]);
    expect(b.session.state.position).toBe(gapped[101].position);
  });
});
