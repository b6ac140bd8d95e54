import { useRef } from 'react';
import { AlertQueue } from '../alerts/AlertQueue.tsx';
import { HealthDrawer } from '../health/HealthDrawer.tsx';
import { useRoomStore } from '../room/RoomProvider.tsx';
import { VehicleSearch } from '../search/VehicleSearch.tsx';
import { TopBar } from '../top-bar/TopBar.tsx';
import { VehiclePanel } from '../vehicle/VehiclePanel.tsx';
import { Banners } from './Banners.tsx';
import { MapPane } from './MapPane.tsx';
import { Notices } from './Notices.tsx';
import { OperatorDialog } from './OperatorDialog.tsx';
import { ShortcutHelp } from './ShortcutHelp.tsx';
import { useShortcuts } from './use-shortcuts.ts';
import styles from './Workspace.module.css';

/** The room on one screen: figures above, alerts on the left, the map, and the selected vehicle on the right. */
export function Workspace() {
  const searchRef = useRef<HTMLInputElement>(null);
  useShortcuts(searchRef);
  const vehicleId = useRoomStore(
    (room) => room.selection,
    (s) => s.vehicleId,
  );
  const announcement = useRoomStore(
    (room) => room.alerts,
    (s) => s.announcement,
  );
  return (
    <div className={styles.workspace}>
      <TopBar />
      <Banners />
      <div className={styles.panes}>
        <AlertQueue />
        <main className={styles.center}>
          <MapPane />
          <div className={styles.search}>
            <VehicleSearch inputRef={searchRef} />
          </div>
        </main>
        {vehicleId !== undefined && <VehiclePanel key={vehicleId} vehicleId={vehicleId} />}
      </div>
      <HealthDrawer />
      <OperatorDialog />
      <ShortcutHelp />
      <Notices />
      <div className="spoken" aria-live="polite">
        {announcement}
      </div>
    </div>
  );
}
