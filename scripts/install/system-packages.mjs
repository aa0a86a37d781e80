import { run } from "../child.mjs";

const aptOptions = ["-y", "-qq", "-o", "DPkg::Lock::Timeout=120", "-o", "Dpkg::Use-Pty=0"];

/**
 * Installs without letting the package start a daemon, now or at the next boot: the programs are started by whoever
 * needs them. A policy-rc.d that was there already stays.
 */
const installQuietly = `
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 130' INT TERM HUP
  printf '#!/bin/sh\\nexit 101\\n' > "$policy" && chmod 755 "$policy"
fi
DEBIAN_FRONTEND=noninteractive apt-get install --no-install-recommends ${aptOptions.join(" ")} "$1" || exit
if command -v systemctl > /dev/null; then systemctl disable "$1.service" > /dev/null 2>&1 || true; fi
`;

/**
 * Installs the first of some of Debian's packages that is to be had in a version that will do.
 * @param {string[]} names in order of preference
 * @param {(name: string, version: string) => boolean} willDo
 * @returns {Promise<string | undefined>} the installed package, or undefined if none could be installed; the package
 * manager's own lines have been shown where it failed
 */
export async function installOneOf(names, willDo) {
  const asRoot = await rootPrefix();
  if (!asRoot) return undefined;
  console.log(`Looking for ${names.join(" or ")} among the system's packages ...`);
  await shownIfItFails([...asRoot, "apt-get", "update", ...aptOptions]);
  for (const name of names) {
    const version = candidateVersion((await run("apt-cache", ["policy", name], { quiet: true })).output);
    if (!version || !willDo(name, version)) continue;
    console.log(`Installing ${name} ${version} ...`);
    if (await shownIfItFails([...asRoot, "sh", "-c", installQuietly, "install", name])) return name;
  }
  return undefined;
}

/**
 * The upstream version in the answer of `apt-cache policy`: no epoch, no Debian revision.
 * @param {string} policy
 * @returns {string | undefined}
 */
export function candidateVersion(policy) {
  const version = /^\s*Candidate: (?:\d+:)?(\S+)/m.exec(policy)?.[1];
  return version === "(none)" ? undefined : version?.replace(/-[^-]*$/, "");
}

/** What to put before a command to run it as root: nothing for root, `sudo -n`, or undefined where neither is allowed. */
async function rootPrefix() {
  if ((await run("apt-get", ["--version"], { quiet: true })).code !== 0) return undefined;
  if (process.getuid?.() === 0) return [];
  const { code } = await run("sudo", ["-n", "true"], { quiet: true });
  return code === 0 ? ["sudo", "-n"] : undefined;
}

/** @param {string[]} command */
async function shownIfItFails([program = "", ...args]) {
  const { code, output } = await run(program, args, { quiet: true });
  if (code !== 0) console.error(output.trimEnd());
  return code === 0;
}
