import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { HistoryError } from '../history/errors.ts';
import { openQueries } from '../history/queries.ts';
import { RoomError } from '../protocol/errors.ts';
import type { RequestHandlers } from '../protocol/requests.ts';
import { serveLink } from '../protocol/server.ts';
import type { ToRoom, ToWindow } from '../protocol/transport.ts';
import { portTransport } from './port-transport.ts';
import type { QUERY_REQUESTS } from './query-requests.ts';
import type { QueryWorkerData, ToQueryWorker } from './worker-messages.ts';

// Answers questions to the history on a connection that only reads, so that a slow question delays nobody's recording.

const { file, port } = workerData as QueryWorkerData;
const queries = openQueries({ file });

/** Gives a window the history's sentence with its kind instead of an internal error. */
function asked<Args, Result>(query: (args: Args) => Result): (args: Args) => Result {
  return (args) => {
    try {
      return query(args);
    } catch (error) {
      throw error instanceof HistoryError ? new RoomError(error.kind, error.message) : error;
    }
  };
}

const handlers: RequestHandlers<(typeof QUERY_REQUESTS)[number] | 'vehicle.track'> = {
  'alerts.history': asked((args) => queries.alertHistory(args)),
  'alerts.transitions': asked((args) => queries.alertTransitions(args)),
  'vehicle.minutes': asked((args) => queries.vehicleMinutes(args)),
  'vehicle.track': asked((args) => queries.vehicleTrack(args)),
  'quarantine.report': asked(() => queries.quarantineReport()),
};

const serve = (client: MessagePort): void => {
  serveLink(portTransport<ToWindow, ToRoom>(client), handlers);
};

serve(port);
parentPort?.on('message', (message: ToQueryWorker) => serve(message.port));
