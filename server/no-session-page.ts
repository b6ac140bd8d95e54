/** What a browser without a session sees. */
export const NO_SESSION_PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Watchfloor</title>
<meta name="viewport" content="width=device-width">
<style>
  body { background: #14171a; color: #d5d9dd; font: 16px/1.5 system-ui, sans-serif; margin: 15vh auto; max-width: 34em; padding: 0 1em }
  h1 { font-size: 1.25em }
</style>
<h1>This room opens with the address it printed</h1>
<p>Watchfloor prints an address ending in <b>?token=…</b> when it starts. Open that one in this browser.</p>
<p>Each address opens one browser. If it has been used, or if the room was started again since, start the room again to
get a new one; for displays that must come back by themselves, set <b>WATCHFLOOR_TOKEN</b> as the manual describes.</p>
</html>
`;
