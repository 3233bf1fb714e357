/**
 * The program beside which an environment's preview is measured: it makes the resources in `resources.json`, as a preview has told them,
 * with the packages' own classes, one after the other, and does nothing else.
 */
"use strict";
const pulumi = require("@pulumi/pulumi");

const packages = {
  "azure-native": require("@pulumi/azure-native"),
  kubernetes: require("@pulumi/kubernetes"),
  random: require("@pulumi/random"),
  tls: require("@pulumi/tls"),
};
const made = new Map();

/** The class of a kind; undefined where its package has none: it is then made by its token. */
function classOf(type) {
  const [of, path = "", kind = ""] = type.split(":");
  const folders = of === "kubernetes" ? path.split("/").map((part) => part.split(".")[0]) : [path];
  const place = path.startsWith("index/")
    ? packages[of]
    : folders.reduce((from, name) => from?.[name], packages[of]);
  return place?.[kind];
}

for (const {
  urn,
  type,
  custom,
  inputs,
  parent,
  provider,
  dependencies = [],
  protect,
} of require("./resources.json")) {
  if (type === "pulumi:pulumi:Stack") continue;
  const name = urn.split("::").slice(3).join("::");
  const options = {
    protect,
    parent: made.get(parent),
    provider: made.get(provider?.split("::").slice(0, 4).join("::")),
    dependsOn: dependencies.flatMap((each) => made.get(each) ?? []),
  };
  const Kind = classOf(type);
  if (!custom) made.set(urn, new pulumi.ComponentResource(type, name, {}, options));
  else if (type.startsWith("pulumi:providers:"))
    made.set(urn, new pulumi.ProviderResource(type.split(":")[2], name, inputs, options));
  else if (Kind === undefined) made.set(urn, new pulumi.CustomResource(type, name, inputs, options));
  else made.set(urn, new Kind(name, inputs, options));
}
