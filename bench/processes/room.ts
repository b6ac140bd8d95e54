import type { ControlRoom } from '../../core/control-room/control-room.ts';
import { openControlRoom } from '../../core/control-room/open.ts';
import type { FromRoomProcess, ToRoomProcess } from './room-messages.ts';
import { threadCpuMs } from './thread-cpu.ts';

// A room in a process of its own, so that its CPU can be told from the generator's. Ends when its parent does.

let room: ControlRoom | undefined;

const tell = (message: FromRoomProcess): void => void process.send?.(message);

async function answer(message: ToRoomProcess): Promise<void> {
  switch (message.type) {
    case 'open': {
      const startedMs = performance.now();
      room = await openControlRoom(message.options);
      const openMs = performance.now() - startedMs;
      while ((await room.health()).status === 'starting') await new Promise((resolve) => setTimeout(resolve, 1));
      tell({ type: 'opened', openMs, startedMs: performance.now() - startedMs });
      return;
    }
    case 'health':
      tell({ type: 'health', health: await room!.health() });
      return;
    case 'cpu': {
      const { user, system } = process.cpuUsage();
      tell({ type: 'cpu', cpu: { totalMs: (user + system) / 1000, byThreadMs: threadCpuMs() } });
      return;
    }
    case 'close':
      await room?.close();
      tell({ type: 'closed' });
      process.disconnect();
  }
}

process.on('message', (message: ToRoomProcess) => {
  answer(message).catch((error: Error) => tell({ type: 'failed', message: error.message }));
});
process.on('disconnect', () => process.exit());
