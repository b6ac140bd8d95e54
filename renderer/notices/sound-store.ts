import { createStore } from 'zustand/vanilla';

export interface SoundState {
  /** No tones are played; nothing is acknowledged by that. */
  readonly muted: boolean;
  toggleMuted(): void;
}

export type SoundStore = ReturnType<typeof createSoundStore>;

/** Not kept: a window that is opened anew can be heard. */
export function createSoundStore() {
  return createStore<SoundState>()((set, get) => ({
    muted: false,
    toggleMuted: () => set({ muted: !get().muted }),
  }));
}
