/** What `watchfloor --help` prints. docs/interfaces.md explains each flag at length. */
export const HELP = `Usage: watchfloor [flags]

Without flags a demo fleet drives through the room.

Where it runs
  --headless           without Electron, in an app window of an installed Chrome or Chromium
  --no-open            open no window, print the address (implies --headless)
  --port N             HTTP port of the headless room; default 4800, the next free one when it is taken
  --host H             address to listen on; default 127.0.0.1. Anything else lets the network in
  --data DIR           where the room keeps its data; default WATCHFLOOR_DATA, else the system's place for it

Where messages come from
  --broker URL         mqtt://, mqtts://, ws:// or wss:// address of a broker, instead of the demo
  --user U             broker user; the password comes from WATCHFLOOR_PASSWORD, never from a flag
  --ca F               certificate authority of the broker (PEM)
  --cert F --key F     client certificate and its key (PEM)
  --prefix P           put before every topic: site-a/
  --share GROUP        shared subscription: several rooms share the load
  --no-demo            no demo fleet; without --broker the room connects to mqtt://localhost:1883

Demo fleet
  --vehicles N         default 1000
  --rate R             telemetry messages per vehicle and second; default 1

Work
  --rules DIR          folder of *.yaml rule packs; default: the packs that come with Watchfloor
  --durability MODE    when a message counts as journaled: os (survives a crash of the program; default)
                       or disk (survives a power cut)

  --help, --version
`;
