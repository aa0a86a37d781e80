import { run } from "../child.mjs";
import { Trouble } from "../trouble.mjs";
import { installOneOf } from "./system-packages.mjs";

const commands = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/**
 * The path of a Chromium for the tests of the map; Debian's package is installed if none is there.
 * @returns {Promise<string>}
 * @throws {Trouble} if there is none and none can be installed
 */
export async function ensureChromium() {
  const present = await installedChromium();
  if (present) return present;
  await installOneOf(["chromium"], () => true);
  const installed = await installedChromium();
  if (installed) return installed;
  throw new Trouble("Chromium is needed for the tests of the map: install it (Debian: sudo apt-get install chromium).");
}

async function installedChromium() {
  const preferred = process.env.CHROMIUM_PATH;
  for (const command of preferred ? [preferred] : commands) {
    // A name may be there and only tell how to install the program: it has to answer as a browser.
    const { code, output } = await run("sh", ["-c", 'command -v "$1" && "$1" --version', "find", command], {
      quiet: true,
    });
    if (code === 0 && /\bchrom/i.test(output)) return output.split("\n", 1)[0];
  }
  return undefined;
}
