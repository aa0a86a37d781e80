import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/**
 * The project's own packages are bundled from their sources; everything else is imported when the program runs.
 * @type {import("esbuild").Plugin}
 */
const bundleOwnPackages = {
  name: "bundle-own-packages",
  setup(build) {
    build.onResolve({ filter: /^@encounter\// }, ({ path: specifier }) => ({
      path: fileURLToPath(import.meta.resolve(specifier)),
    }));
  },
};

/**
 * Bundles programs for Node.
 * @param {string} root
 * @param {Record<string, string>} bundles entry point to bundle, both from the root
 * @throws where the sources do not bundle; esbuild has then printed why
 */
export async function bundle(root, bundles) {
  await build({
    absWorkingDir: root,
    entryPoints: Object.entries(bundles).map(([entry, output]) => ({ in: entry, out: output.replace(/\.js$/, "") })),
    outdir: root,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    plugins: [bundleOwnPackages],
    loader: { ".lua": "text" },
    sourcemap: "linked",
    logLevel: "warning",
  });
}
