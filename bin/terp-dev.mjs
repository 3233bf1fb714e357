#!/usr/bin/env node
// `npm run bench` and `npm run soak`.
import { createRequire } from "node:module";
import { ensurePackages } from "./packages.mjs";
import { requireEarlyPrerequisites } from "./prerequisites.mjs";

const programs = { bench: "../tests/bench/main.ts", soak: "../tests/soak/main.ts" };
const program = programs[process.argv[2]];
if (program === undefined) {
  process.stderr.write(`usage: terp-dev.mjs ${Object.keys(programs).join(" | ")} [options]\n`);
  process.exit(2);
}
requireEarlyPrerequisites();
await ensurePackages();
process.argv.splice(2, 1);
const require = createRequire(import.meta.url);
require("tsx/cjs");
require(program);
