import pulumi from "@pulumi/eslint-plugin";
import { createNodeResolver, importX } from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

/** What each folder mustn't take from. tests/unit/imports.test.ts has the rule in full; these show it while one types. */
const zones = [
  {
    target: "infra",
    from: ["components", "stacks", "cli"],
    message: "infra takes from nothing above it",
  },
  {
    target: "infra/!(cluster)/**",
    from: "local",
    message: "infra's cluster/local alone takes from local",
  },
  {
    target: "components",
    from: ["stacks", "cli", "local"],
    message: "components take from components and infra only",
  },
  {
    target: "components/flux",
    from: ["components/git", "components/tenant"],
    message: "no service takes from another",
  },
  { target: "components/git", from: "components/tenant", message: "no service takes from another" },
  { target: "stacks", from: ["local", "cli"], message: "stacks take from infra and components" },
  { target: "local", from: ["components", "stacks", "cli"], message: "local takes from local" },
  {
    target: ["infra", "components", "stacks", "local", "cli"],
    from: "tests",
    message: "nothing takes from tests",
  },
].map(({ target, from, message }) => ({
  target: [target].flat().map((path) => (path.includes("*") ? path : `./${path}`)),
  from: [from].flat().map((path) => `./${path}`),
  message,
}));

export default tseslint.config(
  {
    ignores: [
      "node_modules/",
      "tests/fixtures/",
      "tests/engine/plugin-behaviour/{scenarios,expected,chart}/",
    ],
  },
  {
    files: ["**/*.ts"],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { "@pulumi": pulumi, "import-x": importX },
    settings: { "import-x/resolver-next": [createNodeResolver({ extensions: [".ts", ".js"] })] },
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
      "import-x/no-restricted-paths": ["error", { basePath: import.meta.dirname, zones }],
      "import-x/no-duplicates": ["error", { "prefer-inline": true }],
      eqeqeq: "error",
      "max-lines": ["error", { max: 300 }],
      "max-params": ["error", { max: 3 }],
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
  {
    files: ["tests/**/*.ts"],
    rules: {
      // An object is made for its effect on the recorder.
      "no-new": "off",
      "@typescript-eslint/no-unused-expressions": "off",
    },
  },
);
