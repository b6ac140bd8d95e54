/** A process that journals what it receives until it is killed: `journaling-subscriber.ts PORT DIR os|disk`. Tells its parent how far it is. */
import { openJournal } from '../../journal/journal.ts';
import { RECORD_KIND } from '../../model/records.ts';
import { openMqttSource } from '../mqtt-source.ts';

const [port, dir, durability] = process.argv.slice(2);
const journal = openJournal({ dir, durability: durability === 'disk' ? 'disk' : 'os', segmentBytes: 2 ** 20 });
openMqttSource(
  { url: `mqtt://127.0.0.1:${port}`, clientId: 'killed', filters: ['fleet/#'], retryFirstMs: 50 },
  {
    run(bytes, count, level, acknowledge) {
      journal.append(RECORD_KIND.publish, level, count, Date.now(), bytes, acknowledge);
      process.send?.({ messages: journal.messages });
    },
    oversize: (_note, acknowledge) => acknowledge(),
    status: ({ state }) => process.send?.({ state }),
  },
);
