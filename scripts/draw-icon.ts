import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { findBrowser } from './find-browser.ts';
import { ROOT } from './run-tool.ts';

// Draws build/icon.png, which the installers are made with, from build/icon.svg: node scripts/draw-icon.ts
const SIZE_PX = 1024;

const browser = await chromium.launch({ executablePath: findBrowser() });
const page = await browser.newPage({ viewport: { width: SIZE_PX, height: SIZE_PX } });
const svg = await readFile(join(ROOT, 'build/icon.svg'), 'utf8');
await page.setContent(`<style>body { margin: 0 } svg { display: block; width: ${SIZE_PX}px }</style>${svg}`);
const png = await page.screenshot({ omitBackground: true });
await writeFile(join(ROOT, 'build/icon.png'), png);
await browser.close();
console.log(`build/icon.png: ${(png.length / 1024).toFixed(0)} KB`);
