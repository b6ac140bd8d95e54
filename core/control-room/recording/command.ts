/** Runs a command with the arguments it was called with. An error is one sentence on stderr and exit code 1; Ctrl-C aborts the signal. */
export async function runCommand(main: (argv: readonly string[], signal: AbortSignal) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort(new Error('Stopped.')));
  try {
    await main(process.argv.slice(2), stop.signal);
  } catch (error) {
    const cause = stop.signal.aborted ? stop.signal.reason : error;
    process.stderr.write(`${cause instanceof Error ? cause.message : cause}\n`);
    process.exitCode = 1;
  }
}
