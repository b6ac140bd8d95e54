import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { RoomError } from '../protocol/errors.ts';
import type { CliOptions } from './cli.ts';
import type { ControlRoom, OpenControlRoom } from './control-room.ts';
import { type DemoProcess, startDemo } from './demo-process.ts';
import type { Layout } from './layout.ts';
import type { BrokerOptions } from './options.ts';

export interface StartedRoom {
  readonly room: ControlRoom;
  /** The demo's streets as GeoJSON, served to windows at `/demo-streets.geojson`; undefined without a demo. */
  readonly streetsFile: string | undefined;
  /** Closes the room, then the demo. Safe to call twice. */
  close(): Promise<void>;
}

export interface StartRoomOptions {
  readonly options: CliOptions;
  readonly layout: Layout;
  readonly open: OpenControlRoom;
  /** Called with a plain sentence when something ends that should not have. */
  readonly onWarning: (sentence: string) => void;
  /** Called once when the room cannot go on; it has to be closed and started again. */
  readonly onFailure: (error: Error) => void;
}

/** What every shell does first: the demo if one is wanted, then the room. Rejects with a RoomError fit to be shown. */
export async function startRoom(start: StartRoomOptions): Promise<StartedRoom> {
  const { options, layout, open, onWarning, onFailure } = start;
  makeDataDir(options.dataDir);
  const streetsFile = join(options.dataDir, 'demo-streets.geojson');
  const referenceDir = join(options.dataDir, 'reference');
  const demo =
    options.demo && (await startDemo({ ...options.demo, entry: layout.demoEntry, streetsFile, referenceDir }));
  demo?.onEnded(onWarning);
  try {
    const room = await open({
      version: layout.version,
      dataDir: options.dataDir,
      broker: brokerOf(options, demo),
      demo: demo !== undefined,
      rulesDir: options.rulesDir ?? layout.rulesDir,
      rulesDirAsked: options.rulesDir !== undefined,
      durability: options.durability,
    });
    room.onFailure(onFailure);
    return {
      room,
      streetsFile: demo && streetsFile,
      async close() {
        await room.close();
        await demo?.close();
      },
    };
  } catch (error) {
    await demo?.close();
    throw error;
  }
}

function brokerOf(options: CliOptions, demo: DemoProcess | undefined): BrokerOptions {
  if (demo) return { url: demo.url };
  if (options.broker) return options.broker;
  throw new RoomError('options', 'There is neither a broker nor a demo to connect to.');
}

function makeDataDir(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new RoomError(
      'data-dir',
      `The data directory ${dir} cannot be made (${code}). Choose another with --data DIR.`,
    );
  }
}
