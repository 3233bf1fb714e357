import assert from "node:assert/strict";
import fc from "fast-check";
import { systemDice } from "../../../../local/plugins/random/dice";
import { drawText, type TextRules } from "../../../../local/plugins/random/text";

const any: TextRules = {
  ...{ length: 16, lower: true, upper: true, numeric: true, special: true },
  ...{ minLower: 0, minUpper: 0, minNumeric: 0, minSpecial: 0 },
};

const count = (text: string, pattern: RegExp): number => (text.match(pattern) ?? []).length;

describe("a drawn text", () => {
  it("has its length and at least the minimum of each class", () => {
    const least = fc.nat(4);
    const rules = fc.record({ minLower: least, minUpper: least, minNumeric: least, minSpecial: least });
    fc.assert(
      fc.property(rules, fc.integer({ min: 16, max: 64 }), (minimums, length) => {
        const text = drawText({ ...any, ...minimums, length }, systemDice);
        assert.equal(text.length, length);
        assert.ok(count(text, /[a-z]/g) >= minimums.minLower);
        assert.ok(count(text, /[A-Z]/g) >= minimums.minUpper);
        assert.ok(count(text, /[0-9]/g) >= minimums.minNumeric);
        assert.ok(count(text, /[^a-zA-Z0-9]/g) >= minimums.minSpecial);
      }),
    );
  });

  it("holds allowed classes only", () => {
    const text = drawText({ ...any, length: 200, special: false, upper: false }, systemDice);
    assert.match(text, /^[a-z0-9]{200}$/);
  });

  it("takes special characters from those given", () => {
    const text = drawText({ ...any, length: 300, overrideSpecial: "_-", minSpecial: 1 }, systemDice);
    assert.match(text, /^[a-zA-Z0-9_-]{300}$/);
  });

  it("uses every allowed character", () => {
    const drawn = new Set(drawText({ ...any, length: 20_000 }, systemDice));
    assert.equal(drawn.size, 26 + 26 + 10 + "!@#$%&*()-_=+[]{}<>:?".length);
  });

  it("mixes the characters that the minimums ask for with the others", () => {
    const firsts = Array.from({ length: 200 }, () => drawText({ ...any, minUpper: 1 }, systemDice)[0] ?? "");
    assert.ok(firsts.some((character) => !/[A-Z]/.test(character)));
  });

  it("is refused where the minimums need more than its length, or nothing is allowed", () => {
    assert.throws(() => drawText({ ...any, length: 3, minLower: 2, minUpper: 2 }, systemDice), /minimums/);
    const none = { ...any, lower: false, upper: false, numeric: false, special: false };
    assert.throws(() => drawText(none, systemDice), /no class/);
  });
});
