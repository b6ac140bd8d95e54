// The demo's broker, alone in a worker thread so that routing never delays the fleet.
import { createServer } from 'node:net';
import { parentPort } from 'node:worker_threads';
import { Aedes } from 'aedes';

/** What the broker's thread tells: first where it listens, then that someone subscribed. */
export type DemoBrokerMessage = { readonly type: 'listening'; readonly port: number } | { readonly type: 'subscribed' };

const tell = (message: DemoBrokerMessage) => parentPort?.postMessage(message);

// Unlimited concurrency: with a limit aedes is several times slower per message when many clients are connected.
const broker = await Aedes.createBroker({ concurrency: 0 });
broker.once('subscribe', () => tell({ type: 'subscribed' }));
const server = createServer((socket) => {
  socket.setNoDelay(true);
  broker.handle(socket);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address && typeof address === 'object') tell({ type: 'listening', port: address.port });
});
