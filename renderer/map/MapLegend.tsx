import { PRIORITY_NAMES, type PriorityName } from '../../core/model/alerts.ts';
import { ALERT_COLORS, ALERT_LABELS, ALERT_SHAPES, MOVEMENT_LABELS, VEHICLE_COLORS } from '../theme/tokens.ts';

const QUIET_SIGNS = [
  ['moving', <path key="moving" d="M8 2 L13 13 L8 10.4 L3 13 Z" fill={VEHICLE_COLORS.moving} />],
  ['idling', <circle key="idling" cx="8" cy="8" r="3.8" fill={VEHICLE_COLORS.idling} />],
  ['stopped', <circle key="stopped" cx="8" cy="8" r="3" fill={VEHICLE_COLORS.stopped} />],
  [
    'offline',
    <circle key="offline" cx="8" cy="8" r="3.4" fill="none" stroke={VEHICLE_COLORS.offline} strokeWidth="1.5" />,
  ],
] as const;

const PRIORITIES = PRIORITY_NAMES.filter((name): name is PriorityName => name !== 'none');

/** What the signs on the map mean; closed until asked for. */
export function MapLegend({ streets }: { streets: boolean }) {
  return (
    <details className="fleet-map-legend">
      <summary>Key</summary>
      <ul>
        {QUIET_SIGNS.map(([movement, sign]) => (
          <li key={movement}>
            <svg viewBox="0 0 16 16" aria-hidden="true">
              {sign}
            </svg>
            {MOVEMENT_LABELS[movement]}
          </li>
        ))}
        {PRIORITIES.map((name) => (
          <li key={name}>
            <span aria-hidden="true" style={{ color: ALERT_COLORS[name] }}>
              {ALERT_SHAPES[name]}
            </span>
            {ALERT_LABELS[name]} alert
          </li>
        ))}
        <li className="fleet-map-legend-note">Filled and glowing: not acknowledged</li>
        <li className="fleet-map-legend-note">Outlined: acknowledged</li>
        <li className="fleet-map-legend-note">A number: that many vehicles</li>
        {streets && <li className="fleet-map-legend-note">Streets: demo streets, generated</li>}
      </ul>
    </details>
  );
}
