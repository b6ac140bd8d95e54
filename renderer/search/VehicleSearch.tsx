import { IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, type Ref, useEffect, useId, useRef, useState } from 'react';
import { MOVEMENT_NAMES } from '../../core/model/movement.ts';
import { goToVehicle } from '../room/commands.ts';
import { useRoom } from '../room/RoomProvider.tsx';
import { MOVEMENT_LABELS } from '../theme/tokens.ts';
import { findVehicles } from './find-vehicles.ts';
import styles from './VehicleSearch.module.css';

const MAX_MATCHES = 20;

/** Finds a vehicle by a part of its id and goes there. */
export function VehicleSearch({ inputRef }: { inputRef: Ref<HTMLInputElement> }) {
  const room = useRoom();
  const listId = useId();
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const [open, setOpen] = useState(false);
  const matches = open ? findVehicles(room.names.ids, text, MAX_MATCHES) : [];
  const shown = open && text.trim() !== '';

  const choose = (slot: number | undefined, input: HTMLInputElement): void => {
    const vehicleId = slot === undefined ? undefined : room.names.nameOf(slot);
    if (vehicleId === undefined) return;
    setText('');
    setOpen(false);
    input.blur();
    goToVehicle(room, vehicleId);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'ArrowDown') setActive(Math.min(matches.length - 1, active + 1));
    else if (event.key === 'ArrowUp') setActive(Math.max(0, active - 1));
    else if (event.key === 'Enter') choose(matches[active], event.currentTarget);
    else if (event.key === 'Escape') {
      setText('');
      event.currentTarget.blur();
    } else return;
    event.preventDefault();
  };

  return (
    <search className={styles.search}>
      <IconSearch size={15} className={styles.icon} aria-hidden="true" />
      <input
        ref={inputRef}
        className={styles.input}
        data-testid="search-input"
        role="combobox"
        aria-label="Search for a vehicle"
        aria-expanded={shown}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={matches.length > 0 ? `${listId}-${active}` : undefined}
        placeholder="Find a vehicle"
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setActive(0);
          setOpen(true);
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      <span className={styles.key} aria-hidden="true">
        /
      </span>
      <div id={listId} role="listbox" aria-label="Vehicles" className={styles.list} hidden={!shown}>
        {matches.map((slot, i) => (
          <Match
            key={slot}
            id={`${listId}-${i}`}
            slot={slot}
            active={i === active}
            onChoose={(input) => choose(slot, input)}
          />
        ))}
        {shown && matches.length === 0 && <p className={styles.none}>No vehicle id contains “{text.trim()}”.</p>}
      </div>
    </search>
  );
}

interface MatchProps {
  id: string;
  slot: number;
  active: boolean;
  onChoose(input: HTMLInputElement): void;
}

function Match({ id, slot, active, onChoose }: MatchProps) {
  const room = useRoom();
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (active) ref.current?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  const movement = MOVEMENT_NAMES[room.fleet.movement[slot] ?? 0];
  return (
    <div
      ref={ref}
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={active}
      className={styles.match}
      data-testid="search-match"
      onPointerDown={(event) => {
        // Before the field loses focus and the list goes away.
        event.preventDefault();
        if (document.activeElement instanceof HTMLInputElement) onChoose(document.activeElement);
      }}
    >
      <span>{room.names.nameOf(slot)}</span>
      <span className={styles.status}>{MOVEMENT_LABELS[movement]}</span>
    </div>
  );
}
