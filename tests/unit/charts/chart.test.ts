import { strict as assert } from "node:assert";

import { imageFrom, placeOf } from "../../../infra/charts/chart";

const chart = { name: "web", repository: "https://charts.example.org/", version: "1.0.0" };
const image = { registry: "quay.io", repository: "jetstack/cert-manager-controller" };

describe("a chart's place", () => {
  it("is its own repository, where there is no mirror", () => {
    assert.deepEqual(placeOf(chart, {}), { chart: "web", repository: "https://charts.example.org" });
  });

  it("is the mirror, under the same name", () => {
    assert.deepEqual(placeOf(chart, { mirror: "https://mirror.example.org/charts" }), {
      chart: "web",
      repository: "https://mirror.example.org/charts",
    });
  });

  it("is a whole address in an OCI registry", () => {
    assert.deepEqual(placeOf(chart, { mirror: "oci://mirror.example.org/charts/" }), {
      chart: "oci://mirror.example.org/charts/web",
    });
  });
});

describe("an image's name", () => {
  it("is its own, where there is no mirror", () => {
    assert.deepEqual(imageFrom(image, {}), image);
  });

  it("is below the mirror with the name of its registry, so that two registries' images can't be one", () => {
    assert.deepEqual(imageFrom(image, { imageMirror: "mirror.example.org:5000" }), {
      registry: "mirror.example.org:5000",
      repository: "quay.io/jetstack/cert-manager-controller",
    });
    assert.deepEqual(imageFrom(image, { imageMirror: "mirror.example.org/images" }), {
      registry: "mirror.example.org",
      repository: "images/quay.io/jetstack/cert-manager-controller",
    });
  });
});
