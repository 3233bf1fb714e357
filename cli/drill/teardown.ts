import { access } from "node:fs/promises";
import type { Paths } from "../../local/paths";
import { node } from "../lazy";
import { runTerp } from "./child";
import { findDrillPlaces, removeDrillPlace, type DrillPlace } from "./place";

/**
 * Takes a drill's platform down and away, however far it came: with `terp down`, and what that leaves by hand.
 *
 * @param update told how far it is.
 * @returns what `terp down` said if it failed.
 * @throws if something can't be removed.
 */
export async function takeDown(
  places: Paths,
  place: DrillPlace,
  update: (text: string) => void,
): Promise<string | undefined> {
  const complaint = await downCommand(place, update);
  await node().removeNode({
    name: place.stack,
    directory: place.paths.node,
    runDirectory: place.paths.run,
  });
  await removeDrillPlace(places, place);
  return complaint;
}

async function downCommand(place: DrillPlace, update: (text: string) => void): Promise<string | undefined> {
  const isMade = await access(place.paths.settings).then(
    () => true,
    () => false,
  );
  // Without settings nothing was started.
  if (!isMade) return undefined;
  const end = await runTerp({ words: ["down", "--purge", "--yes"], place, onLine: update });
  return end.ok ? undefined : end.complaint;
}

/**
 * Takes down what drills that were killed have left. Under the drills' lock only.
 *
 * @returns the stacks' names.
 */
export async function takeDownAbandoned(
  places: Paths,
  update: (text: string) => void,
): Promise<readonly string[]> {
  const found = await findDrillPlaces(places);
  for (const place of found) {
    update(place.stack);
    await takeDown(places, place, update);
  }
  return found.map((each) => each.stack);
}
