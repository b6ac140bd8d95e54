const MIN_NODE_MAJOR = 24;

/** Ends the program with a sentence where Node is too old; `npm run` puts the right one first on the PATH. */
export function requireNode(): void {
  if (Number.parseInt(process.versions.node, 10) >= MIN_NODE_MAJOR) return;
  console.error(
    `This is Node ${process.version}; Watchfloor needs ${MIN_NODE_MAJOR}. Run npm ci, which brings it, and start through npm.`,
  );
  process.exit(1);
}
