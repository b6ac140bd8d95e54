import type { Engine } from '../../engine/engine.ts';
import type { RulePackSource } from '../../model/records.ts';
import { RoomError } from '../../protocol/errors.ts';
import type { RequestHandlers } from '../../protocol/requests.ts';
import type { ListedRule } from '../../protocol/rule-requests.ts';
import type { CompiledRule } from '../../rules/rule-set.ts';
import { checkedPack, checkedPacks } from './checked-packs.ts';
import type { RuleDesk } from './rule-desk.ts';
import type { RuleFolder } from './rule-folder.ts';

const DAY_MS = 86_400_000;
const MAX_NAME = 80;
const MAX_COMMENT = 2000;

/** What is asked of the history about rules. */
export interface RuleHistory {
  /** Alerts raised since then, by rule id; undefined while it cannot be asked. */
  raisedSince(fromMs: number, toMs: number): Promise<ReadonlyMap<string, number> | undefined>;
  /** The packs of the change at a journal position. Rejects with a RoomError when there was none. */
  packsAt(position: number): Promise<readonly RulePackSource[]>;
}

export type RuleRequestName =
  | 'rules.list'
  | 'rules.packs'
  | 'rules.check'
  | 'rules.save'
  | 'rules.remove'
  | 'rules.undo';

/** What windows ask about rules and do with them. */
export function ruleHandlers(
  engine: Engine,
  desk: RuleDesk,
  folder: RuleFolder,
  history: RuleHistory,
): RequestHandlers<RuleRequestName> {
  return {
    'rules.list': async () => {
      const raised = await history.raisedSince(engine.engineMs - DAY_MS, engine.engineMs + 1);
      const counts = engine.rules.counts();
      const rules = engine.rules.rules.map((rule): ListedRule => {
        const { id } = rule.spec;
        const { firing = 0, pending = 0 } = counts.get(id) ?? {};
        return { ...listed(rule), firing, pending, raisedLastDay: raised ? (raised.get(id) ?? 0) : null };
      });
      return { rules };
    },
    'rules.packs': () => ({ packs: engine.packs, folder: folder.saveDir, problems: desk.problems }),
    'rules.check': async ({ packs }) => {
      const { problems, rules, compileMs } = await desk.check(checkedPacks(packs));
      return { problems, rules: rules.length, compileMs };
    },
    'rules.save': ({ name, text, ...author }) => {
      const pack = checkedPack({ name, text });
      return desk.save((files) => [...files.filter((file) => file.name !== pack.name), pack], changeBy(author));
    },
    'rules.remove': ({ name, ...author }) =>
      desk.save((files) => {
        if (!files.some((file) => file.name === name)) throw badArguments(`There is no rule pack ${name}.`);
        return files.filter((file) => file.name !== name);
      }, changeBy(author)),
    'rules.undo': async ({ position, ...author }) => {
      const change = changeBy(author);
      const packs = await history.packsAt(position);
      return await desk.save(() => packs, { comment: `back to the rules of ${position}`, ...change });
    },
  };
}

function listed({ spec, pack, condition }: CompiledRule): Omit<ListedRule, 'firing' | 'pending' | 'raisedLastDay'> {
  const { trigger } = spec;
  const clear = trigger.type === 'condition' ? trigger.clear?.text : undefined;
  return {
    ruleId: spec.id,
    name: spec.name,
    ...(spec.priority !== undefined && { priority: spec.priority }),
    pack,
    line: spec.place.line,
    trigger: trigger.type,
    when: condition,
    ...(clear !== undefined && { clear }),
    ...(spec.until && { until: spec.until.text }),
    forMs: spec.forMs,
    keepMs: spec.keepMs,
    cooldownMs: spec.cooldownMs,
    suppressedBy: spec.suppressedBy,
    state: 'in-force',
  };
}

function changeBy({ operator, comment }: { operator: unknown; comment?: unknown }): { by: string; comment?: string } {
  const by = words(operator, 'your name', MAX_NAME);
  return comment === undefined || comment === '' ? { by } : { by, comment: words(comment, 'the comment', MAX_COMMENT) };
}

function words(value: unknown, what: string, max: number): string {
  const trimmed = typeof value === 'string' ? value.trim() : '';
  if (trimmed === '') throw badArguments(`Please give ${what}.`);
  if (trimmed.length > max) throw badArguments(`Please keep ${what} under ${max} characters.`);
  return trimmed;
}

function badArguments(message: string): RoomError {
  return new RoomError('bad-arguments', message);
}
