import type { NotifyPlan } from '../../model/notices.ts';
import type { NotifyChange } from '../../model/records.ts';
import { readPlan, samePlan } from './plan-file.ts';

/** What has to be journaled for `notify.yaml` to be in force, if anything; `errors` when the file is refused. */
export function planChange(
  dataDir: string,
  inForce: NotifyPlan,
): { readonly change?: NotifyChange; readonly errors: readonly string[] } {
  const read = readPlan(dataDir);
  if ('errors' in read) return { errors: read.errors };
  return { errors: [], ...(!samePlan(read.plan, inForce) && { change: { plan: read.plan, by: 'startup' } }) };
}
