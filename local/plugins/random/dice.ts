import { randomInt } from "node:crypto";

/** Draws a whole number from 0 up to, but not including, `bound`; each is as likely as any other. */
export type Dice = (bound: number) => number;

/** Draws from the operating system's random number generator. */
export const systemDice: Dice = (bound) => randomInt(bound);

/** One of the items. @param items at least one */
export function pick<T>(items: readonly T[], dice: Dice): T {
  return items[dice(items.length)] as T;
}

/** The items in a random order, every order as likely as any other (Fisher and Yates). */
export function shuffled<T>(items: readonly T[], dice: Dice): T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const chosen = dice(last + 1);
    [result[last], result[chosen]] = [result[chosen] as T, result[last] as T];
  }
  return result;
}
