import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The MQTT client id of a data directory, made once: the broker keeps the room's queue under it while the room is closed,
 * and two rooms never share one. At most 23 letters and digits, which every MQTT 3.1.1 broker takes.
 */
export function clientIdOf(dataDir: string): string {
  const file = join(dataDir, 'client-id');
  try {
    const id = readFileSync(file, 'utf8').trim();
    if (/^[0-9A-Za-z]{1,23}$/.test(id)) return id;
  } catch {
    // Not made yet: the next lines do.
  }
  const id = `watchfloor${randomBytes(6).toString('hex')}`;
  writeFileSync(file, `${id}\n`);
  return id;
}
