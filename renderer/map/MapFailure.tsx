import { useEffect, useEffectEvent } from 'react';

const RETRY_AFTER_MS = 2000;
const AUTOMATIC_ATTEMPTS = 3;

/** Why there is no map; tries again by itself a few times, then waits for the operator. */
export function MapFailure(props: { message: string; attempt: number; onRetry(): void }) {
  const { message, attempt } = props;
  const automatic = attempt < AUTOMATIC_ATTEMPTS;
  const retry = useEffectEvent(() => props.onRetry());
  useEffect(() => {
    if (!automatic) return;
    const timer = setTimeout(() => retry(), RETRY_AFTER_MS);
    return () => clearTimeout(timer);
  }, [automatic]);
  return (
    <div className="fleet-map fleet-map-failure" role="alert" data-testid="map-failure">
      <p>{message}</p>
      <p>Alerts and vehicle data go on without the map.</p>
      {automatic ? (
        <p>Trying again…</p>
      ) : (
        <button type="button" className="fleet-map-retry" onClick={props.onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}
