import assert from "node:assert/strict";

/** Counts attacks, and tells the count at the end: what nobody tried proves nothing. */
export class Tally {
  private tried = 0;
  private through = 0;

  /** Counts attacks of which those that got through are named. */
  count(tried: number, through: readonly string[]): void {
    this.tried += tried;
    this.through += through.length;
  }

  /** Counts one attack. @throws if it got through. */
  readonly refused = (isThrough: boolean, what: string): void => {
    this.count(1, isThrough ? [what] : []);
    assert.ok(!isThrough, `${what}: got through`);
  };

  /** The last test: its title is the count. @param least How many have to be tried. */
  describe(least: number): void {
    const tally = this; // eslint-disable-line @typescript-eslint/no-this-alias -- mocha's own `this` has the title
    describe("in all", () => {
      it("gets nowhere", function () {
        if (this.test !== undefined)
          this.test.title = `${String(tally.tried)} attacks tried, ${String(tally.through)} got through`;
        assert.ok(tally.tried >= least);
        assert.equal(tally.through, 0);
      });
    });
  }
}
