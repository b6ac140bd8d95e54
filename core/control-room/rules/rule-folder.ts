import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { RulePackSource } from '../../model/records.ts';
import { PACK_FILE, readRulePacks } from '../rule-files.ts';
import { writeFileAtomically } from './write-file.ts';

export interface RuleFolderOptions {
  readonly dataDir: string;
  readonly rulesDir: string;
  /** Somebody asked for `rulesDir`: then nothing else counts. */
  readonly asked: boolean;
}

/**
 * Where the room's packs lie. The packs that come with Watchfloor are never written to: with the first change all of them are copied to
 * `rules/` in the data directory, and from then on that folder counts.
 */
export class RuleFolder {
  readonly #options: RuleFolderOptions;

  constructor(options: RuleFolderOptions) {
    this.#options = options;
  }

  /** The folder that counts now. */
  get dir(): string {
    const { asked, rulesDir } = this.#options;
    return !asked && existsSync(this.#own) ? this.#own : rulesDir;
  }

  /** The folder that packs are saved to. */
  get saveDir(): string {
    return this.#options.asked ? this.#options.rulesDir : this.#own;
  }

  /** Throws with a sentence when the folder cannot be read. */
  read(): RulePackSource[] {
    return readRulePacks(this.dir);
  }

  /** Changes when a pack was added, changed or removed. */
  fingerprint(): string {
    const { dir } = this;
    try {
      const files = readdirSync(dir).filter((name) => PACK_FILE.test(name));
      const stats = files.sort().map((name) => {
        const { size, mtimeMs } = statSync(join(dir, name));
        return `${name}:${size}:${mtimeMs}`;
      });
      return [dir, ...stats].join('\n');
    } catch (error) {
      return `${dir}\n${error instanceof Error ? error.message : error}`;
    }
  }

  /** Writes packs as files, each whole or not at all, and removes the files of other packs. Throws what the disk refuses. */
  replace(packs: readonly RulePackSource[]): void {
    const path = packs.find(({ name }) => basename(name) !== name);
    if (path) throw new Error(`${path.name} is no file name`);
    this.#takeOver();
    const before = new Map(this.read().map(({ name, text }) => [name, text]));
    for (const { name, text } of packs) {
      if (before.get(name) !== text) writeFileAtomically(join(this.saveDir, name), text);
      before.delete(name);
    }
    for (const name of before.keys()) rmSync(join(this.saveDir, name), { force: true });
  }

  get #own(): string {
    return join(this.#options.dataDir, 'rules');
  }

  /** Makes the folder that is written to, with the packs that count now. */
  #takeOver(): void {
    const { saveDir, dir } = this;
    if (dir === saveDir) return;
    const unfinished = `${saveDir}.part`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { recursive: true });
    for (const name of readdirSync(dir)) {
      if (statSync(join(dir, name)).isFile()) copyFileSync(join(dir, name), join(unfinished, name));
    }
    renameSync(unfinished, saveDir);
  }
}
