import { afterAll, beforeAll, expect, test } from 'vitest';
import { publishAll, rawMessage, sosMessage, temporaryDataDir } from '../core/control-room/testing/room-bench.ts';
import { DEFAULT_TOPICS } from '../core/model/topics.ts';
import { type Mosquitto, startMosquitto } from '../scripts/mosquitto.ts';
import { launch, type Shell } from './harness/shell.ts';
import { numberIn, untilNumber, untilText } from './harness/waits.ts';

// An operator's work on a real broker, on messages this spec publishes itself.

let broker: Mosquitto;
let data: Awaited<ReturnType<typeof temporaryDataDir>>;
let shell: Shell;

const status = (vehicle: string, fields: Record<string, unknown>, atMs = Date.now()) => ({
  topic: DEFAULT_TOPICS.status,
  payload: JSON.stringify({ vehicle_id: vehicle, timestamp: new Date(atMs).toISOString(), ...fields }),
});

beforeAll(async () => {
  broker = await startMosquitto();
  data = await temporaryDataDir();
  shell = await launch({ dataDir: data.dir, args: ['--port', '0', '--broker', `mqtt://127.0.0.1:${broker.port}`] });
});
afterAll(async () => {
  await shell?.close();
  await broker.stop();
  await data.remove();
});

test('without vehicles the room says where it listens', async () => {
  const { page } = shell;
  const empty = page.getByTestId('no-vehicles');
  await empty.waitFor();
  expect(await empty.textContent()).toContain(`127.0.0.1:${broker.port}`);
});

test('vehicles appear; search finds one and its panel shows live signals', async () => {
  const { page } = shell;
  const now = Date.now();
  await publishAll(broker.port, [
    ...Array.from({ length: 40 }, (_, i) =>
      rawMessage(`truck-${100 + i}`, { lat: 52.5 + i / 500, lon: 13.4 + i / 400 }),
    ),
    status('truck-107', { engine_temp_c: 91.5, fuel_pct: 63, ignition: true, fault_codes: ['P0217'] }, now),
  ]);
  await untilNumber(page, 'vehicles-total', (n) => n === 40);
  await page.keyboard.press('/');
  await page.keyboard.type('107');
  await page.getByTestId('search-match').first().waitFor();
  await page.keyboard.press('Enter');
  const panel = page.getByTestId('vehicle-panel');
  await panel.waitFor();
  expect(await page.getByTestId('vehicle-id').textContent()).toContain('truck-107');
  await panel.locator('[data-signal=engine_temp_c]').waitFor();
  expect(await panel.textContent()).toContain('P0217');
  await publishAll(broker.port, [status('truck-107', { engine_temp_c: 97.5 })]);
  await untilText(panel.locator('[data-signal=engine_temp_c]'), (text) => text.includes('97.5'));
  await page.keyboard.press('Escape');
  await panel.waitFor({ state: 'detached' });
});

test('the queue puts the most urgent first and is worked without a mouse', async () => {
  const { page } = shell;
  const now = Date.now();
  await publishAll(broker.port, [
    rawMessage('truck-101', { speed_kmph: 70 }, now),
    rawMessage('truck-101', { speed_kmph: 45, event_id: 'brake' }, now + 1000),
    rawMessage('truck-102', {}, now),
    sosMessage('truck-103'),
  ]);
  const rows = page.getByTestId('alert-row');
  await rows.nth(1).waitFor();
  expect(await rows.first().getAttribute('data-priority')).toBe('critical');
  expect(await rows.first().textContent()).toContain('truck-103');
  await page.keyboard.press('n');
  await page.keyboard.press('a');
  await page.keyboard.type('ambulance called');
  await page.keyboard.press('Enter');
  // Somebody is at it; it stays, behind what still waits, until it is reset.
  await untilText(rows, (text) => text.includes('held until it is reset'));
  expect(await rows.first().textContent()).toContain('truck-101');
  await page.keyboard.press('n');
  await page.keyboard.press('r');
  await untilText(rows, (text) => !text.includes('truck-103'));
  await page.keyboard.press('n');
  await page.keyboard.press('Enter');
  await page.getByTestId('vehicle-panel').waitFor();
  expect(await page.getByTestId('vehicle-id').textContent()).toContain('truck-101');
});

test('what is set aside is counted and shown as text', async () => {
  const { page } = shell;
  await publishAll(broker.port, [
    { topic: DEFAULT_TOPICS.telemetry, payload: '<img src=x onerror="document.title=1">' },
    rawMessage('truck-104', { lat: 91 }),
    rawMessage('truck-104', { speed_kmph: -5 }),
    rawMessage('truck-104', {}, Date.now() + 86_400_000),
    { topic: `${DEFAULT_TOPICS.telemetry}/truck-105`, payload: 'x'.repeat(5_000_000) },
  ]);
  await untilText(page.getByTestId('loss-counters'), (text) => /aside\s*5/i.test(text));
  await page.getByTestId('loss-counters').click();
  const drawer = page.getByTestId('quarantine-drawer');
  await drawer.locator('[data-reason=bad-json]').waitFor();
  await drawer.locator('[data-reason=too-large]').waitFor();
  await drawer.locator('[data-reason=future-clock]').waitFor();
  expect(await drawer.locator('[data-reason=impossible-value]').textContent()).toContain('2');
  expect(await drawer.textContent()).toContain('<img src=x');
  expect(await page.title()).not.toBe('1');
  await page.keyboard.press('Escape');
  expect(await numberIn(page, 'vehicles-total')).toBe(40);
});

test('a broker that goes away is said in a sentence; the room recovers by itself', async () => {
  const { page } = shell;
  await broker.kill();
  await untilText(page.getByTestId('broker-state'), (text) => !text.includes('Connected'));
  await page.getByText(`127.0.0.1:${broker.port}`).first().waitFor();
  await broker.restart();
  await untilText(page.getByTestId('broker-state'), (text) => text.includes('Connected'), 60_000);
});

test('health and metrics say the same as the screen', async () => {
  if (!shell.origin) return;
  const health = (await (await fetch(`${shell.origin}/healthz`)).json()) as {
    messages: Record<string, number>;
    vehicles: { total: number };
  };
  expect(health.vehicles.total).toBe(40);
  expect(health.messages.journaled).toBe(health.messages.processed);
  expect(health.messages.quarantined).toBe(5);
  const metrics = await (await fetch(`${shell.origin}/metrics`)).text();
  expect(metrics).toMatch(new RegExp(`processed[^\\n]* ${health.messages.processed}\\b`));
});

test('no errors were logged and nothing was asked of the outside world', () => {
  expect(shell.foreignRequests).toEqual([]);
  expect(shell.pageErrors).toEqual([]);
});
