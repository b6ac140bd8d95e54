import { useRoom, useRoomStore } from '../room/RoomProvider.tsx';
import styles from './SoundButton.module.css';

/** Says whether the room can be heard, and silences it. Muting acknowledges nothing. */
export function SoundButton() {
  const room = useRoom();
  const muted = useRoomStore(
    (r) => r.sound,
    (s) => s.muted,
  );
  return (
    <button
      type="button"
      className={styles.button}
      data-muted={muted || undefined}
      data-testid="sound"
      aria-pressed={muted}
      aria-keyshortcuts="m"
      title={muted ? 'Tones are muted. Press m to hear them again.' : 'Each new alert is heard. Press m to mute.'}
      onClick={() => {
        room.sound.getState().toggleMuted();
        askForDesktop();
      }}
    >
      {muted ? 'Muted' : 'Sound on'}
    </button>
  );
}

/** A browser may be asked only when somebody presses something; once it was answered it does not ask again. */
function askForDesktop(): void {
  if (typeof Notification !== 'undefined' && Notification.permission === 'default')
    void Notification.requestPermission();
}
