import path from "node:path";
import { fileURLToPath } from "node:url";

/** The folder that holds the root package.json; every script's paths start here, wherever it was called from. */
export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Where the person stood who called npm: paths that they type are relative to it. */
export const callerFolder = process.env.INIT_CWD ?? process.cwd();
