import { Drawer } from '@mantine/core';
import { QUARANTINE_REASONS, type QuarantineSample, type SchemaNotice } from '../../core/model/quarantine.ts';
import type { QuarantineReport } from '../../core/protocol/requests.ts';
import { formatCount, formatLag, formatWhen } from '../common/format.ts';
import { useNow } from '../common/use-now.ts';
import { useRoom, useRoomStore } from '../room/RoomProvider.tsx';
import { useRoomQuery } from '../room/use-room-query.ts';
import { COUNTERS, REASONS } from './counter-help.ts';
import styles from './HealthDrawer.module.css';

const REFRESH_MS = 3000;

/** What became of the messages: every counter explained, and what was set aside with samples. */
export function HealthDrawer() {
  const room = useRoom();
  const open = useRoomStore(
    (r) => r.screen,
    (s) => s.overlay === 'health',
  );
  return (
    <Drawer
      opened={open}
      onClose={() => room.screen.getState().setOverlay('none')}
      title="What became of the messages"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div data-testid="quarantine-drawer" className={styles.content}>
        <Counters />
        <Report />
      </div>
    </Drawer>
  );
}

function Counters() {
  const summary = useRoomStore(
    (r) => r.summary,
    (s) => s.summary,
  );
  if (!summary) return <p className={styles.note}>The room has not reported yet.</p>;
  const { messages, lagMs } = summary;
  return (
    <section aria-label="Counters">
      <dl className={styles.counters}>
        {COUNTERS.map(([key, label, meaning]) => (
          <div key={key} data-caution={(key === 'dropped' && messages.dropped > 0) || undefined}>
            <dt>{label}</dt>
            <dd className={styles.count}>{messages[key].toLocaleString('en-GB')}</dd>
            <dd className={styles.meaning}>{meaning}</dd>
          </div>
        ))}
      </dl>
      <p className={styles.note}>
        From event time to the engine: {formatLag(lagMs.p50 ?? undefined)} (half), {formatLag(lagMs.p99 ?? undefined)}{' '}
        (99 of 100), over the last minute.
      </p>
    </section>
  );
}

function Report() {
  const { result } = useRoomQuery('quarantine.report', {}, REFRESH_MS);
  if (!result) return <p className={styles.note}>Reading…</p>;
  const reasons = QUARANTINE_REASONS.filter((reason) => (result.counts[reason] ?? 0) > 0);
  return (
    <>
      <section aria-label="Set aside">
        <h3 className={styles.heading}>Set aside, by reason</h3>
        {reasons.length === 0 && <p className={styles.note}>Nothing was set aside.</p>}
        {reasons.map((reason) => (
          <ReasonBlock key={reason} reason={reason} report={result} />
        ))}
      </section>
      <section aria-label="Changes in the messages">
        <h3 className={styles.heading}>Changes in what topics carry</h3>
        {result.schemaNotices.length === 0 && <p className={styles.note}>No change was seen.</p>}
        <ul className={styles.notices}>
          {result.schemaNotices.map((notice) => (
            <NoticeRow key={`${notice.topicKind} ${notice.field} ${notice.change}`} notice={notice} />
          ))}
        </ul>
      </section>
    </>
  );
}

function ReasonBlock({ reason, report }: { reason: keyof typeof REASONS; report: QuarantineReport }) {
  const [label, meaning] = REASONS[reason];
  const samples = report.samples.filter((s) => s.reason === reason);
  return (
    <details className={styles.reason} data-testid="quarantine-reason" data-reason={reason}>
      <summary>
        <span className={styles.reasonLabel}>{label}</span>
        <span className={styles.count}>{formatCount(report.counts[reason] ?? 0)}</span>
        <span className={styles.meaning}>{meaning}</span>
      </summary>
      <ul>
        {samples.map((sample) => (
          <SampleRow key={`${sample.position} ${sample.index}`} sample={sample} />
        ))}
      </ul>
      {samples.length === 0 && <p className={styles.note}>No sample was kept.</p>}
    </details>
  );
}

/** A sample of a message set aside. Its payload came from outside and is shown as text only. */
function SampleRow({ sample }: { sample: QuarantineSample }) {
  const nowMs = useNow();
  return (
    <li className={styles.sample}>
      <p>{sample.detail}</p>
      <p className={styles.meaning}>
        {formatWhen(sample.receivedMs, nowMs)} · {sample.topic} · {sample.bytes.toLocaleString('en-GB')} bytes
      </p>
      <pre className={styles.payload}>{sample.head}</pre>
    </li>
  );
}

function NoticeRow({ notice }: { notice: SchemaNotice }) {
  const nowMs = useNow();
  return (
    <li>
      <p>
        {notice.change === 'new-field' ? 'New field' : 'Type changed'}: <strong>{notice.field}</strong> in{' '}
        {notice.topicKind}
      </p>
      <p className={styles.meaning}>
        {notice.detail} · first {formatWhen(notice.firstMs, nowMs)}
      </p>
    </li>
  );
}
