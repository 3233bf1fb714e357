import assert from "node:assert/strict";
import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  drillEnvironment,
  drillsFolder,
  findDrillPlaces,
  homeFor,
  makeDrillPlace,
  removeDrillPlace,
} from "../../../cli/drill/place";
import { settingsText } from "../../../cli/engine/stack";
import { paths } from "../../../local/paths";
import { aFolder } from "../../support/folders";

describe("the place of a drill", () => {
  const folder = aFolder();
  const places = (stack = "local") => paths(stack, { HOME: "/root", TERP_HOME: folder.path });

  it("is below the stack's folder, for its owner alone, and is found again", async () => {
    const place = await makeDrillPlace(places());
    assert.equal(place.entry, join(drillsFolder(places()), place.stack.slice("drill-".length)));
    assert.match(place.stack, /^drill-[0-9a-f]{6}$/);
    assert.equal(statSync(place.home).mode & 0o777, 0o700);
    assert.equal(place.paths.keep, join(place.home, place.stack, "keep"));
    assert.deepEqual(await findDrillPlaces(places()), [place]);
  });

  it("is elsewhere, and found again by a link, where sockets' paths would be too long", async () => {
    const deep = paths("local", { HOME: "/root", TERP_HOME: join(folder.path, "a".repeat(60)) });
    const place = await makeDrillPlace(deep);
    try {
      assert.equal(place.home, `/var/tmp/terp-${place.stack}`);
      assert.equal(statSync(place.home).mode & 0o777, 0o700);
      assert.deepEqual(await findDrillPlaces(deep), [place]);
    } finally {
      await removeDrillPlace(deep, place);
    }
    assert.deepEqual(readdirSync(deep.stack), []);
    assert.equal(statSync(place.home, { throwIfNoEntry: false }), undefined);
  });

  it("is found where a drill was killed before it made more than a folder or a link", async () => {
    const drills = drillsFolder(places());
    mkdirSync(join(drills, "0a1b2c"), { recursive: true });
    writeFileSync(join(drills, "notes.txt"), "");
    const found = await findDrillPlaces(places());
    assert.deepEqual(
      found.map((each) => each.stack),
      ["drill-0a1b2c"],
    );
  });

  it("goes without a trace, and leaves others alone", async () => {
    const [one, other] = [await makeDrillPlace(places()), await makeDrillPlace(places())];
    await removeDrillPlace(places(), one);
    assert.deepEqual(await findDrillPlaces(places()), [other]);
    await removeDrillPlace(places(), other);
    assert.deepEqual(readdirSync(places().stack), []);
  });

  it("fits the longest path of a socket, which ends at 107 characters", () => {
    const stack = "drill-0a1b2c";
    const longest = "x".repeat(107 - `/${stack}/node/kubelet/pod-resources/kubelet.sock`.length);
    assert.equal(homeFor(longest, stack), longest);
    assert.equal(homeFor(`${longest}x`, stack), `/var/tmp/terp-${stack}`);
  });

  it("gives its commands a home of their own, and shares what can be built again", () => {
    const environment = drillEnvironment(
      { stack: "drill-0a1b2c", home: "/d" },
      { TERP_HOME: "/h", TERP_CACHE: "/c" },
    );
    assert.deepEqual(environment, {
      TERP_HOME: "/d",
      TERP_CACHE: "/c",
      TERP_STACK: "drill-0a1b2c",
      NO_COLOR: "1",
    });
  });
});

describe("a stack's settings", () => {
  const folder = aFolder();
  const home = process.env["TERP_HOME"];
  beforeEach(() => {
    process.env["TERP_HOME"] = join(folder.path, "home");
  });
  afterEach(() => {
    if (home === undefined) delete process.env["TERP_HOME"];
    else process.env["TERP_HOME"] = home;
  });

  it("are its own where it has some, else the checkout's", async () => {
    writeFileSync(join(folder.path, "Pulumi.dev.yaml"), "the checkout's");
    assert.equal(await settingsText("dev", folder.path), "the checkout's");
    mkdirSync(paths("dev").stack, { recursive: true });
    writeFileSync(paths("dev").settings, "its own");
    assert.equal(await settingsText("dev", folder.path), "its own");
  });
});
