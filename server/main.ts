#!/usr/bin/env node
// The `watchfloor` command. Everything else is loaded after this check, because an older Node fails while loading it.
const MIN_NODE_MAJOR = 24;

if (Number.parseInt(process.versions.node, 10) < MIN_NODE_MAJOR) {
  console.error(
    `Watchfloor needs Node ${MIN_NODE_MAJOR} or newer; this is ${process.version}. Use npm start, which brings it.`,
  );
  process.exitCode = 1;
} else {
  const { watchfloor } = await import('./watchfloor.ts');
  await watchfloor(process.argv.slice(2));
}
