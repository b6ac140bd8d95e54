import { once } from 'node:events';
import { mkdtempSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { openQueries } from '../../core/history/queries.ts';
import { openHistory } from '../../core/history/writer.ts';
import { secondBatches, vehicleIds, weekBatches } from '../fleet/stream-batches.ts';
import { quantile } from '../measurement.ts';
import { type Bench, people, perSecond } from '../stage.ts';

const DAY_MS = 86_400_000;
const VEHICLES = 10_000;
/** A whole day. */
const END_MS = 20_000 * DAY_MS;
/** Messages a second that the batches stand for, per vehicle. */
const MESSAGES_PER_VEHICLE = 1;

/** A history with a week of hours and days and a day of tracks: what goes in, what it takes on disk, and what questions take meanwhile. */
export async function weekStage(bench: Bench): Promise<void> {
  const vehicles = bench.quick ? 1000 : VEHICLES;
  const what = `${people(vehicles)} vehicles`;
  reportBytes(bench, vehicles);
  const file = join(mkdtempSync(join(bench.dir, 'week-')), 'history.db');
  const history = openHistory({ file });
  for (const batch of weekBatches(vehicles, END_MS)) history.commit(batch);
  const position = history.lastCommit()?.position ?? 0;
  const note = `into ${(statSync(file).size / 1e9).toFixed(2)} GB`;
  const batches = secondBatches(vehicles, END_MS, position);
  const rates: number[] = [];
  for (let run = 0; run < bench.runs; run++) {
    const seconds = bench.quick ? 5 : 20;
    let ms = 0;
    for (let second = 0; second < seconds; second++) {
      const batch = batches.next().value;
      const beganMs = performance.now();
      history.commit(batch);
      ms += performance.now() - beganMs;
    }
    rates.push(perSecond(seconds * vehicles * MESSAGES_PER_VEHICLE, ms));
  }
  const startMs = (history.lastCommit()?.engineMs ?? END_MS) - 1000;
  history.close();
  bench.report({ what: `${what}, outputs of`, unit: 'messages/s', runs: rates, note });
  await reportQueries(bench, file, vehicles, startMs);
}

async function reportQueries(bench: Bench, file: string, vehicles: number, startMs: number): Promise<void> {
  const worker = new Worker(new URL('./write-week.ts', import.meta.url), { workerData: { file, vehicles, startMs } });
  bench.defer(() => worker.terminate());
  await once(worker, 'message');
  const queries = openQueries({ file });
  const ids = vehicleIds(vehicles);
  const what = `${people(vehicles)} vehicles`;
  const measure = async (count: number, ask: (i: number) => unknown): Promise<number[]> => {
    const ms: number[] = [];
    for (let i = 0; i < count; i++) {
      const beganMs = performance.now();
      ask(i);
      ms.push(performance.now() - beganMs);
      // Lets the writer have its share of the machine, as the screens do between two questions.
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return ms;
  };
  const report = (name: string, runs: readonly (readonly number[])[], atMost: number): void => {
    const p50 = runs.map((ms) => quantile(ms, 0.5));
    const p99 = runs.map((ms) => quantile(ms, 0.99));
    bench.report({ what: `${what}, ${name}, p50`, unit: 'ms', runs: p50 });
    bench.report({ what: `${what}, ${name}, p99`, unit: 'ms', runs: p99, target: { atMost } });
  };
  const count = bench.quick ? 50 : 200;
  const tracks: number[][] = [];
  const weeks: number[][] = [];
  for (let run = 0; run < bench.runs; run++) {
    const day = { fromMs: END_MS - DAY_MS, toMs: END_MS };
    tracks.push(
      await measure(count, (i) =>
        queries.vehicleTrack({ vehicleId: ids[((run * count + i) * 7919) % vehicles], ...day }),
      ),
    );
    weeks.push(await measure(count / 10, () => queries.fleetKpis({ fromMs: END_MS - 7 * DAY_MS, toMs: END_MS })));
  }
  queries.close();
  worker.postMessage('stop');
  const [commitMs] = (await once(worker, 'message')) as [number[]];
  report('24 h of one track while writing', tracks, 15);
  report('figures of a week while writing', weeks, 100);
  bench.report({ what: `${what}, slowest commit meanwhile`, unit: 'ms', runs: [Math.max(...commitMs)] });
}

/** What a day of the outputs takes on disk by table, from some minutes of them at noon. */
function reportBytes(bench: Bench, vehicles: number): void {
  const file = join(mkdtempSync(join(bench.dir, 'bytes-')), 'history.db');
  const history = openHistory({ file });
  const batches = secondBatches(vehicles, END_MS + DAY_MS / 2, 0);
  const seconds = bench.quick ? 60 : 240;
  for (let second = 0; second < seconds; second++) history.commit(batches.next().value);
  history.close();
  const db = new Database(file, { readonly: true });
  const sizes = db
    .prepare<[], [table: string, bytes: number]>(
      `SELECT p.base, sum(d.pgsize) FROM partition p JOIN sqlite_schema s ON s.tbl_name = p.name
       JOIN dbstat d ON d.name = s.name GROUP BY 1 ORDER BY 2 DESC`,
    )
    .raw()
    .all();
  db.close();
  for (const [table, bytes] of sizes) {
    const perDay = ((bytes / seconds) * 86_400 * VEHICLES) / vehicles / 1e6;
    bench.report({ what: `${people(VEHICLES)} vehicles, a day of ${table}`, unit: 'MB', runs: [perDay] });
  }
}
