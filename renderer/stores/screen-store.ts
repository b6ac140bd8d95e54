import { createStore } from 'zustand/vanilla';

export interface Notice {
  readonly id: number;
  readonly text: string;
}

export interface ScreenState {
  /** What lies over the room at the moment. */
  readonly overlay: 'none' | 'help' | 'health' | 'operator';
  /** Short messages about requests that failed, newest last. */
  readonly notices: readonly Notice[];
  setOverlay(overlay: ScreenState['overlay']): void;
  notify(text: string): void;
  dismiss(id: number): void;
}

const MAX_NOTICES = 4;

export type ScreenStore = ReturnType<typeof createScreenStore>;

export function createScreenStore() {
  let nextId = 1;
  return createStore<ScreenState>()((set, get) => ({
    overlay: 'none',
    notices: [],
    setOverlay: (overlay) => set({ overlay }),
    notify(text) {
      const others = get().notices.filter((n) => n.text !== text);
      set({ notices: [...others, { id: nextId++, text }].slice(-MAX_NOTICES) });
    },
    dismiss: (id) => set({ notices: get().notices.filter((n) => n.id !== id) }),
  }));
}
