// Stands in for the demo's process in tests: answers as the vehicle count says, then waits for its parent to let go.
import { writeFileSync } from 'node:fs';

const args = process.argv.slice(2);
const value = (flag: string): string => args[args.indexOf(flag) + 1];

process.on('disconnect', () => process.exit(0));
switch (value('--vehicles')) {
  case '1':
    process.exit(3);
    break;
  case '2':
    // Says nothing and stays.
    break;
  case '3':
    process.send?.({ type: 'ready', url: 'mqtt://127.0.0.1:1' }, () => process.exit(4));
    break;
  default:
    writeFileSync(value('--streets-out'), JSON.stringify({ args }));
    process.send?.({ type: 'hello' });
    process.send?.({ type: 'ready', url: `mqtt://127.0.0.1:1${value('--rate')}` });
}
setInterval(() => {}, 1_000);
