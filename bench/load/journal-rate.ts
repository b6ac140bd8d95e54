/**
 * Messages per second from a socket into the journal in one thread: the MQTT source and the journal, nothing behind them.
 * `node bench/load/journal-rate.ts --messages N --qos 0|1 --window W --disk 0|1 [--rate R]` starts the fake broker itself and prints
 * `{"received", "journaled", "perSecond", "records", "cpuMicrosecondsPerMessage", ...}`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openJournal } from '../../core/journal/journal.ts';
import { RECORD_KIND } from '../../core/model/records.ts';
import { openMqttSource } from '../../core/sources/mqtt-source.ts';
import { numberOptions, say } from './cli-options.ts';

const options = numberOptions({ messages: 2_000_000, qos: 1, window: 8192, disk: 0, rate: 0 });
const dir = mkdtempSync(join(tmpdir(), 'watchfloor-journal-rate-'));
const durability = options.disk === 1 ? 'disk' : 'os';
const journal = openJournal({ dir, durability });
const forwarded = (['messages', 'qos', 'window', 'rate'] as const).flatMap((name) => [
  `--${name}`,
  String(options[name]),
]);
const broker = spawn(process.execPath, [join(import.meta.dirname, 'fake-broker.ts'), ...forwarded], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const lines = createInterface({ input: broker.stdout })[Symbol.asyncIterator]();
const { port } = await brokerSays();

let records = 0;
let firstMs = 0;
let cpu = process.cpuUsage();
const source = openMqttSource(
  { url: `mqtt://127.0.0.1:${port}`, clientId: 'journal-rate', filters: ['fleet/#'] },
  {
    run(bytes, count, level, acknowledge) {
      if (records++ === 0) {
        firstMs = performance.now();
        cpu = process.cpuUsage();
      }
      journal.append(RECORD_KIND.publish, level, count, Date.now(), bytes, acknowledge);
      if (journal.messages >= options.messages) setImmediate(done);
    },
    oversize: (_note, acknowledge) => acknowledge(),
    status(status) {
      if (status.state !== 'connected' && journal.messages < options.messages) console.error(status.detail);
    },
  },
);

/** The fake broker's next line. */
async function brokerSays() {
  const line = await lines.next();
  if (line.done) throw new Error('the fake broker ended without a word');
  return JSON.parse(line.value);
}

async function done(): Promise<void> {
  const seconds = (performance.now() - firstMs) / 1000;
  const used = process.cpuUsage(cpu);
  say({
    qos: options.qos,
    durability,
    received: source.received,
    journaled: journal.messages,
    perSecond: Math.round(journal.messages / seconds),
    records,
    messagesPerRecord: Math.round(journal.messages / records),
    cpuMicrosecondsPerMessage: Number(((used.user + used.system) / journal.messages).toFixed(2)),
    broker: await brokerSays(),
  });
  await source.close();
  if (broker.exitCode === null) await once(broker, 'exit');
  await journal.close();
  rmSync(dir, { recursive: true, force: true });
}
