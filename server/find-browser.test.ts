import { expect, test } from 'vitest';
import { type FindBrowserOptions, findBrowser } from './find-browser.ts';

const installed = (...paths: string[]): FindBrowserOptions['isProgram'] => {
  return (path) => paths.includes(path);
};

test('CHROME_PATH goes first, and is passed over when it leads nowhere', () => {
  const env = { CHROME_PATH: '/opt/chrome', PATH: '/usr/bin' };
  const both = installed('/opt/chrome', '/usr/bin/chromium');
  expect(findBrowser({ platform: 'linux', env, isProgram: both })).toBe('/opt/chrome');
  expect(findBrowser({ platform: 'linux', env, isProgram: installed('/usr/bin/chromium') })).toBe('/usr/bin/chromium');
});

test('each platform is searched in its own places', () => {
  const linux = installed('/home/k/bin/google-chrome');
  expect(findBrowser({ platform: 'linux', env: { PATH: '/bin:/home/k/bin' }, isProgram: linux })).toBe(
    '/home/k/bin/google-chrome',
  );
  const mac = '/Users/k/Applications/Chromium.app/Contents/MacOS/Chromium';
  expect(findBrowser({ platform: 'darwin', env: { HOME: '/Users/k' }, isProgram: installed(mac) })).toBe(mac);
  const edge = 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe';
  const env = { PROGRAMFILES: 'C:\\Program Files', 'PROGRAMFILES(X86)': 'C:\\Program Files (x86)' };
  expect(findBrowser({ platform: 'win32', env, isProgram: installed(edge) })).toBe(edge);
});

test('no browser is undefined; a folder or a text file is no browser', () => {
  expect(findBrowser({ platform: 'linux', env: {}, isProgram: () => false })).toBeUndefined();
  const paths: string[] = [];
  for (const CHROME_PATH of [import.meta.dirname, import.meta.filename]) {
    const found = findBrowser({ platform: 'win32', env: { CHROME_PATH } });
    if (found) paths.push(found);
  }
  expect(paths).toEqual([]);
});
