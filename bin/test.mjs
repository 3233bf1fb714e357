#!/usr/bin/env node
// `npm test`: every check there is. `npm test -- unit` runs one part.
import { createRequire } from "node:module";
import { ensurePackages } from "./packages.mjs";

await ensurePackages();
const require = createRequire(import.meta.url);
require("tsx/cjs");
require("../tests/run/main.ts");
