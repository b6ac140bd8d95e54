import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { openQueries } from '../history/queries.ts';
import { DEFAULT_SETTINGS, type StreamSettings } from '../model/stream-settings.ts';
import { serveLink } from '../protocol/server.ts';
import type { ToRoom, ToWindow } from '../protocol/transport.ts';
import { portTransport } from './port-transport.ts';
import { queryHandlers } from './query-handlers.ts';
import type { QueryWorkerData, ToQueryWorker } from './worker-messages.ts';

// Answers questions to the history on a connection that only reads, so that a slow question delays nobody's recording.

const { file, port } = workerData as QueryWorkerData;
let settings: StreamSettings = DEFAULT_SETTINGS;
const queries = openQueries({ file, settings: () => settings });

const handlers = queryHandlers(() => queries);

const serve = (client: MessagePort): void => {
  serveLink(portTransport<ToWindow, ToRoom>(client), handlers);
};

serve(port);
parentPort?.on('message', (message: ToQueryWorker) => {
  if (message.type === 'window') serve(message.port);
  else settings = message.settings;
});
