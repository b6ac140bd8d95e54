/** URL of a worker beside this room's code: TypeScript when run from source, JavaScript when bundled. */
export function workerUrl(name: 'engine-worker' | 'history-worker' | 'query-worker'): URL {
  return new URL(`./${name}${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);
}
