// Where Chromium is, and how it is started.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const places = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const install = 'apt-get -o Acquire::Retries=5 update && apt-get -o Acquire::Retries=5 install -y --no-install-recommends chromium';

/** installed finds Chromium, or installs Debian's where that is allowed; else it says what to type. */
export function installed() {
  const found = () => places.find((place) => place && existsSync(place));
  if (found()) return found();
  const mayInstall = process.platform === 'linux' && process.getuid() === 0 && existsSync('/usr/bin/apt-get');
  if (mayInstall) {
    try {
      execFileSync('sh', ['-c', install], { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
    } catch {
      // what is missing is said below
    }
  }
  if (found()) return found();
  throw new Error(`The web client is tested in Chromium, which is not here. Install it:\n\n    sudo sh -c '${install}'\n\nor name it: CHROMIUM=/path/of/chromium`);
}

/** launch starts it so that no name but this machine's addresses leads anywhere. */
export const launch = () =>
  chromium.launch({
    executablePath: installed(),
    args: [
      '--no-sandbox', // tests may run as root
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
      '--force-prefers-reduced-motion=0',
    ],
  });

// By itself it sees to it that Chromium is there.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    installed();
  } catch ({ message }) {
    console.error(message);
    process.exit(1);
  }
}
