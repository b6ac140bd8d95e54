import type Database from 'better-sqlite3';
import type { Migration } from './migration.ts';

/** The condition of every index on open alerts. SQLite uses one only where a question says it in these words. */
const OPEN = `condition <> 'cleared' OR latched = 1 OR acknowledged = 0`;

const ALERT_COLUMNS = [
  'latch TEXT',
  'assigned_to TEXT',
  'shelved_by TEXT',
  'shelved_reason TEXT',
  'shelved_until_ms INTEGER',
  'suppressed_by_alert TEXT',
  'suppressed_by_rule TEXT',
  'out_of_service_by TEXT',
  'out_of_service_reason TEXT',
  'group_id TEXT',
  'group_kind TEXT',
  'group_label TEXT',
  'group_count INTEGER',
  'group_open INTEGER',
  'repeats INTEGER',
  'chattering INTEGER NOT NULL DEFAULT 0',
  'quiet_ms INTEGER',
  'response TEXT',
  'runbook TEXT',
  'depot TEXT',
  'shown_ms INTEGER',
  'why TEXT',
];

function widenAlerts(db: Database.Database): void {
  for (const column of ALERT_COLUMNS) db.exec(`ALTER TABLE alert ADD COLUMN ${column}`);
  // What a partial index says of a column still has to be read: those that are to cover a question have it in them.
  db.exec(`
    CREATE INDEX alert_rule ON alert (rule_id, raised_ms);
    CREATE INDEX alert_priority ON alert (priority, raised_ms);
    CREATE INDEX alert_group ON alert (group_id, raised_ms) WHERE group_id IS NOT NULL;
    CREATE INDEX alert_entry ON alert (shown_ms, vehicle_id, group_id) WHERE shown_ms IS NOT NULL AND group_id IS NULL;
    CREATE INDEX alert_acknowledged ON alert (acknowledged_ms, acknowledged_by, shown_ms, group_id)
      WHERE acknowledged_ms IS NOT NULL AND shown_ms IS NOT NULL AND group_id IS NULL;
    CREATE INDEX alert_aside ON alert (raised_ms)
      WHERE (${OPEN})
      AND (shelved_until_ms IS NOT NULL OR suppressed_by_alert IS NOT NULL OR out_of_service_by IS NOT NULL);
    CREATE INDEX alert_transition_chattering ON alert_transition (at_ms) WHERE kind = 'chattering';
  `);
}

/** Actions on a vehicle name no alert, so `alert_id` may be NULL: SQLite has to make the table anew. Operators did few enough things. */
function widenActions(db: Database.Database): void {
  db.exec(`
    CREATE TABLE operator_action_v5 (
      id TEXT PRIMARY KEY NOT NULL,
      type TEXT NOT NULL,
      alert_id TEXT,
      vehicle_id TEXT,
      rule_id TEXT,
      operator TEXT NOT NULL,
      comment TEXT,
      reason TEXT,
      until_ms INTEGER,
      assignee TEXT,
      at_ms INTEGER NOT NULL,
      position INTEGER NOT NULL
    ) STRICT;
    INSERT INTO operator_action_v5 (id, type, alert_id, vehicle_id, rule_id, operator, comment, at_ms, position)
      SELECT o.id, o.type, o.alert_id, a.vehicle_id, a.rule_id, o.operator, o.comment, o.at_ms, o.position
      FROM operator_action o LEFT JOIN alert a ON a.id = o.alert_id ORDER BY o.rowid;
    DROP TABLE operator_action;
    ALTER TABLE operator_action_v5 RENAME TO operator_action;
    CREATE INDEX operator_action_at ON operator_action (at_ms);
    CREATE INDEX operator_action_alert ON operator_action (alert_id, at_ms);
    CREATE INDEX operator_action_operator ON operator_action (operator, at_ms);
    CREATE INDEX operator_action_vehicle ON operator_action (vehicle_id, at_ms);

    ALTER TABLE rules_change ADD COLUMN comment TEXT;
    ALTER TABLE rules_change ADD COLUMN pack_names TEXT NOT NULL DEFAULT '[]';
    UPDATE rules_change SET pack_names = (SELECT json_group_array(value ->> 'name') FROM json_each(packs));
  `);
}

/** The whole life cycle of alerts, what operators can do with them, notices, floods, and the sums behind the figures of alarm quality. */
export const alertLife: Migration = {
  version: 5,
  name: 'alert-life',
  up(db) {
    widenAlerts(db);
    widenActions(db);
    // AUTOINCREMENT: whoever delivers remembers how far it is, so a number must not come twice when old rows are gone.
    db.exec(`
      CREATE TABLE notice (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        channel TEXT NOT NULL,
        route TEXT NOT NULL,
        recipients TEXT NOT NULL,
        reason TEXT NOT NULL,
        priority INTEGER NOT NULL,
        alert_ids TEXT NOT NULL,
        vehicle_id TEXT NOT NULL,
        subject TEXT NOT NULL,
        body TEXT NOT NULL,
        payload TEXT NOT NULL,
        at_ms INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX notice_at ON notice (at_ms);

      CREATE TABLE alert_flood (
        start_ms INTEGER PRIMARY KEY,
        end_ms INTEGER,
        raised INTEGER NOT NULL,
        peak INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE alert_slot (
        slot_ms INTEGER NOT NULL,
        rule_id TEXT NOT NULL,
        priority INTEGER NOT NULL,
        entries INTEGER NOT NULL,
        PRIMARY KEY (slot_ms, rule_id, priority)
      ) STRICT, WITHOUT ROWID;
    `);
  },
};
