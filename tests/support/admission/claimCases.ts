import { strict as assert } from "node:assert";
import { claimFaults, type Claims } from "../../../components/tenant/admission/claims";

const kindOf = {
  domain: (value: string): Claims => ({ domains: [value] }),
  source: (value: string): Claims => ({ sources: [value] }),
  image: (value: string): Claims => ({ images: [value] }),
  range: (value: string): Claims => ({ ranges: [value] }),
};

/** What is said about a value: what is expected, and the remedy. */
export function said(kind: keyof typeof kindOf, value: string): (readonly [string, string])[] {
  return claimFaults("", kindOf[kind](value)).map(({ path, given, expected, remedy }) => {
    assert.equal(path, `${kind}s[0]`);
    assert.equal(given, JSON.stringify(value));
    return [expected, remedy];
  });
}

/** Tests that each value of a kind is refused, and with which remedy. */
export function refuses(
  kind: keyof typeof kindOf,
  expected: string,
  ...cases: readonly (readonly [value: string, remedy: string])[]
): void {
  for (const [value, remedy] of cases) {
    it(`can't be ${JSON.stringify(value)}`, () => {
      assert.deepEqual(said(kind, value), [[expected, remedy]]);
    });
  }
}

/** Tests that each value of a kind is fine. */
export function admits(kind: keyof typeof kindOf, ...values: readonly string[]): void {
  for (const value of values) {
    it(`may be ${value}`, () => {
      assert.deepEqual(said(kind, value), []);
    });
  }
}
