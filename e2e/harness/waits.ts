import type { Locator, Page } from 'playwright-core';

/** The first number in an element's text, thousands separators left out; NaN when there is none. */
export async function numberIn(page: Page, testId: string): Promise<number> {
  const text = (await page.getByTestId(testId).first().textContent()) ?? '';
  const match = /-?[\d,\u00a0\u202f]*\d(\.\d+)?/.exec(text);
  return match ? Number(match[0].replace(/[,\u00a0\u202f]/g, '')) : Number.NaN;
}

/** Polls until the number in an element is as wanted; the last one is in the error. */
export async function untilNumber(
  page: Page,
  testId: string,
  wanted: (n: number) => boolean,
  timeoutMs = 30_000,
): Promise<number> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const n = await numberIn(page, testId);
    if (wanted(n)) return n;
    if (Date.now() > end) throw new Error(`${testId} stayed at ${n}`);
    await page.waitForTimeout(100);
  }
}

/** Polls until the text of all elements found is as wanted; the last text is in the error. */
export async function untilText(
  locator: Locator,
  wanted: (text: string) => boolean,
  timeoutMs = 30_000,
): Promise<void> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const text = (await locator.allTextContents()).join('\n');
    if (wanted(text)) return;
    if (Date.now() > end) throw new Error(`the text stayed “${text}”`);
    await locator.page().waitForTimeout(100);
  }
}

interface DrawStats {
  readonly updates: number;
  readonly frames: number;
}

/** Waits until the map has drawn some frames and taken some fleet updates. */
export async function untilDrawn(page: Page): Promise<void> {
  const stats = (): Promise<DrawStats | undefined> => page.evaluate('window.__watchfloorStats');
  for (let i = 0; i < 300; i++) {
    const now = await stats();
    if (now && now.updates > 3 && now.frames > 3) return;
    await page.waitForTimeout(100);
  }
  throw new Error(`the map does not draw: ${JSON.stringify(await stats())}`);
}

/** Waits until the alert is acknowledged in the queue, or has left it. */
export async function untilAcknowledged(page: Page, alertId: string | null): Promise<void> {
  const waiting = page.locator(`[data-testid=alert-row][data-alert-id="${alertId}"]:not([data-state=acknowledged])`);
  await waiting.waitFor({ state: 'detached' });
}
