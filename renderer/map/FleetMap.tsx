import 'maplibre-gl/dist/maplibre-gl.css';
import './fleet-map.css';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import type { FirstView } from './auto-fit.ts';
import type { FleetBuffer } from './fleet-buffer.ts';
import { type FleetMapApi, FleetMapView } from './fleet-map-view.ts';
import { MapFailure } from './MapFailure.tsx';
import { MapLegend } from './MapLegend.tsx';

export type { FleetMapApi } from './fleet-map-view.ts';

export interface FleetMapProps {
  fleet: FleetBuffer;
  nameOf(slot: number): string | undefined;
  selectedSlot: number | undefined;
  onSelect(slot: number | undefined): void;
  /** Keep the selected vehicle in the middle. */
  follow: boolean;
  /** The operator dragged the map away from the followed vehicle. */
  onFollowEnd(): void;
  /** GeoJSON of the demo fleet's streets, depots and geofences. */
  streetsUrl?: string;
  /** What is shown first; the whole fleet by default. */
  firstView?: FirstView;
  onReady?(api: FleetMapApi): void;
  /** Wall clock for the age of messages, Unix ms; in a replay the time that is played. */
  nowMs?(): number;
}

/** The live map, or a sentence where it cannot be drawn. */
export function FleetMap(props: FleetMapProps) {
  const [failure, setFailure] = useState<string>();
  const [attempt, setAttempt] = useState(1);
  if (failure === undefined) return <MapSurface key={attempt} {...props} onFailure={setFailure} />;
  const retry = (): void => {
    setAttempt(attempt + 1);
    setFailure(undefined);
  };
  return <MapFailure message={failure} attempt={attempt} onRetry={retry} />;
}

/** React mounts the map and hands over what an operator changes; vehicles never pass through React. */
function MapSurface(props: FleetMapProps & { onFailure(message: string): void }) {
  const { fleet, streetsUrl, selectedSlot, follow } = props;
  const container = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<FleetMapView>();

  const open = useEffectEvent((element: HTMLElement, options: Pick<FleetMapProps, 'fleet' | 'streetsUrl'>) => {
    try {
      const opened = new FleetMapView({
        container: element,
        fleet: options.fleet,
        streetsUrl: options.streetsUrl,
        firstView: props.firstView ?? 'fleet',
        nameOf: (slot) => nameOf(slot),
        nowMs: () => nowMs(),
        onSelect: (slot) => onSelect(slot),
        onFollowEnd: () => onFollowEnd(),
        onFailure: (message) => onFailure(message),
      });
      props.onReady?.(opened.api);
      return opened;
    } catch (error) {
      onFailure(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  });
  const nameOf = useEffectEvent((slot: number) => props.nameOf(slot));
  const nowMs = useEffectEvent(() => props.nowMs?.() ?? Date.now());
  const onSelect = useEffectEvent((slot: number | undefined) => props.onSelect(slot));
  const onFollowEnd = useEffectEvent(() => props.onFollowEnd());
  const onFailure = useEffectEvent((message: string) => props.onFailure(message));

  useEffect(() => {
    if (!container.current) return;
    const opened = open(container.current, { fleet, streetsUrl });
    setView(opened);
    return () => opened?.destroy();
  }, [fleet, streetsUrl]);

  useEffect(() => view?.setSelected(selectedSlot), [view, selectedSlot]);
  useEffect(() => view?.setFollowed(follow ? selectedSlot : undefined), [view, follow, selectedSlot]);

  return (
    <div className="fleet-map">
      <div className="fleet-map-surface" ref={container} />
      <MapLegend streets={streetsUrl !== undefined} />
    </div>
  );
}
