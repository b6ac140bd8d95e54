import { Button } from '@mantine/core';
import { formatAge } from '../common/format.ts';
import { useNow } from '../common/use-now.ts';
import { useRoom, useRoomStore } from '../room/RoomProvider.tsx';
import styles from './Banners.module.css';
import { type Banner, bannersFor } from './banners.ts';

/** More than this and the map would have no room; the rest is a count. */
const MAX_BANNERS = 3;

export function Banners() {
  const nowMs = useNow();
  const connection = useRoomStore(
    (room) => room.session,
    (s) => s.connection,
  );
  const summary = useRoomStore(
    (room) => room.summary,
    (s) => s.summary,
  );
  const banners = bannersFor(connection, summary, nowMs);
  return (
    <div role="status" aria-label="Problems" className={styles.banners}>
      {banners.slice(0, MAX_BANNERS).map((banner) => (
        <BannerRow key={banner.kind + (banner.kind === 'link' ? '' : banner.text)} banner={banner} nowMs={nowMs} />
      ))}
      {banners.length > MAX_BANNERS && (
        <p className={styles.banner}>and {banners.length - MAX_BANNERS} more problems</p>
      )}
    </div>
  );
}

function BannerRow({ banner, nowMs }: { banner: Banner; nowMs: number }) {
  const room = useRoom();
  const newestEventMs = useRoomStore(
    (r) => r.summary,
    (s) => s.newestEventMs,
  );
  const stale = banner.kind === 'link' || banner.kind === 'broker';
  return (
    <div className={styles.banner} data-testid={`banner-${banner.kind}`}>
      <span className={styles.sign} aria-hidden="true">
        !
      </span>
      <p className={styles.text}>
        {banner.text}
        {stale && newestEventMs !== undefined && (
          <span className={styles.age}> Newest message: {formatAge(nowMs - newestEventMs)} ago.</span>
        )}
      </p>
      {banner.kind === 'link' && <Button onClick={room.retryNow}>Try now</Button>}
    </div>
  );
}
