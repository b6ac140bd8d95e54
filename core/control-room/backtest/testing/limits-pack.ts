import type { RulePackSource } from '../../../model/records.ts';

export interface Limits {
  readonly kmph?: number;
  readonly forS?: number;
  readonly keepS?: number;
  readonly sos?: string;
}

/** Two rules over conditions and one over an event. */
export function limitsPack({ kmph = 60, forS = 5, keepS = 5, sos = 'SOS' }: Limits = {}): RulePackSource[] {
  const text = `rules:
  - id: fast
    name: Fast
    priority: medium
    when: speed_kmph > ${kmph}
    for: ${forS}s
    keep: ${keepS}s
    message: "{speed_kmph} km/h"
  - id: hot
    name: Hot
    priority: high
    when: avg(engine_temp_c, '1m') > 95
    for: 10s
    message: hot
  - id: sos
    name: SOS
    priority: critical
    on: driver.sos
    message: ${sos}
`;
  return [{ name: 'a.yaml', text }];
}
