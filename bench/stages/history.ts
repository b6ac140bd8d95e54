import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openHistory } from '../../core/history/writer.ts';
import type { OutputBatch } from '../../core/model/outputs.ts';
import { historyBatches, rowsOf } from '../fleet/history-batches.ts';
import { START_MS } from '../fleet/record-fleet.ts';
import { quantile } from '../measurement.ts';
import { type Bench, people, perSecond } from '../stage.ts';

/** Batches of one second as the room commits them, checkpoints left out (see the memory stage). */
export function historyStage(bench: Bench): void {
  for (const vehicles of bench.fleets) {
    const seconds = bench.quick ? 70 : 190;
    const rates: number[] = [];
    const p50: number[] = [];
    const slowest: number[] = [];
    for (let run = 0; run < bench.runs; run++) {
      const { rows, commitMs } = commitSeconds(bench.dir, vehicles, seconds);
      const totalMs = commitMs.reduce((sum, ms) => sum + ms, 0);
      rates.push(perSecond(rows, totalMs));
      p50.push(quantile(commitMs, 0.5));
      slowest.push(Math.max(...commitMs));
    }
    const what = `${people(vehicles)} vehicles`;
    bench.report({ what, unit: 'rows/s', runs: rates, note: 'a second per commit' });
    bench.report({ what: `${what}, middle commit`, unit: 'ms', runs: p50 });
    const note = `every vehicle's minute in one commit`;
    bench.report({ what: `${what}, slowest commit`, unit: 'ms', runs: slowest, note });
  }
}

function commitSeconds(dir: string, vehicles: number, seconds: number): { rows: number; commitMs: number[] } {
  const own = mkdtempSync(join(dir, 'history-'));
  const history = openHistory({ file: join(own, 'history.db') });
  const batches = historyBatches({ vehicles, startMs: START_MS, stepMs: 1000 });
  let rows = 0;
  const commitMs: number[] = [];
  try {
    for (let second = 0; second < seconds; second++) {
      const batch: OutputBatch = batches.next().value;
      const startedMs = performance.now();
      history.commit(batch);
      commitMs.push(performance.now() - startedMs);
      rows += rowsOf(batch);
    }
    return { rows, commitMs };
  } finally {
    history.close();
    rmSync(own, { recursive: true });
  }
}
