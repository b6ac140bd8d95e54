import { openTestRoom, windowOn } from '../../core/control-room/testing/room-bench.ts';
import type { RequestName } from '../../core/protocol/requests.ts';

// A room in a process of its own that a test may kill: `room-process.ts <data dir> <broker url>`. Answers each IPC message
// `health` with the room's health, `{request, args}` as a window would be answered, and `close` by closing the room and leaving.

const [dataDir, url] = process.argv.slice(2);
const room = await openTestRoom(dataDir, url);
const link = windowOn(room);

type Asked = 'health' | 'close' | { readonly request: RequestName; readonly args: never };

process.on('message', async (message: Asked) => {
  if (message === 'health') process.send?.({ health: await room.health() });
  else if (message === 'close') {
    await room.close();
    process.exit(0);
  } else process.send?.({ answer: await link.request(message.request, message.args) });
});
process.once('disconnect', () => process.exit(0));
process.send?.({ ready: true });
