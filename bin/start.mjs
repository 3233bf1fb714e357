#!/usr/bin/env node
// `npm start`: from a fresh clone to a running platform.
import { createRequire } from "node:module";
import { ensurePackages } from "./packages.mjs";
import { requireEarlyPrerequisites } from "./prerequisites.mjs";

requireEarlyPrerequisites();
await ensurePackages();
const require = createRequire(import.meta.url);
process.argv = [process.argv[0], "terp", "up", "--stack", "local", ...process.argv.slice(2)];
await require("../infra/bundle.cjs").runTerp();
