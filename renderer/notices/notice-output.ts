import type { ShownNotice } from '../../core/protocol/notice-requests.ts';
import type { SoundStore } from './sound-store.ts';
import { playTone } from './tones.ts';

/** A tone that is not more urgent than one begun less than this ago is not played: they would run into each other. */
const TONE_GAP_MS = 1000;

/** Plays the room's tones, and shows its notices for the desktop where the browser has been allowed to. */
export interface NoticeOutput {
  take(notice: ShownNotice): void;
}

export function createNoticeOutput(sound: SoundStore, now: () => number = Date.now): NoticeOutput {
  let context: AudioContext | undefined;
  let last = { atMs: Number.NEGATIVE_INFINITY, priority: Number.POSITIVE_INFINITY };

  const tone = (priority: number): void => {
    if (sound.getState().muted || typeof AudioContext === 'undefined') return;
    const atMs = now();
    if (atMs - last.atMs < TONE_GAP_MS && priority >= last.priority) return;
    last = { atMs, priority };
    context ??= wakeable(new AudioContext());
    playTone(context, priority);
  };

  return {
    take(notice) {
      if (notice.channel === 'sound') tone(notice.priority);
      else showOnDesktop(notice);
    },
  };
}

/** Browsers keep a page silent until somebody has used it: the first key or click lets it be heard. */
function wakeable(context: AudioContext): AudioContext {
  if (context.state !== 'suspended') return context;
  const wake = (): void => void context.resume();
  for (const event of ['keydown', 'pointerdown']) window.addEventListener(event, wake, { once: true });
  return context;
}

/** The tag lets several windows of one browser show one notice once. */
function showOnDesktop({ id, subject, body, priority }: ShownNotice): void {
  if (typeof Notification === 'undefined' || Notification.permission !== 'granted') return;
  const notification = new Notification(subject, { body, tag: id, silent: true, requireInteraction: priority === 1 });
  notification.onclick = () => window.focus();
}
