import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryDataDir } from '../core/control-room/testing/room-bench.ts';
import { launch, type Shell } from './harness/shell.ts';
import { untilAcknowledged, untilDrawn, untilNumber } from './harness/waits.ts';

// What a newcomer sees after one command: a living demo fleet, alerts, and an acknowledgement that stays.

const VEHICLES = 300;
const ARGS = ['--port', '0', '--vehicles', String(VEHICLES)];

describe('first light', () => {
  let data: Awaited<ReturnType<typeof temporaryDataDir>>;
  let shell: Shell;

  beforeAll(async () => {
    data = await temporaryDataDir();
    shell = await launch({ dataDir: data.dir, args: ARGS });
  });
  afterAll(async () => {
    await shell?.close();
    await data.remove();
  });

  test('the demo fleet is counted, moves and is drawn', async () => {
    const { page } = shell;
    await untilNumber(page, 'vehicles-total', (n) => n === VEHICLES);
    await untilNumber(page, 'messages-per-second', (n) => n > VEHICLES / 2);
    expect(await page.getByTestId('broker-state').textContent()).toContain('Connected');
    await untilDrawn(page);
    await untilNumber(page, 'lag', (n) => n > 0);
  });

  test('alerts arrive; one is acknowledged with a comment by keyboard, and stays so over a restart', async () => {
    const { page } = shell;
    const rows = page.getByTestId('alert-row');
    await rows.first().waitFor({ timeout: 60_000 });
    await page.keyboard.press('n');
    const selected = page.locator('[data-testid=alert-row][data-selected]');
    const id = await selected.getAttribute('data-alert-id');
    await page.keyboard.press('a');
    await page.getByTestId('ack-comment').waitFor();
    await page.keyboard.type('spoke with the driver');
    await page.keyboard.press('Enter');
    const row = (p: typeof page) =>
      p.locator(`[data-testid=alert-row][data-alert-id="${id}"], [data-testid=history-row][data-alert-id="${id}"]`);
    await untilAcknowledged(page, id);

    await shell.close();
    shell = await launch({ dataDir: data.dir, args: ARGS });
    const again = shell.page;
    await untilNumber(again, 'vehicles-total', (n) => n === VEHICLES);
    if ((await row(again).count()) === 0) await again.getByRole('tab', { name: 'History' }).click();
    await row(again).first().waitFor();
    expect(await row(again).first().textContent()).toContain('spoke with the driver');
  });

  test('nothing was asked of the outside world and the page logged no errors', () => {
    expect(shell.foreignRequests).toEqual([]);
    expect(shell.pageErrors).toEqual([]);
  });
});
