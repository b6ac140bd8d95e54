import { createStore } from 'zustand/vanilla';
import type { RoomInfo } from '../../core/protocol/requests.ts';

export type ConnectionState =
  | { readonly state: 'connecting' }
  | { readonly state: 'open' }
  | { readonly state: 'lost'; readonly reason: string; readonly retryAtMs: number };

export interface SessionState {
  readonly connection: ConnectionState;
  /** Counts links; whatever asked the room for something asks again when it changes. 0 = never connected. */
  readonly linkCount: number;
  /** Counts fleets: positions and slots of an earlier one mean nothing. */
  readonly fleetCount: number;
  readonly info: RoomInfo | undefined;
  /** Who acknowledges. Kept on this machine; until it is set the room's suggestion is used. */
  readonly operator: string;
  setConnection(connection: ConnectionState): void;
  linkOpened(): void;
  fleetStartedOver(): void;
  roomDescribed(info: RoomInfo): void;
  /** Blank names are refused and change nothing. */
  setOperator(name: string): void;
}

const OPERATOR_KEY = 'watchfloor.operator';
const OPERATOR_MAX_LENGTH = 64;

export type SessionStore = ReturnType<typeof createSessionStore>;

export function createSessionStore(storage: Pick<Storage, 'getItem' | 'setItem'>) {
  const stored = storage.getItem(OPERATOR_KEY) ?? '';
  return createStore<SessionState>()((set, get) => ({
    connection: { state: 'connecting' },
    linkCount: 0,
    fleetCount: 0,
    info: undefined,
    operator: stored,
    setConnection: (connection) => set({ connection }),
    linkOpened: () => set({ connection: { state: 'open' }, linkCount: get().linkCount + 1 }),
    fleetStartedOver: () => set({ fleetCount: get().fleetCount + 1 }),
    roomDescribed: (info) => set({ info, operator: get().operator || info.suggestedOperator || 'operator' }),
    setOperator(name) {
      const operator = name.trim().slice(0, OPERATOR_MAX_LENGTH);
      if (operator === '') return;
      storage.setItem(OPERATOR_KEY, operator);
      set({ operator });
    },
  }));
}
