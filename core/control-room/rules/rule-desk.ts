import type { Engine } from '../../engine/engine.ts';
import type { RulePackSource, RulesChange } from '../../model/records.ts';
import { RoomError } from '../../protocol/errors.ts';
import type { RuleProblem, RulesInForce } from '../../protocol/rule-requests.ts';
import { formatPackError } from '../../rules/spec.ts';
import { samePacks } from '../rule-files.ts';
import { type CheckedPacks, type CheckedRule, lookBackOf } from './check-packs.ts';
import type { RuleFolder } from './rule-folder.ts';
import type { RebuiltRules, RulesThread } from './rules-thread.ts';
import { watchFolder } from './watch-folder.ts';

/** So much of the journal is read for changed rules, bytes: about a minute's work. */
const REBUILD_BYTES = 8 * 2 ** 30;
/** The same while the room starts: it connects when the rules are in force. */
const REBUILD_BYTES_AT_START = 2 ** 30;
/** Problems listed when a save is refused. */
const MAX_LISTED = 20;

export interface RuleDeskOptions {
  readonly engine: Engine;
  readonly folder: RuleFolder;
  readonly thread: RulesThread;
  /** Journals a change and has the engine act on it; answers its position. */
  readonly enter: (change: RulesChange) => number;
  readonly journalPosition: () => number;
}

interface Change {
  readonly by: string;
  readonly comment?: string;
  readonly maxBytes?: number;
}

/**
 * Brings rule packs into force: files that were changed by hand, and what windows save. Only packs that are right are journaled; while
 * files are wrong the rules before go on. Changes are made one after the other. Lives in the engine worker.
 */
export class RuleDesk {
  /** Sentences with file, line and column about the files in the folder; empty when they are right. */
  problems: readonly string[] = [];
  /** Sentences about what the last change of files could not be given; a window is told in its answer. */
  notes: readonly string[] = [];
  readonly #options: RuleDeskOptions;
  #turn: Promise<unknown> = Promise.resolve();
  #stopWatching: () => void = () => {};

  constructor(options: RuleDeskOptions) {
    this.#options = options;
  }

  /** Puts the folder's packs in force if they differ and are right, and follows the folder from then on. */
  async start(): Promise<void> {
    await this.#inTurn(() => this.#enforceFiles({ by: 'startup', maxBytes: REBUILD_BYTES_AT_START }));
    this.#stopWatching = watchFolder(this.#options.folder, () => {
      void this.#inTurn(() => this.#enforceFiles({ by: 'file' }));
    });
  }

  async close(): Promise<void> {
    this.#stopWatching();
    await this.#options.thread.close();
  }

  /** Compiles packs beside the live room. */
  check(packs: readonly RulePackSource[]): Promise<CheckedPacks> {
    return this.#options.thread.check(packs);
  }

  /** Has packs made of those in the folder written there and put in force. Throws a RoomError when they are wrong. */
  save(edit: (files: readonly RulePackSource[]) => readonly RulePackSource[], change: Change): Promise<RulesInForce> {
    return this.#inTurn(async () => {
      const { folder } = this.#options;
      const packs = inOrder(edit(this.#read()));
      const checked = await this.check(packs);
      if (checked.problems.length > 0) throw refusal(checked.problems);
      try {
        folder.replace(packs);
      } catch (error) {
        const why = error instanceof Error ? error.message : error;
        throw new RoomError('rules-folder', `The rules could not be written to ${folder.saveDir}: ${why}`);
      }
      this.problems = [];
      this.notes = [];
      return await this.#bringIn(packs, checked, change);
    });
  }

  #read(): RulePackSource[] {
    try {
      return this.#options.folder.read();
    } catch (error) {
      throw new RoomError('rules-folder', error instanceof Error ? error.message : String(error));
    }
  }

  async #enforceFiles(change: Change): Promise<void> {
    const { engine, folder } = this.#options;
    try {
      const packs = folder.read();
      if (samePacks(packs, engine.packs)) {
        this.problems = [];
        return;
      }
      const checked = await this.check(packs);
      this.problems = checked.problems.map(formatPackError);
      if (this.problems.length > 0) return;
      const { notes } = await this.#bringIn(packs, checked, change);
      this.notes = notes.map((note) => `Rules were changed: ${note}`);
    } catch (error) {
      this.problems = [error instanceof Error ? error.message : String(error)];
    }
  }

  async #bringIn(packs: readonly RulePackSource[], { rules }: CheckedPacks, change: Change): Promise<RulesInForce> {
    const { engine, thread, enter, journalPosition } = this.#options;
    const { by, comment, maxBytes = REBUILD_BYTES } = change;
    if (samePacks(packs, engine.packs))
      return { position: null, rules: rules.length, changed: [], rebuilt: [], notes: [] };
    const inForce = new Set(engine.rules.rules.map((rule) => rule.spec.version));
    const changed = rules.filter((rule) => !inForce.has(rule.version));
    const remembering = changed.filter((rule) => rule.lookBackMs > 0);
    let entered: RulesInForce | undefined;
    const use = ({ state, why, notes }: RebuiltRules): void => {
      const position = enter({ packs, by, comment, state });
      const rebuilt = state === undefined ? [] : remembering.map((rule) => rule.id);
      const told = why === undefined ? notes : [...notes, `${idsOf(remembering)} begin anew: ${why}.`];
      entered = { position, rules: rules.length, changed: changed.map((rule) => rule.id), rebuilt, notes: told };
    };
    if (remembering.length === 0 || engine.fleet.state.count === 0) use({ notes: [] });
    else {
      const ask = {
        ...{ packs, versions: remembering.map((rule) => rule.version), lookBackMs: lookBackOf(remembering) },
        ...{ atMs: engine.engineMs, maxBytes },
      };
      await thread.rebuild(ask, journalPosition, use);
    }
    if (!entered) throw new RoomError('closed', 'The room is being closed; the rules come into force when it starts.');
    return entered;
  }

  /** Changes of the rules come one after the other, in the order they were asked for. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }
}

/** Packs by file name, as a folder is read. */
function inOrder(packs: readonly RulePackSource[]): RulePackSource[] {
  return [...packs].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function refusal(problems: readonly RuleProblem[]): RoomError {
  const listed = problems.slice(0, MAX_LISTED).map(formatPackError);
  const more = problems.length - listed.length;
  return new RoomError('rules-refused', [...listed, ...(more > 0 ? [`and ${more} more`] : [])].join('\n'));
}

function idsOf(rules: readonly CheckedRule[]): string {
  return rules.map((rule) => rule.id).join(', ');
}
