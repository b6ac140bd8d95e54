import { Button, CloseButton } from '@mantine/core';
import type { VehicleDetail } from '../../core/protocol/requests.ts';
import { useNow } from '../common/use-now.ts';
import { toggleFollow } from '../room/commands.ts';
import { useRoom, useRoomStore } from '../room/RoomProvider.tsx';
import { MOVEMENT_LABELS } from '../theme/tokens.ts';
import { SignalRow } from './SignalRow.tsx';
import type { SignalTrends } from './signal-trends.ts';
import { reportedSignals, splitFaultCodes } from './signal-view.ts';
import { useTrack } from './use-track.ts';
import { useVehicle } from './use-vehicle.ts';
import { VehicleAlerts } from './VehicleAlerts.tsx';
import { VehicleFacts } from './VehicleFacts.tsx';
import styles from './VehiclePanel.module.css';

/** Everything about one vehicle, live. */
export function VehiclePanel({ vehicleId }: { vehicleId: string }) {
  const room = useRoom();
  const { detail, trends } = useVehicle(vehicleId);
  useTrack(vehicleId);
  return (
    <aside className={styles.panel} aria-label={`Vehicle ${vehicleId}`} data-testid="vehicle-panel">
      <header className={styles.header}>
        <div className={styles.title}>
          <h2 className={styles.id} data-testid="vehicle-id">
            {vehicleId}
          </h2>
          {detail && <span className={styles.movement}>{MOVEMENT_LABELS[detail.movement]}</span>}
        </div>
        <CloseButton aria-label="Close (Esc)" onClick={() => room.selection.getState().clear()} />
      </header>
      <div className={styles.body}>
        <MapControls />
        {detail === undefined && <p className={styles.note}>Reading the vehicle…</p>}
        {detail === null && <p className={styles.note}>The room does not know this vehicle.</p>}
        {detail && <VehicleFacts detail={detail} />}
        <VehicleAlerts vehicleId={vehicleId} />
        {detail && <Signals detail={detail} trends={trends} />}
      </div>
    </aside>
  );
}

function MapControls() {
  const room = useRoom();
  const { follow, track, setTrack } = useRoomStore(
    (r) => r.selection,
    (s) => s,
  );
  return (
    <div className={styles.controls}>
      <Button aria-pressed={follow} data-on={follow || undefined} onClick={() => toggleFollow(room)}>
        {follow ? 'Following' : 'Follow'}
      </Button>
      <Button aria-pressed={track} data-on={track || undefined} onClick={() => setTrack(!track)}>
        {track ? 'Hide track' : 'Track of 2 h'}
      </Button>
    </div>
  );
}

function Signals({ detail, trends }: { detail: VehicleDetail; trends: SignalTrends }) {
  const nowMs = useNow();
  const { numbers, flags } = reportedSignals(detail.signals);
  const faultCodes = splitFaultCodes(detail.faultCodes);
  return (
    <>
      <section aria-label="Signals">
        <h3 className={styles.heading}>
          Signals<span className={styles.aside}>last hour</span>
        </h3>
        {numbers.length === 0 && <p className={styles.note}>No signal has been reported yet.</p>}
        <ul>
          {numbers
            .filter(({ spec }) => spec.name !== 'heading')
            .map((reading) => (
              <SignalRow
                key={reading.spec.column}
                reading={reading}
                trend={trends.trend(reading.spec.column)}
                nowMs={nowMs}
              />
            ))}
        </ul>
      </section>
      {flags.length > 0 && (
        <section aria-label="Switches">
          <h3 className={styles.heading}>Switches</h3>
          <ul className={styles.flags}>
            {flags.map(({ spec, value }) => (
              <li key={spec.column} data-on={value !== 0 || undefined}>
                {spec.label} <strong>{value !== 0 ? 'on' : 'off'}</strong>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section aria-label="Fault codes">
        <h3 className={styles.heading}>Fault codes</h3>
        {faultCodes.length === 0 ? (
          <p className={styles.note}>None</p>
        ) : (
          <ul className={styles.codes} data-testid="fault-codes">
            {faultCodes.map((code) => (
              <li key={code}>{code}</li>
            ))}
          </ul>
        )}
      </section>
    </>
  );
}
