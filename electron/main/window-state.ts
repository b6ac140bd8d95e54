import { readFileSync, writeFileSync } from 'node:fs';
import type { Rectangle } from 'electron';

/** Where the window was; positions are in the display's own pixels. */
export interface WindowState {
  readonly bounds: Partial<Rectangle> & { readonly width: number; readonly height: number };
  readonly maximized: boolean;
}

export const MIN_WIDTH = 1024;
export const MIN_HEIGHT = 640;
const DEFAULT: WindowState = { bounds: { width: 1440, height: 900 }, maximized: false };
/** At least this much of a window must be on a display, else it could not be dragged back. */
const VISIBLE_PX = 100;

/** The state that was saved, if it can be read and still lies on one of the displays. */
export function loadWindowState(file: string, displays: readonly Rectangle[]): WindowState {
  const state = read(file);
  if (!state) return DEFAULT;
  const { x, y, width, height } = state.bounds;
  const size = { width: Math.max(width, MIN_WIDTH), height: Math.max(height, MIN_HEIGHT) };
  if (x === undefined || y === undefined) return { ...state, bounds: size };
  const onScreen = displays.some((display) => overlaps({ x, y, width, height }, display));
  return { ...state, bounds: onScreen ? { x, y, ...size } : size };
}

/** A state that cannot be written is not worth an error: the next window has the default size. */
export function saveWindowState(file: string, state: WindowState): void {
  try {
    writeFileSync(file, JSON.stringify(state));
  } catch (error) {
    console.error(`The window's place was not saved: ${error instanceof Error ? error.message : error}`);
  }
}

function read(file: string): WindowState | undefined {
  try {
    const { bounds, maximized } = JSON.parse(readFileSync(file, 'utf8')) as WindowState;
    const numbers = [bounds.x ?? 0, bounds.y ?? 0, bounds.width, bounds.height];
    if (!numbers.every((n) => Number.isFinite(n))) return undefined;
    return { bounds, maximized: maximized === true };
  } catch {
    return undefined;
  }
}

function overlaps(a: Rectangle, b: Rectangle): boolean {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width >= VISIBLE_PX && height >= VISIBLE_PX;
}
