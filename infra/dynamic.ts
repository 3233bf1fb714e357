import * as pulumi from "@pulumi/pulumi";

/** Code of a dynamic provider, as the state keeps it: it loads a module of this project and holds nothing else. */
export type ProviderCode = string & { readonly providerCode: unique symbol };

/** How a dynamic resource is called in the state. */
export interface DynamicType {
  /** Folder-like part of the type token, in lower case, e.g. `keys`. */
  readonly area: string;
  /** The resource's class, in PascalCase, e.g. `AgeKey`. */
  readonly kind: string;
}

/**
 * Code that loads a module of this project when a resource is created, read, changed or deleted.
 *
 * The module exports `provider`, a `pulumi.dynamic.ResourceProvider`. It runs in the engine's plugin for dynamic
 * providers, whose working folder is the project's. The path is kept in the state of every resource made with it, so
 * after moving the module leave one at the old path that exports the same `provider`.
 *
 * `pulumi.dynamic.Resource` would serialise a closure instead, which costs the TypeScript compiler's start in every run.
 *
 * @param modulePath Path from the project's folder, without extension, e.g. `infra/keys/ageKeyProvider`.
 * @throws if the path leaves the project or bears an extension.
 */
export function providerFrom(modulePath: string): ProviderCode {
  if (!/^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)+$/.test(modulePath)) {
    throw new Error(
      `path of a dynamic provider's module: got "${modulePath}", expected a path from the project's folder ` +
        `without extension; write for example "infra/keys/ageKeyProvider"`,
    );
  }
  return [
    `exports.handler = () => {`,
    `  const load = require("node:module").createRequire(process.cwd() + "/package.json");`,
    `  load("tsx/cjs");`,
    `  return load("./infra/dynamicProvider").loadProvider(${JSON.stringify(modulePath)});`,
    `};`,
    ``,
  ].join("\n") as ProviderCode;
}

/**
 * A resource that a module of this project carries out: `pulumi.dynamic.Resource` with code of our own (see {@link providerFrom}).
 *
 * A subclass declares its outputs with `declare readonly …: pulumi.Output<…>` and passes each as `undefined` among the properties.
 */
export abstract class DynamicResource extends pulumi.CustomResource {
  /**
   * @param provider What carries the resource out.
   * @param type How the resource is called in the state; it must not change once a stack has one.
   * @param name Logical name.
   * @param properties Inputs, and `undefined` for each output that isn't an input.
   * @param options Name secret outputs in `additionalSecretOutputs`: the plugin doesn't mark them itself.
   */
  // eslint-disable-next-line max-params -- a resource has name, properties and options; the rest is its class
  protected constructor(
    provider: ProviderCode,
    type: DynamicType,
    name: string,
    properties: pulumi.Inputs,
    options?: pulumi.CustomResourceOptions,
  ) {
    super(
      `pulumi-nodejs:dynamic/${type.area}:${type.kind}`,
      name,
      { ...properties, __provider: provider },
      options,
    );
  }
}
