import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { launch } from '../../e2e/harness/shell.ts';
import { numberIn, untilDrawn, untilNumber } from '../../e2e/harness/waits.ts';
import { runStep, staleSteps } from '../../scripts/build/steps.ts';
import { findBrowser } from '../../scripts/find-browser.ts';
import type { Mosquitto } from '../../scripts/mosquitto.ts';
import { ROOT } from '../../scripts/run-tool.ts';
import { withBroker } from '../processes/broker.ts';
import { startFleetTool } from '../processes/fleet-tool.ts';
import { type Bench, people } from '../stage.ts';
import { parseLag } from './parse-lag.ts';

/** The map publishes means over windows of three seconds: one sample each. */
const SAMPLE_MS = 3200;
/** What the top bar shows is over the last 30 s: what came before the fleet was complete must be out of it. */
const LAG_WINDOW_MS = 31_000;
/** A fleet of this size sends 10,000 fixes a second; larger ones send less often, so that the generator and broker keep up. */
const FIXES_PER_SECOND = 10_000;
const MOST_WHEEL_TURNS = 200;

/** The built room in a real browser, drawn without a graphics card where there is none. */
export async function screenStage(bench: Bench): Promise<void> {
  if (!findBrowser()) throw new Error('there is no Chrome or Chromium here; install one, or leave this stage out');
  for (const step of staleSteps(ROOT)) await runStep(ROOT, step);
  for (const vehicles of bench.fleets) await withBroker(bench, (broker) => oneFleet(bench, broker, vehicles));
}

async function oneFleet(bench: Bench, broker: Mosquitto, vehicles: number): Promise<void> {
  const rate = Math.min(1, FIXES_PER_SECOND / vehicles);
  const dataDir = mkdtempSync(join(bench.dir, 'room-'));
  const fleet = startFleetTool({ brokerPort: broker.port, vehicles, rate });
  bench.defer(fleet.stop);
  const args = ['--broker', `mqtt://127.0.0.1:${broker.port}`, '--port', '0'];
  const shell = await launch({ dataDir, args, width: 1920, height: 1080 });
  bench.defer(shell.close);
  const { page } = shell;
  await untilNumber(page, 'vehicles-total', (n) => n >= vehicles, 120_000);
  await untilDrawn(page);
  await page.waitForTimeout(LAG_WINDOW_MS);

  const what = `${people(vehicles)} vehicles`;
  const whole = await sample(bench, page);
  const messages = `${people(await numberIn(page, 'messages-per-second'))} messages/s`;
  const lags = whole.map((s) => s.lagMs);
  bench.report({ what: `${what}, event to screen p50`, unit: 'ms', runs: lags.map((l) => l.p50), note: messages });
  bench.report({ what: `${what}, event to screen p99`, unit: 'ms', runs: lags.map((l) => l.p99), note: messages });
  const updates = whole.map((s) => s.stats.jsMsPerUpdate);
  bench.report({ what: `${what}, JS per update`, unit: 'ms', runs: updates, note: 'about four updates a second' });
  const frames = whole.map((s) => s.stats.jsMsPerFrame);
  bench.report({ what: `${what}, JS per frame, whole fleet`, unit: 'ms', runs: frames, note: drawn(whole[0]) });

  await zoomIn(page);
  const close = await sample(bench, page);
  const closeFrames = close.map((s) => s.stats.jsMsPerFrame);
  bench.report({ what: `${what}, JS per frame, street level`, unit: 'ms', runs: closeFrames, note: drawn(close[0]) });
  await shell.close();
  await fleet.stop();
  rmSync(dataDir, { recursive: true });
}

/** What the map publishes about itself: see renderer/map/stats.ts. */
interface MapStats {
  readonly framesPerSecond: number;
  readonly jsMsPerFrame: number;
  readonly jsMsPerUpdate: number;
  readonly drawn: number;
  readonly bubbles: number;
  readonly softwareGl: boolean;
}

interface Sample {
  readonly stats: MapStats;
  readonly lagMs: { readonly p50: number; readonly p99: number };
}

async function sample(bench: Bench, page: Page): Promise<Sample[]> {
  const samples: Sample[] = [];
  // The first window began under other conditions.
  await page.waitForTimeout(SAMPLE_MS);
  for (let run = 0; run < bench.runs; run++) {
    await page.waitForTimeout(SAMPLE_MS);
    const stats: MapStats = await page.evaluate('({ ...window.__watchfloorStats })');
    samples.push({ stats, lagMs: parseLag((await page.getByTestId('lag').textContent()) ?? '') });
  }
  return samples;
}

function drawn({ stats }: Sample): string {
  const gl = stats.softwareGl ? 'software GL' : 'hardware GL';
  const signs = stats.bubbles > 0 ? `, ${people(stats.bubbles)} bubbles` : '';
  return `${people(stats.drawn)} drawn${signs}, ${stats.framesPerSecond.toFixed(1)} frames/s, ${gl}`;
}

/** Turns the wheel over the middle of the map until every vehicle is drawn by itself. */
async function zoomIn(page: Page): Promise<void> {
  const { width = 1280, height = 800 } = page.viewportSize() ?? {};
  await page.mouse.move(width / 2, height / 2);
  for (let turn = 0; turn < MOST_WHEEL_TURNS; turn++) {
    await page.mouse.wheel(0, -1000);
    await page.waitForTimeout(200);
    const bubbles: number = await page.evaluate('window.__watchfloorStats?.bubbles ?? 0');
    if (bubbles === 0) return;
  }
  throw new Error(`after ${MOST_WHEEL_TURNS} turns of the wheel the map still shows bubbles`);
}
