import { useEffect, useState } from 'react';
import type { RequestArgs, RequestName, RequestResult } from '../../core/protocol/requests.ts';
import { useRoom, useRoomStore } from './RoomProvider.tsx';

/**
 * The result of a request, asked again on every new link, when `args` change in value, and every `everyMs` if given.
 * Undefined until the first answer; a failure is reported as a notice and leaves what was there.
 */
export function useRoomQuery<K extends RequestName>(
  name: K,
  args: RequestArgs<K>,
  everyMs?: number,
): { result: RequestResult<K> | undefined; refresh(): void } {
  const room = useRoom();
  const linkCount = useRoomStore(
    (r) => r.session,
    (s) => s.linkCount,
  );
  const [result, setResult] = useState<RequestResult<K>>();
  const [asked, setAsked] = useState(0);
  const argsText = JSON.stringify(args);
  const cause = `${linkCount} ${asked}`;
  useEffect(() => {
    if (cause === '0 0') return;
    let wanted = true;
    const ask = (): void => {
      room.request(name, JSON.parse(argsText) as RequestArgs<K>).then((answer) => {
        if (wanted) setResult(answer);
      }, room.report);
    };
    ask();
    const timer = everyMs === undefined ? undefined : setInterval(ask, everyMs);
    return () => {
      wanted = false;
      clearInterval(timer);
    };
  }, [room, name, argsText, everyMs, cause]);
  return { result, refresh: () => setAsked((n) => n + 1) };
}
