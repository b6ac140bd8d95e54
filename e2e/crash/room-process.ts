import { openTestRoom } from '../../core/control-room/testing/room-bench.ts';

// A room in a process of its own that a test may kill: `room-process.ts <data dir> <broker url>`. Answers each IPC message
// `health` with the room's health and `close` by closing the room and leaving.

const [dataDir, url] = process.argv.slice(2);
const room = await openTestRoom(dataDir, url);

process.on('message', async (message) => {
  if (message === 'health') process.send?.({ health: await room.health() });
  if (message === 'close') {
    await room.close();
    process.exit(0);
  }
});
process.once('disconnect', () => process.exit(0));
process.send?.({ ready: true });
