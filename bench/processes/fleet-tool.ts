import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A simulated fleet that runs in real time in a process of its own. */
export interface FleetTool {
  /** Ends it and waits until it has gone. */
  stop(): Promise<void>;
}

/** Starts a fleet without faults at QoS 0, `rate` fixes per second and vehicle, against the broker on this port. */
export function startFleetTool(options: { brokerPort: number; vehicles: number; rate: number }): FleetTool {
  const file = fileURLToPath(new URL('../../simulator/cli/fleet.ts', import.meta.url));
  const { brokerPort, vehicles, rate } = options;
  const flags = ['--broker', `mqtt://127.0.0.1:${brokerPort}`, '--vehicles', `${vehicles}`, '--rate', `${rate}`];
  const args = ['--disable-warning=DEP0169', file, ...flags, '--seed', 'bench', '--qos', '0', '--faults', 'none'];
  const child = spawn(process.execPath, args, { stdio: 'ignore' });
  return {
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
