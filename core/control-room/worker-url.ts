/**
 * URL of a worker beside this room's code: TypeScript when run from source, JavaScript when bundled. In an installed app
 * bundles lie unpacked beside the archive, because a worker is not loaded from inside it.
 */
export function workerUrl(name: 'engine-worker' | 'history-worker' | 'query-worker', from = import.meta.url): URL {
  const url = new URL(`./${name}${from.endsWith('.ts') ? '.ts' : '.js'}`, from);
  return new URL(url.href.replace(/\/app\.asar\//, '/app.asar.unpacked/'));
}
