// npm run sbom: what is shipped, as a CycloneDX bill of materials, from the lock file alone.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { run } from "./child.mjs";
import { root } from "./root.mjs";
import { runMain, Trouble } from "./trouble.mjs";

const FILE = "sbom.cdx.json";

await runMain(async () => {
  const args = ["sbom", "--sbom-format", "cyclonedx", "--package-lock-only", "--loglevel", "error"];
  const { code, stdout, output } = await run("npm", args, { cwd: root, quiet: true });
  if (code !== 0) throw new Trouble(`npm sbom failed: ${output.trim().split("\n")[0]}`);
  const bill = withoutDevelopment(JSON.parse(stdout.slice(stdout.indexOf("{"))));
  const text = JSON.stringify(bill, null, 2);
  if (process.argv.includes("--print")) return console.log(text);
  writeFileSync(path.join(root, FILE), `${text}\n`);
  console.log(`${bill.components.length} components in ${FILE}`);
});

/**
 * Leaves out what only development needs. npm's own `--omit dev` leaves out what services need and development as well.
 * @param {{ components: { "bom-ref": string }[], dependencies: { ref: string, dependsOn: string[] }[] }} bill
 */
function withoutDevelopment(bill) {
  /** @type {{ packages: Record<string, { version?: string, dev?: boolean }> }} */
  const lock = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8"));
  const shipped = new Set();
  const development = new Set();
  for (const [place, { version, dev }] of Object.entries(lock.packages)) {
    const ref = `${place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length)}@${version}`;
    (dev ? development : shipped).add(ref);
  }
  const isShipped = (/** @type {string} */ ref) => shipped.has(ref) || !development.has(ref);
  return {
    ...bill,
    components: bill.components.filter((component) => isShipped(component["bom-ref"])),
    dependencies: bill.dependencies
      .filter(({ ref }) => isShipped(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter(isShipped) })),
  };
}
