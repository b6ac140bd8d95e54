import { readdirSync, readFileSync } from 'node:fs';

/** USER_HZ: the unit of CPU times in /proc is fixed at 10 ms on every Linux that Node runs on. */
const TICK_MS = 10;

/** CPU time of each thread of this process by its id, ms; undefined where there is no /proc (proc(5): fields 14 and 15 of stat). */
export function threadCpuMs(): Map<string, number> | undefined {
  try {
    return new Map(readdirSync('/proc/self/task').map((id) => [id, cpuMsOf(id)]));
  } catch {
    return undefined;
  }
}

function cpuMsOf(id: string): number {
  const stat = readFileSync(`/proc/self/task/${id}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
