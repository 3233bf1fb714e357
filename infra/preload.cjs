/**
 * What a Node process loads before a TypeScript file of this project (`node --require ./infra/preload.cjs …`). Nothing depends
 * on it but time: Pulumi's package and tsx alone cost a second of a processor at each start, this 0.3 s.
 */
"use strict";
const Module = require("node:module");
const { currentBundle } = require("./bundle.cjs");

const pulumis = /[/\\]@pulumi[/\\]pulumi[/\\]/;

/** What packages load each time and need for what nothing here does: to run other programs, to say what is wrong in forty languages: 0.5 s. */
const rarelyNeeded = [
  { request: /^(typescript|@npmcli\/arborist|semver|\.\/automation)$/, by: pulumis },
  { request: /^\.\.\/locales\/index\.cjs$/, by: /[/\\]zod[/\\]v4[/\\]/ },
];

/**
 * Modules of Pulumi's of which nothing but functions is taken, while loading: to serialise closures. They look at V8's code with a
 * debugger's session.
 */
const functionsOnly = /^\.\/closure\/(serializeClosure|codePaths)$/;

/** Whether somebody gets the spans of this run. */
const isTraced =
  process.env["TRACEPARENT"] !== undefined || process.argv.some((word) => word.startsWith("--tracing"));
const nothing = () => undefined;

/** It would map the lines of translated files a second time, to wrong ones, and takes its time for each stack. */
const mapsAgain = "source-map-support/register";

/** What Pulumi's package gets instead of what it asks for. */
const replaced = {
  // Begins that session before each program.
  "../../runtime/closure/v8Hooks": { isInitializedAsync: () => Promise.resolve() },
  // All of OpenTelemetry.
  ...(!isTraced && {
    "./tracing": { newSpan: () => ({ end: nothing, setAttribute: nothing, addEvent: nothing }) },
    "@opentelemetry/api": { propagation: { inject: nothing }, context: { active: nothing } },
  }),
};

/** The project's files in one, if that is there: tsx takes three times as long. */
const bundled = currentBundle("engine");

const load = Module._load;
Module._load = function (request, parent, isMain) {
  if (request === mapsAgain) return {};
  // The code of dynamic resources, as the state has it, asks for what it doesn't need then.
  if (request === "tsx/cjs" && bundled !== undefined) return {};
  const from = parent?.filename ?? "";
  const original = () => load.call(this, request, parent, isMain);
  if (pulumis.test(from)) {
    if (Object.hasOwn(replaced, request)) return replaced[request];
    if (functionsOnly.test(request)) return functionsOf(original);
  }
  return rarelyNeeded.some((each) => each.request.test(request) && each.by.test(from))
    ? putOff(original)
    : original();
};

/** A module that is loaded when something of it is used. */
function putOff(original) {
  let loaded;
  return new Proxy(
    {},
    {
      // Asked for while loading already; a module that claims to have it is not looked into.
      get: (_, name) => (name === "__esModule" ? true : (loaded ??= original())[name]),
      has: (_, name) => name in (loaded ??= original()),
    },
  );
}

/** A module that is loaded when one of its functions is called. */
function functionsOf(original) {
  return new Proxy(
    {},
    { get: (_, name) => name === "__esModule" || ((...given) => original()[name](...given)) },
  );
}

// Before tsx, which looks into every file that is loaded after it.
require("@pulumi/pulumi");

if (process.env["PULUMI_DEBUG_PROMISE_LEAKS"] === undefined) {
  const debuggable = require("@pulumi/pulumi/runtime/debuggable");
  const { getStore } = require("@pulumi/pulumi/runtime/state");
  const { debuggablePromise } = debuggable;
  let looksAtTheEnd = false;
  /** Keeps nothing of a resource's promises but which are pending, and no stack, which only that setting shows: a third of the program's time. */
  debuggable.debuggablePromise = (promise, context) => {
    if (!looksAtTheEnd) {
      looksAtTheEnd = true;
      return debuggablePromise(promise, context);
    }
    const { leakCandidates } = getStore();
    leakCandidates.add(promise);
    return promise.then(
      (value) => {
        leakCandidates.delete(promise);
        return value;
      },
      (error) => {
        leakCandidates.delete(promise);
        error.promise = promise;
        throw error;
      },
    );
  };
}

/** Debug messages go to the engine one call each, which throws them away: a sixth of the program's time. */
if (process.env["TERP_DEBUG"] !== "1") require("@pulumi/pulumi/log").debug = () => Promise.resolve();

/** Where in the code a resource is made is only kept in the state, and told to nobody: a tenth of the program's time. */
if (process.env["TERP_DEBUG"] !== "1") require("@pulumi/pulumi").Resource.stackTrace = () => [];

/** Has tsx translate what isn't in the bundle. */
function translate() {
  const plain = Module._extensions[".js"];
  load.call(Module, "tsx/cjs", module);
  const translated = Module._extensions[".js"];
  // Packages come translated.
  Module._extensions[".js"] = function (module, filename) {
    return (/[/\\]node_modules[/\\]/.test(filename) ? plain : translated).call(this, module, filename);
  };
}

if (bundled === undefined) {
  translate();
} else {
  let byTsx;
  Module._extensions[".ts"] = function untranslated(module, filename) {
    if (Object.hasOwn(bundled, filename)) {
      module.exports = bundled[filename]();
      return;
    }
    if (byTsx === undefined) {
      translate();
      byTsx = Module._extensions[".ts"];
      Module._extensions[".ts"] = untranslated;
    }
    byTsx.call(this, module, filename);
  };
}

require("./protobuf/plainStructs").keepStructsAsBytes();
