import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { join } from 'node:path';

const NAME = 'watchfloor.lock';
const BOOT_ID = '/proc/sys/kernel/random/boot_id';
/** Clocks are set and uptimes rounded: two boot times this close are one boot. */
const SAME_BOOT_MS = 600_000;
const ATTEMPTS = 10;

/** Another program has the data directory. The message is for people. */
export class DataDirInUseError extends Error {
  override readonly name = 'DataDirInUseError';
}

export interface Lock {
  /** Gives the directory back. Safe to call twice. */
  release(): void;
}

interface Holder {
  readonly pid: number;
  /** Start of the process in ticks since boot, where the system tells (Linux): pids are used again. */
  readonly startTicks?: string;
  /** The boot it started in, where the system names boots (Linux), and when that was, Unix ms. */
  readonly bootId?: string;
  readonly bootMs: number;
  /** Tells this lock from every other. */
  readonly token: string;
}

/**
 * Takes the data directory for this process, made when missing. Throws DataDirInUseError while another process (or this
 * one) holds it; the lock of a process that is gone is taken over. Take it in the process's main thread: a thread that
 * dies does not give it back.
 */
export function lockDataDir(dir: string): Lock {
  mkdirSync(dir, { recursive: true });
  const path = join(dir, NAME);
  const mine = JSON.stringify(thisProcess());
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (create(path, mine)) return { release: () => release(path, mine) };
    const found = read(path);
    if (found === undefined) continue;
    const holder = parse(found);
    if (holder && isAlive(holder)) throw new DataDirInUseError(sentence(dir, holder.pid));
    takeAway(path, found);
  }
  throw new DataDirInUseError(sentence(dir, undefined));
}

/** The lock appears with its content or not at all: written aside, then linked under its name, which only one can. */
function create(path: string, content: string): boolean {
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  writeFileSync(aside, content, { flag: 'wx' });
  try {
    linkSync(aside, path);
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST') return false;
    if (code === 'ENOENT') throw error;
    return createWithoutLinks(path, content);
  } finally {
    rmSync(aside, { force: true });
  }
}

/** For file systems without hard links (exFAT). */
function createWithoutLinks(path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Removes the stale lock `found`. Another process may have done so and put its own there: then that one is put back. */
function takeAway(path: string, found: string): void {
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  const moved = read(aside);
  if (moved !== undefined && moved !== found) create(path, moved);
  rmSync(aside, { force: true });
}

function release(path: string, mine: string): void {
  if (read(path) === mine) rmSync(path, { force: true });
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function parse(text: string): Holder | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'pid' in value ? (value as Holder) : undefined;
  } catch {
    return undefined;
  }
}

function thisProcess(): Holder {
  return {
    pid: process.pid,
    startTicks: startTicks(process.pid),
    bootId: read(BOOT_ID),
    bootMs: bootMs(),
    token: randomBytes(8).toString('hex'),
  };
}

function bootMs(): number {
  return Math.round(Date.now() - uptime() * 1000);
}

function isAlive(holder: Holder): boolean {
  if (!isThisBoot(holder)) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // EPERM: it is there and belongs to another user.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  return startTicks(holder.pid) === holder.startTicks;
}

/** A clock that is set while the room runs must not make its lock look old: the time counts only where boots have no name. */
function isThisBoot(holder: Holder): boolean {
  const id = read(BOOT_ID);
  if (id !== undefined && holder.bootId !== undefined) return id === holder.bootId;
  return Math.abs(holder.bootMs - bootMs()) <= SAME_BOOT_MS;
}

/** Field 22 of /proc/PID/stat; the name in field 2 may hold spaces, so counted from its closing bracket. */
function startTicks(pid: number): string | undefined {
  const stat = read(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

function sentence(dir: string, pid: number | undefined): string {
  const who = pid === undefined ? 'Another Watchfloor' : `Another Watchfloor (process ${pid})`;
  return `${who} is using ${dir}. Close it, or choose another folder with --data.`;
}
