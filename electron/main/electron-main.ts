import { appLayout } from '../../core/control-room/layout.ts';
import { openControlRoom } from '../../core/control-room/open.ts';
import { runShell } from './shell.ts';

// Not awaited: Electron becomes ready only after this module has run to its end.
void runShell({ argv: process.argv, layout: appLayout(import.meta.url), open: openControlRoom });
