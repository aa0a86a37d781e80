import { register } from "node:module";

// Loaded before a service: what is loaded after it passes through the hooks, which plant a fault in it.
register("./plant-hooks.js", import.meta.url, { data: { plant: process.env.FAULTS_PLANT ?? "" } });
