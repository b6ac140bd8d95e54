import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, SETTINGS } from '../model/stream-settings.ts';
import { parseSettings, readSettings, SETTINGS_FILE, sameSettings } from './settings-file.ts';

describe('settings file', () => {
  it('gives the defaults without a file or with an empty one', () => {
    const dir = mkdtempSync(join(tmpdir(), 'settings-'));
    expect(readSettings(dir).settings).toEqual(DEFAULT_SETTINGS);
    writeFileSync(join(dir, SETTINGS_FILE), '# nothing yet\n');
    expect(readSettings(dir).settings).toEqual(DEFAULT_SETTINGS);
  });

  it('takes what is named and leaves the rest', () => {
    const { settings } = parseSettings('tripGapS: 1800\nspeedLimitKmph: 90 # motorway\n');
    expect(settings).toEqual({ ...DEFAULT_SETTINGS, tripGapS: 1800, speedLimitKmph: 90 });
    expect(sameSettings(settings!, DEFAULT_SETTINGS)).toBe(false);
  });

  it('says what is wrong with line and column', () => {
    expect(parseSettings('tripGapS: 10\n  \nspedLimitKmph: 1\nminBreakS: soon\n').errors).toEqual([
      'settings.yaml:1:11: `tripGapS` must be from 60 to 86400 s',
      'settings.yaml:3:1: there is no setting `spedLimitKmph`; did you mean `speedLimitKmph`?',
      'settings.yaml:4:1: `minBreakS` must be a number',
    ]);
    expect(parseSettings('- a\n').errors).toEqual(['settings.yaml:1:1: settings are lines of the form `name: number`']);
    expect(parseSettings('a: 1\na: 2\n').errors).toHaveLength(1);
  });

  it('has defaults inside their ranges', () => {
    for (const { name, fallback, min, max } of SETTINGS) {
      expect(fallback, name).toBeGreaterThanOrEqual(min);
      expect(fallback, name).toBeLessThanOrEqual(max);
    }
  });
});
