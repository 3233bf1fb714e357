/**
 * What a Node process loads before a TypeScript file of this project (`node --require ./infra/preload.cjs …`). Nothing depends
 * on it but time: Pulumi's package and tsx alone cost a second of a processor at each start, this 0.3 s.
 */
"use strict";
const Module = require("node:module");

/** Pulumi needs them to serialise closures only, which nothing here does, and loads them each time: 0.4 s. */
const rarelyNeeded = new Set(["typescript", "@npmcli/arborist"]);

/** It would map the lines of translated files a second time, to wrong ones, and takes its time for each stack. */
const mapsAgain = "source-map-support/register";

const load = Module._load;
Module._load = function (request, parent, isMain) {
  if (request === mapsAgain) return {};
  if (!rarelyNeeded.has(request) || !/[/\\]@pulumi[/\\]pulumi[/\\]/.test(parent?.filename ?? "")) {
    return load.call(this, request, parent, isMain);
  }
  let loaded;
  return new Proxy(
    {},
    {
      // Asked for while loading already; a module that claims to have it is not looked into.
      get: (_, name) =>
        name === "__esModule" ? true : (loaded ??= load.call(this, request, parent, isMain))[name],
      has: (_, name) => name in (loaded ??= load.call(this, request, parent, isMain)),
    },
  );
};

// Before tsx, which looks into every file that is loaded after it.
require("@pulumi/pulumi");

if (process.env["PULUMI_DEBUG_PROMISE_LEAKS"] === undefined) {
  const debuggable = require("@pulumi/pulumi/runtime/debuggable");
  const { debuggablePromise } = debuggable;
  /** Takes no stack for each of a resource's promises, which only that setting shows: a third of the program's time. */
  debuggable.debuggablePromise = (promise, context) => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      return debuggablePromise(promise, context);
    } finally {
      Error.stackTraceLimit = limit;
    }
  };
}

/** Debug messages go to the engine one call each, which throws them away: a sixth of the program's time. */
if (process.env["TERP_DEBUG"] !== "1") require("@pulumi/pulumi/log").debug = () => Promise.resolve();

/** Where in the code a resource is made is only kept in the state, and told to nobody: a tenth of the program's time. */
if (process.env["TERP_DEBUG"] !== "1") require("@pulumi/pulumi").Resource.stackTrace = () => [];

const plain = Module._extensions[".js"];
require("tsx/cjs");
const translated = Module._extensions[".js"];

/** Packages come translated. */
Module._extensions[".js"] = function (module, filename) {
  return (/[/\\]node_modules[/\\]/.test(filename) ? plain : translated).call(this, module, filename);
};
