import { CloseButton } from '@mantine/core';
import { useEffect } from 'react';
import { useRoom, useRoomStore } from '../room/RoomProvider.tsx';
import type { Notice } from '../stores/screen-store.ts';
import styles from './Notices.module.css';

const SHOWN_MS = 7000;

/** What went wrong just now, in a corner, for a few seconds. */
export function Notices() {
  const notices = useRoomStore(
    (room) => room.screen,
    (s) => s.notices,
  );
  return (
    <div className={styles.notices} role="status" aria-live="polite">
      {notices.map((notice) => (
        <NoticeCard key={notice.id} notice={notice} />
      ))}
    </div>
  );
}

function NoticeCard({ notice }: { notice: Notice }) {
  const room = useRoom();
  useEffect(() => {
    const timer = setTimeout(() => room.screen.getState().dismiss(notice.id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [room, notice.id]);
  return (
    <div className={styles.notice}>
      <span>{notice.text}</span>
      <CloseButton size="sm" aria-label="Dismiss" onClick={() => room.screen.getState().dismiss(notice.id)} />
    </div>
  );
}
