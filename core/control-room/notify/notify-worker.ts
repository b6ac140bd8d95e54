import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { NO_PLAN } from '../../model/notices.ts';
import { Delivery } from '../../notify/delivery.ts';
import { serveLink } from '../../protocol/server.ts';
import type { ToRoom, ToWindow } from '../../protocol/transport.ts';
import { portTransport } from '../port-transport.ts';
import { noticeHandlers, shown } from './notice-handlers.ts';
import type { FromNotifyWorker, NotifyWorkerData, ToNotifyWorker } from './notify-messages.ts';
import { readPlan } from './plan-file.ts';
import { deliverySettings } from './read-delivery.ts';

// Delivers notices, so that a mail server that does not answer delays nothing else.

const PROBLEMS_EVERY_MS = 1000;
/** Beside the history; it holds what is on its way and what became of it. */
const OUTBOX_FILE = 'outbox.db';

const { dataDir, historyFile, broker, port } = workerData as NotifyWorkerData;
const tell = (message: FromNotifyWorker): void => parentPort?.postMessage(message);

const read = readPlan(dataDir);
// A file that is refused is said by the engine worker; until it is right mail and webhooks wait.
const { plan, delivery: targets } = 'errors' in read ? { plan: NO_PLAN, delivery: { webhooks: {} } } : read;
const delivery = new Delivery({
  historyFile,
  outboxFile: join(dataDir, OUTBOX_FILE),
  settings: deliverySettings(dataDir, targets, broker, process.env),
  show: (notice) => link.emit('notice', shown(notice)),
});
const link = serveLink(portTransport<ToWindow, ToRoom>(port), noticeHandlers(delivery, plan));
delivery.start();

let said = '[]';
const timer = setInterval(() => {
  const { problems } = delivery;
  const text = JSON.stringify(problems);
  if (text !== said) tell({ type: 'problems', problems });
  said = text;
}, PROBLEMS_EVERY_MS);

parentPort?.on('message', (message: ToNotifyWorker) => {
  if (message.type !== 'close') return;
  clearInterval(timer);
  void delivery.close().then(() => tell({ type: 'closed' }));
});
