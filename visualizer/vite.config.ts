import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  // Nothing is inlined, so that the page can be served under a content policy that allows its own files alone.
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2023",
    sourcemap: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The two map engines are large by nature; each is a chunk of its own and only one of them is ever loaded.
    chunkSizeWarningLimit: 2_000,
  },
  // Both engines start their workers as modules.
  worker: { format: "es" },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
});
