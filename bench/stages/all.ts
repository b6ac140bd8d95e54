import type { Stage } from '../stage.ts';
import { backtestStage } from './backtest.ts';
import { decodeStage } from './decode.ts';
import { engineStage } from './engine.ts';
import { historyStage } from './history.ts';
import { ingestStage } from './ingest.ts';
import { journalStage } from './journal.ts';
import { memoryStage } from './memory.ts';
import { mosquittoStage } from './mosquitto.ts';
import { replayStage } from './replay.ts';
import { screenStage } from './screen.ts';
import { sessionStage } from './session.ts';
import { startupStage } from './startup.ts';
import { weekStage } from './week.ts';

/** Every stage by the name `--only` takes, in the order they run. */
export const STAGES = {
  decode: decodeStage,
  engine: engineStage,
  journal: journalStage,
  replay: replayStage,
  session: sessionStage,
  backtest: backtestStage,
  history: historyStage,
  week: weekStage,
  memory: memoryStage,
  ingest: ingestStage,
  mosquitto: mosquittoStage,
  startup: startupStage,
  screen: screenStage,
} as const satisfies Record<string, Stage>;

export type StageName = keyof typeof STAGES;

export const STAGE_NAMES = Object.keys(STAGES) as StageName[];
