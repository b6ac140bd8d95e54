import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findBrowser } from './find-browser.ts';
import { runCommand } from './run-tool.ts';

interface Program {
  readonly name: string;
  readonly debianPackage: string;
  readonly howElsewhere: string;
  isThere(): boolean;
}

const PROGRAMS: readonly Program[] = [
  {
    name: 'mosquitto',
    debianPackage: 'mosquitto',
    howElsewhere:
      'macOS: brew install mosquitto. Windows: choco install mosquitto. Others: https://mosquitto.org/download',
    isThere: () => ['mosquitto', '/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto'].some(answersHelp),
  },
  {
    name: 'Chrome or Chromium',
    debianPackage: 'chromium',
    howElsewhere: 'Install Google Chrome, or set CHROME_PATH to where a Chromium is.',
    isThere: () => findBrowser() !== undefined,
  },
];

/** Installs what the tests need and the machine lacks, where that can be done without asking; else says what to install. */
export async function setUp(): Promise<void> {
  const missing = PROGRAMS.filter((program) => !program.isThere());
  if (missing.length === 0) return;
  const asRoot = rootPrefix();
  if (asRoot && existsSync('/etc/debian_version')) await aptInstall(asRoot, missing);
  const still = missing.filter((program) => !program.isThere());
  if (still.length > 0) {
    throw new Error(still.map(({ name, howElsewhere }) => `The tests need ${name}. ${howElsewhere}`).join('\n'));
  }
}

async function aptInstall(asRoot: readonly string[], programs: readonly Program[]): Promise<void> {
  const packages = programs.map((program) => program.debianPackage);
  console.log(`Installing ${packages.join(' and ')} …`);
  const apt = (...args: string[]) => {
    const [command, ...rest] = [...asRoot, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args];
    return runCommand(command, rest);
  };
  await apt('update', '-qq');
  await apt('install', '-y', '-qq', '--no-install-recommends', ...packages);
}

/** What to put before a command to run it as root: nothing, `sudo -n`, or undefined where neither works. */
function rootPrefix(): readonly string[] | undefined {
  if (process.getuid?.() === 0) return [];
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? ['sudo', '-n'] : undefined;
}

function answersHelp(command: string): boolean {
  return spawnSync(command, ['-h'], { stdio: 'ignore' }).error === undefined;
}
