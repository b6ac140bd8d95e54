import { Delivery } from '../delivery.ts';
import type { DeliverySettings } from '../delivery-settings.ts';

// Delivers in a process of its own, that a test can kill: history file, outbox file and settings (JSON) are its arguments.

const [historyFile, outboxFile, settings] = process.argv.slice(2);
const delivery = new Delivery({
  historyFile,
  outboxFile,
  settings: JSON.parse(settings) as DeliverySettings,
  show: () => {},
  pollMs: 5,
});
delivery.start();
process.stdout.write('ready\n');
