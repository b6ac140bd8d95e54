import { RoomError } from '../../protocol/errors.ts';
import type { ReplayTarget } from '../../protocol/replay.ts';
import { RecordingError } from '../../recording/errors.ts';
import type { ReplaySource } from '../../recording/replay-source.ts';
import { openSource } from '../recording/open-source.ts';
import type { RecordingPlace } from './replay-messages.ts';

interface Span {
  readonly fromMs?: number;
  readonly toMs?: number;
}

/** Opens what a window asked for: a file, or the room's journal. Throws an error whose message can be shown. */
export function openTarget(
  { dataDir, topicPrefix }: RecordingPlace,
  target: ReplayTarget,
  onNote: (sentence: string) => void,
  span: Span = spanOf(target),
): ReplaySource {
  const { fromMs, toMs } = span;
  return openSource('file' in target ? target.file : dataDir, { fromMs, toMs, topicPrefix, onNote });
}

function spanOf(target: ReplayTarget): Span {
  return 'file' in target ? {} : target;
}

/** What to tell a window about an error: recordings have sentences and kinds of their own. */
export function refusalOf(error: unknown): { readonly kind: string; readonly message: string } {
  const kind = error instanceof RecordingError || error instanceof RoomError ? error.kind : 'recording';
  return { kind, message: error instanceof Error ? error.message : String(error) };
}
