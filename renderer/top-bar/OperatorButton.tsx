import { useRoom, useRoomStore } from '../room/RoomProvider.tsx';
import styles from './TopBar.module.css';

export function OperatorButton() {
  const room = useRoom();
  const operator = useRoomStore(
    (r) => r.session,
    (s) => s.operator,
  );
  return (
    <button
      type="button"
      className={styles.operator}
      aria-haspopup="dialog"
      data-testid="operator"
      title={`${operator}: change`}
      onClick={() => room.screen.getState().setOverlay('operator')}
    >
      <span className={styles.label}>Operator</span>
      <span className={styles.value}>{operator || '–'}</span>
    </button>
  );
}
