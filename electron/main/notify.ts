import { Notification } from 'electron';
import type { ControlRoom } from '../../core/control-room/control-room.ts';
import type { ShownNotice } from '../../core/protocol/notice-requests.ts';

/** Those that are shown are kept until they are clicked or closed: Electron forgets what nobody holds. */
const MAX_SHOWN = 20;

/** Shows the room's notices for the desktop; `onClick` is called when one is clicked. Windows make the sounds. */
export function showNotices(room: ControlRoom, onClick: () => void): void {
  const shown: Notification[] = [];
  room.onNotice((notice) => {
    if (notice.channel !== 'desktop' || !Notification.isSupported()) return;
    const notification = new Notification({
      title: notice.subject,
      body: notice.body,
      urgency: urgencyOf(notice),
      silent: true,
    });
    notification.on('click', onClick);
    notification.on('close', () => {
      const at = shown.indexOf(notification);
      if (at >= 0) shown.splice(at, 1);
    });
    shown.push(notification);
    if (shown.length > MAX_SHOWN) shown.shift();
    notification.show();
  });
}

function urgencyOf({ priority }: ShownNotice): 'critical' | 'normal' {
  return priority === 1 ? 'critical' : 'normal';
}
