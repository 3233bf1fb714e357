import pulumi from "@pulumi/eslint-plugin";
import tseslint from "typescript-eslint";

/** What each folder mustn't take from. tests/unit/imports.test.ts has the rule in full; these show it while one types. */
const borders = [
  {
    files: ["infra/**/*.ts"],
    from: ["components", "stacks", "cli", "tests"],
    message: "infra takes from nothing above it",
  },
  {
    files: ["infra/**/*.ts"],
    ignores: ["infra/cluster/**"],
    from: ["components", "stacks", "cli", "tests", "local"],
    message: "infra takes from nothing above it, and its cluster folder alone takes from local",
  },
  {
    files: ["components/**/*.ts"],
    from: ["stacks", "cli", "tests", "local"],
    message: "components take from components and infra only",
  },
  {
    files: ["stacks/**/*.ts"],
    from: ["local", "cli", "tests"],
    message: "stacks take from infra and components",
  },
  {
    files: ["local/**/*.ts"],
    from: ["components", "stacks", "cli", "tests"],
    message: "local takes from local",
  },
  { files: ["cli/**/*.ts"], from: ["tests"], message: "nothing takes from tests" },
].map(({ files, ignores = [], from, message }) => ({
  files,
  ignores,
  rules: {
    "no-restricted-imports": [
      "error",
      { patterns: [{ regex: `^(\\.\\./)+(${from.join("|")})(/|$)`, message }] },
    ],
  },
}));

export default tseslint.config(
  {
    ignores: [
      "node_modules/",
      ".terp/",
      "tests/fixtures/",
      "tests/engine/plugin-behaviour/{scenarios,expected,chart}/",
    ],
  },
  {
    files: ["**/*.ts"],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { "@pulumi": pulumi },
    rules: {
      // Help text of Pulumi's would end up in a name.
      "@pulumi/no-output-in-template-literal": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/no-import-type-side-effects": "error",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      // Numbers read well in messages; everything else has to be made a text on purpose.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // What takes long to load is loaded where it is needed. Not by import(): that would need a second TypeScript loader.
      "@typescript-eslint/no-require-imports": "off",
      // It follows a recursive type (a JSON value) without end: typescript-eslint 8.73.0.
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
      "no-duplicate-imports": ["error", { allowSeparateTypeImports: true }],
      eqeqeq: "error",
      "max-lines": ["error", { max: 300 }],
      "max-params": ["error", { max: 4 }],
      "no-restricted-syntax": [
        "error",
        {
          selector:
            "ImportDeclaration[source.value='@pulumi/pulumi'] ImportSpecifier[imported.name=/^(Config|getStack)$/]",
          message: "only stacks/index.ts reads the stack's configuration and name",
        },
      ],
    },
  },
  ...borders,
  {
    files: ["tests/**/*.ts"],
    rules: {
      // An object is made for its effect on the recorder.
      "no-new": "off",
      "@typescript-eslint/no-unused-expressions": "off",
    },
  },
  {
    files: ["tests/unit/{azure,components,stacks}/**/*.ts", "tests/support/*.ts"],
    rules: Object.fromEntries(
      // Resources' inputs are read freely: the tests say what is in them.
      ["explicit-any", "unsafe-assignment", "unsafe-call", "unsafe-member-access", "unsafe-return"].map(
        (rule) => [`@typescript-eslint/no-${rule}`, "off"],
      ),
    ),
  },
);
