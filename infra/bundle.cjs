/**
 * Bundles: what one process of Terp runs, TypeScript in hundreds of files, as one file that starts in a third of the time. They lie in the
 * project's folder `.terp` and are made anew where a file has changed. Nothing depends on them but time, and `TERP_DEBUG=1` does without.
 */
"use strict";
const {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} = require("node:fs");
const Module = require("node:module");
const { dirname, join } = require("node:path");

const root = dirname(__dirname);
const isWanted = process.env["TERP_DEBUG"] !== "1";

/** The files that a process begins with, by its bundle's name; from the project's folder. */
const entries = {
  cli: () => ["cli/main.ts"],
  // The program, and the dynamic resources' providers, whose paths are in the state.
  engine: () => [
    "stacks/index.ts",
    "infra/protobuf/plainStructs.ts",
    "infra/dynamicProvider.ts",
    ...["components", "infra", "local"].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true })
        .filter((name) => name.endsWith("Provider.ts"))
        .map((name) => join(folder, name)),
    ),
  ],
};

/**
 * Packages that stay beside a bundle: those that Pulumi's own processes have loaded already, those that are more than code, and large
 * ones that few runs need.
 */
const unbundled = [
  "@grpc/*",
  "@pulumi/*",
  "google-protobuf",
  "google-protobuf/*",
  "esbuild",
  "fs-native-extensions",
  "@azure/*",
  "@grafana/*",
  "typescript",
  "undici",
];

/** npm writes it last of all packages. */
const packages = "node_modules/.package-lock.json";

/** Before a bundle's last line, which says what it was made of. */
const mark = "\n// Made of: ";

const fileOf = (name) => join(root, ".terp", `${name}.cjs`);

/** What tells one version of a file from another, as make does. */
function stampOf(path) {
  const found = statSync(join(root, path), { throwIfNoEntry: false });
  return found === undefined ? "none" : `${found.size} ${found.mtimeMs}`;
}

/** A bundle's code if it is of this folder and of all files as they are now. */
function currentCode(name) {
  if (!isWanted) return undefined;
  try {
    const code = readFileSync(fileOf(name), "utf8");
    const made = JSON.parse(code.slice(code.lastIndexOf(mark) + mark.length));
    const isCurrent =
      made.root === root && Object.entries(made.stamps).every(([path, stamp]) => stampOf(path) === stamp);
    return isCurrent ? code : undefined;
  } catch {
    return undefined; // There is none.
  }
}

/** Each file of ours knows its own folder, as if it weren't bundled. */
const ownFolders = {
  name: "own folders",
  setup: ({ onLoad }) => {
    onLoad({ filter: /\.c?[jt]s$/ }, ({ path }) => {
      if (path.includes("/node_modules/")) return undefined;
      const code = readFileSync(path, "utf8");
      const own = /\b__dirname\b/.test(code) ? `const __dirname = ${JSON.stringify(dirname(path))}; ` : "";
      return { contents: own + code, loader: path.endsWith(".ts") ? "ts" : "js" };
    });
  },
};

/** Makes a bundle. @returns its code. */
async function make(name) {
  const begun = Date.now();
  const { build } = require("esbuild");
  const loaders = entries[name]().map(
    (path) => `${JSON.stringify(path)}: () => require(${JSON.stringify(`./${path}`)})`,
  );
  const { metafile, outputFiles } = await build({
    stdin: { contents: `module.exports = {${loaders.join()}}`, resolveDir: root },
    absWorkingDir: root,
    outfile: fileOf(name),
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    external: unbundled,
    plugins: [ownFolders],
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
    write: false,
    logLevel: "error",
  });
  const own = Object.keys(metafile.inputs).filter((path) => !/^(node_modules\/|<|\.\.)/.test(path));
  const stamps = Object.fromEntries([...own, packages].map((path) => [path, stampOf(path)]));
  const [code, map] = [/\.cjs$/, /\.map$/].map((end) => outputFiles.find(({ path }) => end.test(path)).text);
  // What was written meanwhile may be in it or not.
  if (own.every((path) => Number(stamps[path].split(" ")[1]) < begun)) {
    keep(`${fileOf(name)}.map`, map);
    keep(fileOf(name), `${code}${mark}${JSON.stringify({ root, stamps })}`);
  }
  return code;
}

/** Whoever reads the former one meanwhile has it whole. Where the project can't be written to, each run makes its own. */
function keep(file, text) {
  const temporary = `${file}.${process.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(temporary, text);
    renameSync(temporary, file);
  } catch {
    if (existsSync(temporary)) rmSync(temporary);
  }
}

/**
 * Has errors name our files and their lines, which Node would do too, but it reads the map of all lines at each start. Files beside the bundle
 * have a map only where tsx has translated them.
 */
function mapStacks(file) {
  let own;
  const mapOf = (path) =>
    path === file
      ? (own ??= new Module.SourceMap(JSON.parse(readFileSync(`${file}.map`, "utf8"))))
      : Module.findSourceMap(path);
  const original = (text, path, line, column) => {
    const found = mapOf(path)?.findEntry(line - 1, column - 1);
    if (found?.originalLine === undefined) return text;
    const source = path === file ? join(dirname(file), found.originalSource) : path;
    return `${source}:${found.originalLine + 1}:${found.originalColumn + 1}`;
  };
  Error.prepareStackTrace = (error, frames) => {
    const text = [error, ...frames.map((frame) => `    at ${frame}`)].join("\n");
    try {
      return text.replace(/(\/[^\s:()]+):(\d+):(\d+)/g, original);
    } catch {
      return text; // The map isn't there.
    }
  };
}

/** @returns for each file that the bundle begins with, by its path, what loads it. */
function load(code, name) {
  const file = fileOf(name);
  mapStacks(file);
  const bundle = new Module(file);
  bundle.filename = file;
  bundle.paths = Module._nodeModulePaths(dirname(file));
  bundle._compile(code, file);
  return Object.fromEntries(
    Object.entries(bundle.exports).map(([path, loader]) => [join(root, path), loader]),
  );
}

/** Whether there is a bundle of the files as they are, or none is wanted. @param name `cli` or `engine`. */
exports.isBundled = (name) => !isWanted || currentCode(name) !== undefined;

/** A bundle if there is one of the files as they are. @returns for each file that it begins with, by its path, what loads it. */
exports.currentBundle = (name) => {
  const code = currentCode(name);
  return code === undefined ? undefined : load(code, name);
};

/** Runs `terp` with this process's arguments. */
exports.runTerp = async () => {
  const [file] = entries.cli();
  if (!isWanted) {
    require("tsx/cjs");
    require(join(root, file));
    return;
  }
  load(currentCode("cli") ?? (await make("cli")), "cli")[join(root, file)]();
};

// Beside another process, which doesn't wait for it.
if (require.main === module) void make(process.argv[2]);
