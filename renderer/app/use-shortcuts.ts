import { type RefObject, useEffect } from 'react';
import {
  acknowledgeSelected,
  closeTopmost,
  goToSelectedAlert,
  openAcknowledgeForm,
  resetSelected,
  stepAlert,
  toggleFollow,
} from '../room/commands.ts';
import { useRoom } from '../room/RoomProvider.tsx';
import type { Room } from '../room/room.ts';

/** Keys of the room and what they do, as the help lists them. */
export const SHORTCUTS: readonly (readonly [keys: readonly string[], does: string])[] = [
  [['n', 'j', '↓'], 'Next alert'],
  [['p', 'k', '↑'], 'Previous alert'],
  [['Enter'], 'Show the vehicle of the selected alert'],
  [['a'], 'Acknowledge with a comment'],
  [['A'], 'Acknowledge at once'],
  [['r'], 'Reset an alert that is held'],
  [['/'], 'Search for a vehicle'],
  [['f'], 'Follow the selected vehicle on the map'],
  [['w'], 'Show the whole fleet on the map'],
  [['m'], 'Mute the tones, or hear them again'],
  [['Esc'], 'Close what is open'],
  [['?'], 'Show these keys'],
];

/** Bare keys work anywhere but in a field that takes text and while something lies over the room. */
export function useShortcuts(searchRef: RefObject<HTMLInputElement | null>): void {
  const room = useRoom();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (room.screen.getState().overlay !== 'none' || takesText(event.target)) return;
      const command = commandFor(room, event, searchRef);
      if (!command) return;
      event.preventDefault();
      command();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [room, searchRef]);
}

function commandFor(
  room: Room,
  { key, target }: KeyboardEvent,
  searchRef: RefObject<HTMLInputElement | null>,
): (() => void) | undefined {
  switch (key) {
    case 'n':
    case 'j':
      return () => stepAlert(room, 1);
    case 'p':
    case 'k':
      return () => stepAlert(room, -1);
    case 'ArrowDown':
      return ownsArrows(target) ? undefined : () => stepAlert(room, 1);
    case 'ArrowUp':
      return ownsArrows(target) ? undefined : () => stepAlert(room, -1);
    case 'Enter':
      return isControl(target) ? undefined : () => goToSelectedAlert(room);
    case 'a':
      return () => openAcknowledgeForm(room);
    case 'A':
      return () => acknowledgeSelected(room);
    case 'r':
      return () => resetSelected(room);
    case 'f':
      return () => toggleFollow(room);
    case 'w':
      return () => room.map?.fitFleet();
    case 'm':
      return () => room.sound.getState().toggleMuted();
    case '/':
      return () => searchRef.current?.focus();
    case 'Escape':
      return () => closeTopmost(room);
    case '?':
      return () => room.screen.getState().setOverlay('help');
    default:
      return undefined;
  }
}

function takesText(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null;
}

/** Controls answer Enter themselves. */
function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('button, a, [role="tab"], summary') !== null;
}

/** The map pans and tabs move with the arrow keys. */
function ownsArrows(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[data-testid="map"], [role="tab"]') !== null;
}
