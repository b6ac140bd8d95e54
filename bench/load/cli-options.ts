import { parseArgs } from 'node:util';

/** Reads `--name value` options, all of them numbers. Throws with a sentence on one that is unknown or no number. */
export function numberOptions<K extends string>(defaults: Record<K, number>): Record<K, number> {
  const names = Object.keys(defaults) as K[];
  const { values } = parseArgs({
    options: Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
  });
  const read = { ...defaults };
  for (const name of names) {
    const text = values[name];
    if (text === undefined) continue;
    read[name] = Number(text);
    if (!Number.isFinite(read[name])) throw new Error(`--${name} must be a number, not "${text}"`);
  }
  return read;
}

/** QoS 0 or 1. Throws on anything else. */
export function qosOf(value: number): 0 | 1 {
  if (value !== 0 && value !== 1) throw new Error(`--qos must be 0 or 1, not ${value}`);
  return value;
}

/** One line of JSON, for the program that started this one. */
export function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
