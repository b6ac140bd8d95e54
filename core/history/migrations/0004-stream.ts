import { days } from './0004-days.ts';
import { rollups } from './0004-rollups.ts';
import { trips } from './0004-trips.ts';
import type { Migration } from './migration.ts';

/** What event time, windows, trips and scores give out; tables by day. The views over days are made by whoever opens for writing. */
export const stream: Migration = {
  version: 4,
  name: 'stream',
  up(db) {
    days(db);
    rollups(db);
    trips(db);
  },
};
