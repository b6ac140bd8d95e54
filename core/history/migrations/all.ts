import { fleet } from './0001-fleet.ts';
import { alerts } from './0002-alerts.ts';
import { bookkeeping } from './0003-bookkeeping.ts';
import { stream } from './0004-stream.ts';
import { alertLife } from './0005-alerts.ts';
import type { Migration } from './migration.ts';

/** In order; the version of each is its place, counted from 1. */
export const MIGRATIONS: readonly Migration[] = [fleet, alerts, bookkeeping, stream, alertLife];

export const SCHEMA_VERSION = MIGRATIONS.length;
