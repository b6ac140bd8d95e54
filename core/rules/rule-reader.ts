import { isMap, type Node, type YAMLMap } from 'yaml';
import { PRIORITY, type PriorityName } from '../model/alerts.ts';
import { hashId } from '../model/hash.ts';
import { NAMED_EVENTS } from './named-events.ts';
import { type PackReader, Wrong } from './pack-reader.ts';
import { quote } from './quote.ts';
import type { ExpressionText, RuleSpec, RuleTrigger, SequenceStep } from './spec.ts';

export const RULE_KEYS = [
  'id',
  'name',
  'priority',
  'when',
  'clear',
  'on',
  'sequence',
  'within',
  'until',
  'for',
  'keep',
  'deadband',
  'latch',
  'cooldown',
  'suppressed_by',
  'suppressed_on',
  'message',
  'response',
  'runbook',
];
export const STEP_KEYS = ['is', 'not', 'name', 'directly', 'times'];
export const RULE_ID_PATTERN = /^[a-z][a-z0-9-]{0,63}$/;
/** Steps of a sequence: each is a bit of the matcher's mask. */
export const MAX_STEPS = 16;
export const MAX_TIMES = 100;
const RUNBOOK_PATTERN = /^(https?:\/\/|\.{0,2}\/)\S+$/;

/** Reads one rule of a pack. Throws Wrong with the first thing that is wrong. */
export function readRule(reader: PackReader, node: Node): RuleSpec {
  const map = reader.map(node, 'a rule', RULE_KEYS);
  const id = reader.text(map, 'id');
  if (!RULE_ID_PATTERN.test(id.text))
    throw new Wrong(id.placeAt(0), `rule id ${quote(id.text)}: small letters, digits and dashes, a letter first`);
  const name = reader.text(map, 'name');
  const priority = reader.text(map, 'priority');
  const fixed = Object.hasOwn(PRIORITY, priority.text) ? PRIORITY[priority.text as PriorityName] : undefined;
  if (fixed === undefined && /^\w*$/.test(priority.text)) {
    const names = Object.keys(PRIORITY).join(', ');
    throw new Wrong(priority.placeAt(0), `priority ${quote(priority.text)} is none of ${names}`);
  }
  const trigger = readTrigger(reader, map);
  const spec = {
    id: id.text,
    place: id.placeAt(0),
    name: name.text,
    priority: fixed,
    priorityBy: fixed === undefined ? priority : undefined,
    trigger,
    until: reader.optional(map, 'until'),
    forMs: reader.duration(map, 'for'),
    keepMs: reader.duration(map, 'keep'),
    deadband: readDeadband(reader, map, trigger),
    latch: reader.word(map, 'latch', ['acknowledge', 'reset'] as const),
    cooldownMs: reader.duration(map, 'cooldown'),
    ...readSuppression(reader, map),
    message: reader.text(map, 'message'),
    response: reader.optional(map, 'response'),
    runbook: readRunbook(reader, map),
  };
  return { ...spec, version: versionOf(spec) };
}

function readTrigger(reader: PackReader, map: YAMLMap): RuleTrigger {
  const when = reader.optional(map, 'when');
  const on = reader.optional(map, 'on');
  const steps = reader.list(map, 'sequence');
  if ((!when && !on && !steps) || (steps && (when || on))) {
    throw new Wrong(
      reader.place(map),
      'a rule has either `when` (a condition), `on` (an event) or `sequence` (things in order)',
    );
  }
  if (!steps) refuse(reader, map, ['within'], 'needs a `sequence`');
  if (!on && !steps) return { type: 'condition', when: when!, clear: reader.optional(map, 'clear') };
  refuse(
    reader,
    map,
    ['clear', 'for', 'keep', 'deadband'],
    'needs a condition; end an event or a sequence with `until`',
  );
  if (steps) return readSequence(reader, map, steps);
  if (!NAMED_EVENTS.includes(on!.text))
    throw new Wrong(on!.placeAt(0), `${quote(`on: ${on!.text}`)} is none of ${NAMED_EVENTS.join(', ')}`);
  return { type: 'event', event: on!.text, when };
}

function refuse(reader: PackReader, map: YAMLMap, keys: readonly string[], why: string): void {
  for (const key of keys) {
    const extra = reader.optional(map, key);
    if (extra) throw new Wrong(extra.placeAt(0), `\`${key}\` ${why}`);
  }
}

function readSequence(reader: PackReader, map: YAMLMap, nodes: readonly Node[]): RuleTrigger {
  const withinMs = reader.duration(map, 'within');
  if (withinMs === 0) throw new Wrong(reader.place(map), 'a sequence needs `within`: the time it may take');
  if (nodes.length > MAX_STEPS) throw new Wrong(reader.place(nodes[MAX_STEPS]), `at most ${MAX_STEPS} steps`);
  const steps = nodes.map((node, i) => readStep(reader, node, i));
  if (steps[0].not) throw new Wrong(steps[0].condition.placeAt(0), 'the first step must be something that comes');
  for (const [i, step] of steps.entries()) {
    if (step.not && steps[i + 1]?.not)
      throw new Wrong(steps[i + 1].condition.placeAt(0), 'two `not` in a row: join them with ||');
  }
  return { type: 'sequence', steps, withinMs };
}

function readStep(reader: PackReader, node: Node, index: number): SequenceStep {
  const map = reader.map(node, 'a step', STEP_KEYS);
  const is = reader.optional(map, 'is');
  const not = reader.optional(map, 'not');
  if (!is === !not) throw new Wrong(reader.place(map), 'a step has either `is` or `not`');
  const times = reader.optional(map, 'times');
  const count = times && /^\d{1,3}$/.test(times.text) ? Number(times.text) : times ? 0 : 1;
  if (count < 1 || count > MAX_TIMES || (times && not))
    throw new Wrong(times!.placeAt(0), `\`times\` is a whole number from 1 to ${MAX_TIMES}, for a step with \`is\``);
  return {
    name: reader.optional(map, 'name')?.text ?? `step ${index + 1}`,
    condition: (is ?? not)!,
    not: not !== undefined,
    directly: reader.word(map, 'directly', ['true', 'false'] as const) === 'true',
    times: count,
  };
}

function readDeadband(reader: PackReader, map: YAMLMap, trigger: RuleTrigger): number {
  const value = reader.optional(map, 'deadband');
  if (!value) return 0;
  const number = /^\d+(\.\d+)?$/.test(value.text) ? Number(value.text) : 0;
  if (number <= 0) throw new Wrong(value.placeAt(0), '`deadband` is a number above 0, in the unit of the signal');
  if (trigger.type === 'condition' && trigger.clear)
    throw new Wrong(value.placeAt(0), 'a rule has either `clear` or `deadband`');
  return number;
}

function readSuppression(reader: PackReader, map: YAMLMap): Pick<RuleSpec, 'suppressedBy' | 'suppressedOn'> {
  const items = reader.list(map, 'suppressed_by');
  const suppressedOn = reader.word(map, 'suppressed_on', ['vehicle', 'depot'] as const);
  if (suppressedOn && !items) throw new Wrong(reader.place(map), '`suppressed_on` needs `suppressed_by`');
  const suppressedBy = (items ?? []).map((item) => {
    if (isMap(item)) throw new Wrong(reader.place(item), '`suppressed_by` is a list of rule ids');
    const id = reader.scalar(item, 'suppressed_by');
    if (!RULE_ID_PATTERN.test(id.text)) throw new Wrong(id.placeAt(0), `${quote(id.text)} is no rule id`);
    return id.text;
  });
  return { suppressedBy, suppressedOn: suppressedOn ?? 'vehicle' };
}

function readRunbook(reader: PackReader, map: YAMLMap): string | undefined {
  const runbook = reader.optional(map, 'runbook');
  if (runbook && !RUNBOOK_PATTERN.test(runbook.text))
    throw new Wrong(runbook.placeAt(0), `runbook ${quote(runbook.text)} is no web address; write https://…`);
  return runbook?.text;
}

/** Rules that use nothing newer than the first language keep the versions they had: history knows alerts by them. */
function versionOf(spec: Omit<RuleSpec, 'version'>): string {
  const t = spec.trigger;
  const said = (text: ExpressionText | undefined): string => text?.text ?? '';
  const trigger =
    t.type === 'condition'
      ? ['when', t.when.text, said(t.clear)]
      : t.type === 'event'
        ? ['on', t.event.replace(/^driver\./, '')]
        : ['sequence', JSON.stringify(t.steps.map((s) => [s.condition.text, s.not, s.directly, s.times])), t.withinMs];
  const newer = [
    t.type === 'event' ? said(t.when) : '',
    said(spec.until),
    spec.deadband,
    spec.latch ?? '',
    spec.cooldownMs,
    spec.suppressedBy.join(),
    spec.suppressedOn,
    said(spec.response),
    spec.runbook ?? '',
  ];
  const plain = ['', '', 0, '', 0, '', 'vehicle', '', ''];
  const more = newer.every((part, i) => part === plain[i]) ? [] : newer;
  const priority = spec.priority ?? said(spec.priorityBy);
  return hashId(spec.id, spec.name, priority, ...trigger, spec.forMs, spec.keepMs, spec.message.text, ...more);
}
