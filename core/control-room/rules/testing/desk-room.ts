import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Engine } from '../../../engine/engine.ts';
import { RecordMaker } from '../../../engine/testing/records.ts';
import { type Journal, openJournal } from '../../../journal/journal.ts';
import { readJournal } from '../../../journal/read-journal.ts';
import type { AlertTransition } from '../../../model/alerts.ts';
import { RECORD_KIND, type RecordKind, type RulesChange } from '../../../model/records.ts';
import { journalDirOf } from '../../data-folders.ts';
import { RuleDesk } from '../rule-desk.ts';
import { RuleFolder } from '../rule-folder.ts';
import { RulesThread } from '../rules-thread.ts';

const MAX_VEHICLES = 1000;
export const START_MS = Date.UTC(2026, 2, 1, 10);

/** A journal, an engine and a rules folder in a directory of their own: a live room without broker and history. */
export class DeskRoom {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'watchfloor-rules-'));
  readonly rulesDir = join(this.dataDir, 'shipped');
  readonly engine = new Engine({ maxVehicles: MAX_VEHICLES });
  readonly journal: Journal;
  readonly folder: RuleFolder;
  readonly desk: RuleDesk;
  readonly changes: RulesChange[] = [];
  readonly #maker = new RecordMaker();

  constructor(asked = false) {
    mkdirSync(this.rulesDir);
    this.journal = openJournal({ dir: journalDirOf(this.dataDir) });
    this.folder = new RuleFolder({ dataDir: this.dataDir, rulesDir: this.rulesDir, asked });
    this.desk = new RuleDesk({
      engine: this.engine,
      folder: this.folder,
      thread: new RulesThread({ dataDir: this.dataDir, topicPrefix: undefined, maxVehicles: MAX_VEHICLES }),
      enter: (change) => {
        this.changes.push(change);
        const payload = new TextEncoder().encode(JSON.stringify(change));
        return this.enter(RECORD_KIND.rules, 0, 0, this.engine.engineMs || START_MS, payload);
      },
      journalPosition: () => this.journal.position,
    });
  }

  enter(kind: RecordKind, flags: number, count: number, receivedMs: number, payload: Uint8Array): number {
    const position = this.journal.append(kind, flags, count, receivedMs, payload);
    this.engine.process({ position, nextPosition: this.journal.position, kind, flags, count, receivedMs, payload });
    return position;
  }

  /** A status message that arrives at once, `atS` seconds after the start. */
  status(vehicleId: string, atS: number, fields: Record<string, unknown>): void {
    const timeMs = START_MS + atS * 1000;
    const payload = {
      event_id: `${vehicleId}-${atS}`,
      vehicle_id: vehicleId,
      timestamp: new Date(timeMs).toISOString(),
    };
    const record = this.#maker.messages(timeMs, ['status', { ...payload, ...fields }]);
    this.enter(record.kind, record.flags, record.count, timeMs, record.payload);
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder.dir, name), text);
  }

  /** What an engine tells that reads the whole journal again. */
  replayed(): AlertTransition[] {
    const engine = new Engine({ maxVehicles: MAX_VEHICLES });
    for (const record of readJournal(journalDirOf(this.dataDir), { from: 0 })) engine.process(record);
    return engine.takeOutputs({ vehicles: false, checkpoint: false }).transitions;
  }

  async close(): Promise<void> {
    await this.desk.close();
    await this.journal.close();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
