/** Workers and, where it is not this file's, the folder of their source. */
const FOLDERS = {
  'engine-worker': '',
  'history-worker': '',
  'query-worker': '',
  'replay-worker': 'replay/',
  'replay-index-worker': 'replay/',
  'export-worker': 'replay/',
  'rules-worker': 'rules/',
  'backtest-worker': 'backtest/',
  'notify-worker': 'notify/',
} as const;

export type WorkerName = keyof typeof FOLDERS;

/**
 * URL of a worker of this room: its TypeScript when run from source, the JavaScript beside this code when bundled. In an
 * installed app bundles lie unpacked beside the archive, because a worker is not loaded from inside it.
 */
export function workerUrl(name: WorkerName, from = import.meta.url): URL {
  const file = from.endsWith('.ts') ? `${FOLDERS[name]}${name}.ts` : `${name}.js`;
  const url = new URL(`./${file}`, from);
  return new URL(url.href.replace(/\/app\.asar\//, '/app.asar.unpacked/'));
}
