import { Kbd, Modal } from '@mantine/core';
import { useRoom, useRoomStore } from '../room/RoomProvider.tsx';
import styles from './ShortcutHelp.module.css';
import { SHORTCUTS } from './use-shortcuts.ts';

export function ShortcutHelp() {
  const room = useRoom();
  const open = useRoomStore(
    (r) => r.screen,
    (s) => s.overlay === 'help',
  );
  return (
    <Modal opened={open} onClose={() => room.screen.getState().setOverlay('none')} title="Keys" size="sm" centered>
      <dl className={styles.keys}>
        {SHORTCUTS.map(([keys, does]) => (
          <div key={does} className={styles.row}>
            <dt>
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
