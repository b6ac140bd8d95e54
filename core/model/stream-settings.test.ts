import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SETTINGS } from './stream-settings.ts';

test('docs/stream.md lists every setting as it is', () => {
  const text = readFileSync(new URL('../../docs/stream.md', import.meta.url), 'utf8');
  const rows = text.split('## Settings')[1].match(/^\| `.*$/gm) ?? [];
  const real = SETTINGS.map((s) => `| \`${s.name}\` | ${s.fallback} | ${s.unit || '–'} | ${s.min} | ${s.max} |`);
  expect(rows).toEqual(real);
});
