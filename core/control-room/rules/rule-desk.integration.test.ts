import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { DeskRoom, START_MS } from './testing/desk-room.ts';

const rooms: DeskRoom[] = [];
afterEach(async () => {
  for (const room of rooms.splice(0)) await room.close();
});

function deskRoom(asked = false): DeskRoom {
  const room = new DeskRoom(asked);
  rooms.push(room);
  return room;
}

interface Texts {
  readonly hot?: string;
  readonly low?: string;
}

/** One rule that waits ten minutes and one over a window of five. */
const pack = ({ hot = 'hot', low = 'avg' }: Texts = {}): string => `rules:
  - id: hot
    name: Hot
    priority: high
    when: engine_temp_c > 100
    for: 10m
    message: ${hot}
  - id: low
    name: Low oil
    priority: high
    when: ${low}(oil_pressure_kpa, '5m') < 100
    message: low
`;
const OTHER = `rules:
  - id: cold
    name: Cold
    priority: low
    when: engine_temp_c < 10
    for: 10m
    message: cold
`;

const by = (name: string) => ({ by: name });
const replaced = (name: string, text: string) => (files: readonly { name: string; text: string }[]) => [
  ...files.filter((file) => file.name !== name),
  { name, text },
];

/** A minute's message of two vehicles from one minute to another. */
function drive(room: DeskRoom, fromMin: number, toMin: number): void {
  for (let minute = fromMin; minute < toMin; minute++) {
    room.status('v1', minute * 60, { engine_temp_c: 105, oil_pressure_kpa: Math.max(25, 300 - minute * 25) });
    room.status('v2', minute * 60, { engine_temp_c: 5, oil_pressure_kpa: 300 });
  }
}

const raisedBy = (room: DeskRoom, ruleId: string) => room.engine.book.openAlerts().filter((a) => a.ruleId === ruleId);
const atMin = (minute: number): number => START_MS + minute * 60_000;

describe('a changed pack', () => {
  test('goes on with what the journal knows: pending 6 of 10 min stays so, windows are full, other rules keep their state', async () => {
    const room = deskRoom();
    room.write('a.yaml', pack());
    room.write('b.yaml', OTHER);
    await room.desk.start();
    drive(room, 0, 7);
    const text = pack({ hot: 'still hot', low: 'min' });
    const inForce = await room.desk.save(replaced('a.yaml', text), { by: 'Kim', comment: 'words' });
    expect(inForce).toMatchObject({ rules: 3, changed: ['hot', 'low'], rebuilt: ['hot', 'low'], notes: [] });
    expect(room.changes.at(-1)).toMatchObject({ by: 'Kim', comment: 'words', state: expect.any(String) });
    drive(room, 7, 10);
    expect(raisedBy(room, 'hot')).toEqual([]);
    // min() of the last 5 min is below 100 with the message at 9 min: an empty window would know nothing of it either way.
    expect(raisedBy(room, 'low')).toMatchObject([{ vehicleId: 'v1', onsetMs: atMin(9) }]);
    drive(room, 10, 11);
    expect(raisedBy(room, 'hot')).toMatchObject([
      { vehicleId: 'v1', onsetMs: atMin(0), raisedMs: atMin(10), message: 'still hot' },
    ]);
    expect(raisedBy(room, 'cold')).toMatchObject([{ vehicleId: 'v2', onsetMs: atMin(0), raisedMs: atMin(10) }]);
  });

  test('is the same as if it had been in force all the time, and the journal with the edit replays to the same', async () => {
    const [edited, always] = [deskRoom(), deskRoom()];
    const text = pack({ hot: 'new words', low: 'max' });
    edited.write('a.yaml', pack());
    always.write('a.yaml', text);
    for (const room of [edited, always]) {
      await room.desk.start();
      drive(room, 0, 8);
    }
    await edited.desk.save(replaced('a.yaml', text), by('Kim'));
    for (const room of [edited, always]) drive(room, 8, 20);
    const facts = (room: DeskRoom) =>
      room.engine.book
        .openAlerts()
        .map(({ id, onsetMs, raisedMs, condition }) => ({ id, onsetMs, raisedMs, condition }));
    expect(facts(edited).length).toBeGreaterThan(1);
    expect(facts(edited)).toEqual(facts(always));
    const { transitions } = edited.engine.takeOutputs({ vehicles: false, checkpoint: false });
    expect(edited.replayed()).toEqual(transitions);
  });

  test('misses no message that comes while it is worked out', async () => {
    const [edited, always] = [deskRoom(), deskRoom()];
    const text = pack({ low: 'sum' });
    edited.write('a.yaml', pack());
    always.write('a.yaml', text);
    for (const room of [edited, always]) await room.desk.start();
    let second = 0;
    const step = (): void => {
      second++;
      for (const room of [edited, always]) room.status('v1', second, { oil_pressure_kpa: second % 7 });
    };
    for (let i = 0; i < 200; i++) step();
    const timer = setInterval(step, 1);
    await edited.desk.save(replaced('a.yaml', text), by('Kim'));
    clearInterval(timer);
    expect(edited.changes.at(-1)?.state).toBeDefined();
    expect(second).toBeGreaterThan(200);
    const terms = (room: DeskRoom) => [
      ...room.engine.ruleState(new Set(room.engine.rules.rules.map((r) => r.spec.version))),
    ];
    expect(terms(edited)).toEqual(terms(always));
  });

  test('that only moves rules between files needs nothing from the journal', async () => {
    const room = deskRoom();
    room.write('a.yaml', pack());
    await room.desk.start();
    drive(room, 0, 7);
    const rename = (files: readonly { name: string; text: string }[]) => [{ name: 'c.yaml', text: files[0].text }];
    expect(await room.desk.save(rename, by('Kim'))).toMatchObject({ changed: [], rebuilt: [] });
    expect(room.changes.at(-1)?.state).toBeUndefined();
    drive(room, 7, 11);
    expect(raisedBy(room, 'hot')).toHaveLength(1);
  });
});

describe('a wrong pack', () => {
  test('in the folder is told with line and column and not journaled; the old rules go on until it is right', async () => {
    const room = deskRoom();
    room.write('a.yaml', pack());
    await room.desk.start();
    expect(room.changes).toMatchObject([{ by: 'startup' }]);
    room.write('a.yaml', pack().replace('engine_temp_c', 'engine_tmp_c'));
    await vi.waitFor(() => expect(room.desk.problems).toHaveLength(1), 10_000);
    expect(room.desk.problems[0]).toMatch(/^a\.yaml:5:11: rule `hot`: there is no .*engine_tmp_c/);
    expect(room.changes).toHaveLength(1);
    drive(room, 0, 11);
    expect(raisedBy(room, 'hot')).toHaveLength(1);
    room.write('a.yaml', pack({ hot: 'right again' }));
    await vi.waitFor(() => expect(room.changes).toHaveLength(2), 10_000);
    expect(room.changes[1].by).toBe('file');
    expect(room.desk.problems).toEqual([]);
  });

  test('at the start is not journaled either', async () => {
    const room = deskRoom();
    room.write('a.yaml', 'rules: 7');
    await room.desk.start();
    expect(room.changes).toEqual([]);
    expect(room.desk.problems[0]).toMatch(/^a\.yaml:1:8: /);
  });

  test('is not saved', async () => {
    const room = deskRoom();
    room.write('a.yaml', pack());
    await room.desk.start();
    const saving = room.desk.save(replaced('b.yaml', pack()), by('Kim'));
    await expect(saving).rejects.toMatchObject({
      kind: 'rules-refused',
      message: expect.stringMatching(/^b\.yaml:2:9: rule `hot` is already in a\.yaml:2/),
    });
    expect(existsSync(join(room.dataDir, 'rules'))).toBe(false);
    expect(room.changes).toHaveLength(1);
  });

  test('folder that is gone is told, and the rules go on', async () => {
    const room = deskRoom(true);
    room.write('a.yaml', pack());
    await room.desk.start();
    rmSync(room.rulesDir, { recursive: true });
    await vi.waitFor(() => expect(room.desk.problems[0]).toContain('cannot be read'), 15_000);
    expect(room.engine.packs).toHaveLength(1);
  }, 20_000);
});

describe('saving', () => {
  test('copies the shipped packs to the data directory first, which counts from then on', async () => {
    const room = deskRoom();
    room.write('a.yaml', pack());
    room.write('b.yaml', OTHER);
    await room.desk.start();
    await room.desk.save(replaced('b.yaml', OTHER.replace('< 10', '< 5')), by('Kim'));
    const own = join(room.dataDir, 'rules');
    expect(readdirSync(own).sort()).toEqual(['a.yaml', 'b.yaml']);
    expect(readFileSync(join(own, 'b.yaml'), 'utf8')).toContain('< 5');
    expect(readFileSync(join(room.rulesDir, 'b.yaml'), 'utf8')).toContain('< 10');
    expect(room.folder.dir).toBe(own);
    await room.desk.save((files) => files.filter((file) => file.name === 'a.yaml'), by('Kim'));
    expect(readdirSync(own)).toEqual(['a.yaml']);
    expect(room.engine.packs.map((pack) => pack.name)).toEqual(['a.yaml']);
  });

  test('writes to the folder that was asked for', async () => {
    const room = deskRoom(true);
    room.write('a.yaml', pack());
    await room.desk.start();
    await room.desk.save(replaced('a.yaml', OTHER), by('Kim'));
    expect(readFileSync(join(room.rulesDir, 'a.yaml'), 'utf8')).toBe(OTHER);
    expect(existsSync(join(room.dataDir, 'rules'))).toBe(false);
  });

  test('what is in force already changes nothing', async () => {
    const room = deskRoom();
    room.write('a.yaml', pack());
    await room.desk.start();
    expect(await room.desk.save(replaced('a.yaml', pack()), by('Kim'))).toMatchObject({ position: null, rules: 2 });
    expect(room.changes).toHaveLength(1);
  });
});
