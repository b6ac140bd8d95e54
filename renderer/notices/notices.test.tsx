// @vitest-environment happy-dom
import { cleanup, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ShownNotice } from '../../core/protocol/notice-requests.ts';
import { renderInRoom, servedRoom } from '../room/testing/room-harness.tsx';
import { createNoticeOutput } from './notice-output.ts';
import { SoundButton } from './SoundButton.tsx';
import { createSoundStore } from './sound-store.ts';

const played: number[] = [];
const param = () => ({ value: 0, setValueAtTime: vi.fn(), linearRampToValueAtTime: vi.fn() });

/** happy-dom has no sound: this notes the pitches. */
class SilentContext {
  readonly currentTime = 0;
  readonly state = 'running';
  readonly destination = {};
  createGain() {
    return { gain: param(), connect: vi.fn() };
  }
  createOscillator() {
    const frequency = param();
    return { frequency, connect: vi.fn(), start: () => played.push(frequency.value), stop: vi.fn() };
  }
}

class ShownNotification {
  static permission = 'granted';
  static readonly shown: string[] = [];
  static readonly requestPermission = vi.fn(async () => 'granted');
  constructor(title: string, { tag }: { tag: string }) {
    ShownNotification.shown.push(`${tag} ${title}`);
  }
}

beforeEach(() => {
  played.length = 0;
  ShownNotification.shown.length = 0;
  ShownNotification.permission = 'granted';
  vi.stubGlobal('AudioContext', SilentContext);
  vi.stubGlobal('Notification', ShownNotification);
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const notice = (change: Partial<ShownNotice> = {}): ShownNotice => ({
  id: 'n1',
  channel: 'sound',
  priority: 2,
  subject: '[HIGH] Engine hot – BER-1',
  body: 'Engine at 112 °C.',
  alertIds: ['a'],
  ...change,
});

it('each priority has a tone of its own', () => {
  const tones = [1, 2, 3, 4].map((priority) => {
    played.length = 0;
    createNoticeOutput(createSoundStore()).take(notice({ priority }));
    return played.join();
  });
  expect(new Set(tones).size).toBe(4);
  expect(tones).not.toContain('');
});

it('a tone is not drowned by one that is no more urgent, and muting silences all', () => {
  let nowMs = 0;
  const sound = createSoundStore();
  const output = createNoticeOutput(sound, () => nowMs);
  const heard = (priority: number): boolean => {
    played.length = 0;
    output.take(notice({ priority }));
    return played.length > 0;
  };
  expect([heard(3), heard(3), heard(4), heard(1), heard(2)]).toEqual([true, false, false, true, false]);
  nowMs = 1000;
  expect(heard(4)).toBe(true);
  sound.getState().toggleMuted();
  nowMs = 5000;
  expect(heard(1)).toBe(false);
});

it('desktop notices are shown where that was allowed', () => {
  const output = createNoticeOutput(createSoundStore());
  output.take(notice({ channel: 'desktop' }));
  ShownNotification.permission = 'denied';
  output.take(notice({ channel: 'desktop', id: 'n2' }));
  expect(ShownNotification.shown).toEqual(['n1 [HIGH] Engine hot – BER-1']);
  expect(played).toEqual([]);
});

it('the room is heard over its link, and the button and its title say whether it is', async () => {
  const { room, server } = servedRoom({});
  await vi.waitFor(() => expect(room.link).toBeDefined());
  renderInRoom(room, <SoundButton />);
  server().emit('notice', notice());
  await vi.waitFor(() => expect(played).not.toEqual([]));
  const button = screen.getByTestId('sound');
  expect(button.textContent).toBe('Sound on');
  ShownNotification.permission = 'default';
  await userEvent.click(button);
  expect(button.textContent).toBe('Muted');
  expect(button.getAttribute('aria-pressed')).toBe('true');
  expect(ShownNotification.requestPermission).toHaveBeenCalledOnce();
  room.close();
});
