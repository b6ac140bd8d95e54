import { parseArgs } from 'node:util';
import { STAGE_NAMES, type StageName } from './stages/all.ts';

export interface BenchOptions {
  readonly quick: boolean;
  readonly stages: readonly StageName[];
  /** Where the report goes, besides the table. */
  readonly json: string | undefined;
  /** Keep the report in bench/reports under the date and the kind of machine. */
  readonly save: boolean;
  readonly help: boolean;
}

export const HELP = `Usage: npm run bench -- [options]

  --quick            smaller fleets and shorter runs: a few minutes, figures to look at and not to keep
  --only STAGE,…     some stages only: ${STAGE_NAMES.join(', ')}
  --json FILE        also write the report there
  --save             also write the report to bench/reports/<date>-<kind of machine>.json
  --help             this page

What each line means: docs/bench.md
`;

/** Reads the command line. Throws an Error in one sentence. */
export function readBenchArguments(argv: readonly string[]): BenchOptions {
  const { values } = parse(argv);
  const only = values.only?.split(',').map((name) => name.trim());
  const unknown = only?.find((name) => !isStage(name));
  if (unknown !== undefined) {
    throw new Error(`There is no stage "${unknown}". The stages are ${STAGE_NAMES.join(', ')}.`);
  }
  return {
    quick: values.quick ?? false,
    stages: only ? STAGE_NAMES.filter((name) => only.includes(name)) : STAGE_NAMES,
    json: values.json,
    save: values.save ?? false,
    help: values.help ?? false,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        quick: { type: 'boolean' },
        only: { type: 'string' },
        json: { type: 'string' },
        save: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new Error(`${(error as Error).message.split('. ')[0]}. --help lists what there is.`);
  }
}

function isStage(name: string): name is StageName {
  return (STAGE_NAMES as readonly string[]).includes(name);
}
