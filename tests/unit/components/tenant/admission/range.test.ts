import { strict as assert } from "node:assert";
import { BlockList } from "node:net";
import fc from "fast-check";

import { admits, refuses, said } from "../../../../support/admission/claimCases";

describe("a tenant's range", () => {
  admits("range", "192.0.2.0/24", "198.51.100.7/32", "10.0.0.0/8", "2001:db8::/32", "2001:db8::1/128");
  const shape = "a range as CIDR: an address, a slash and a number of bits";
  refuses(
    "range",
    shape,
    ["192.0.2.1", 'write "192.0.2.1/32"'],
    ["2001:db8::1", 'write "2001:db8::1/128"'],
    ["192.0.2.0/33", 'write for example "192.0.2.0/24"'],
    ["192.0.2.0/024", 'write for example "192.0.2.0/24"'],
    ["192.0.2/24", 'write for example "192.0.2.0/24"'],
    ["010.0.0.0/8", 'write for example "192.0.2.0/24"'],
    ["fe80::%eth0/64", 'write for example "192.0.2.0/24"'],
    ["::ffff:192.0.2.0/120", 'write for example "192.0.2.0/24"'],
    ["example.org/24", 'write for example "192.0.2.0/24"'],
    ["10.0.0.0/8/8", 'write for example "192.0.2.0/24"'],
    ["", 'write for example "192.0.2.0/24"'],
  );
  refuses(
    "range",
    "a range's first address before the slash",
    ["192.0.2.7/24", 'write "192.0.2.0/24"'],
    ["2001:db8:0:0:1::7/64", 'write "2001:db8::/64"'],
    ["255.255.255.255/1", 'write "128.0.0.0/1"'],
  );
  refuses(
    "range",
    "less than every address",
    ["0.0.0.0/0", "name the ranges that the tenant connects to"],
    ["::/0", "name the ranges that the tenant connects to"],
  );
  for (const [value, other, what] of [
    ["169.254.169.254/32", "169.254.0.0/16", "where clouds hand out a machine's credentials"],
    ["168.0.0.0/7", "169.254.0.0/16", "where clouds hand out a machine's credentials"],
    ["168.63.129.16/32", "168.63.129.16/32", "where Azure hands out a machine's settings"],
    ["127.0.0.1/32", "127.0.0.0/8", "the machine itself"],
    ["0.0.0.0/32", "0.0.0.0/8", "the machine itself"],
    ["::1/128", "::1/128", "the machine itself"],
    ["fe80::/64", "fe80::/10", "what is next to the machine"],
    ["fd00:ec2::/32", "fd00:ec2::254/128", "where AWS hands out a machine's credentials"],
    ["::ffff:a9fe:a9fe/128", "::ffff:0:0/96", "IPv4 in disguise"],
    ["64:ff9b::/96", "64:ff9b::/96", "IPv4 in disguise"],
  ] as const) {
    it(`can't be ${value}, which has ${other} in it or is in it`, () => {
      assert.deepEqual(said("range", value), [
        [`a range without ${other}, which is ${what}`, "name smaller ranges that leave it out, or none"],
      ]);
    });
  }

  it("is never one that has a link-local address in it, and any other is fine once it is written with its first address", () => {
    const isV4 = fc.tuple(fc.ipV4(), fc.integer({ min: 1, max: 32 }));
    const isV6 = fc.tuple(fc.ipV6(), fc.integer({ min: 1, max: 128 }));
    fc.assert(
      fc.property(fc.oneof(isV4, isV6), ([address, bits]) => {
        const given = `${address}/${String(bits)}`;
        const [fault] = said("range", given);
        const written =
          fault?.[0] === "a range's first address before the slash" ? fault[1].slice(7, -1) : given;
        const rest = said("range", written);
        if (rest.length === 0) assert.ok(!hasLinkLocal(written), written);
        else assert.match(rest[0]?.[0] ?? "", /^(a range without|a range as CIDR)/);
      }),
    );
  });

  it("is canonical after the remedy was followed", () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 1, max: 31 }), (address, bits) => {
        const [fault] = said("range", `${address}/${String(bits)}`);
        if (fault?.[0] !== "a range's first address before the slash") return;
        const list = new BlockList();
        const [first = "", length = ""] = fault[1].slice(7, -1).split("/");
        list.addSubnet(first, Number(length), "ipv4");
        assert.ok(list.check(address, "ipv4"));
        assert.notEqual(said("range", fault[1].slice(7, -1))[0]?.[0], fault[0]);
      }),
    );
  });
});

function hasLinkLocal(cidr: string): boolean {
  const [first = "", bits = ""] = cidr.split("/");
  const family = first.includes(":") ? "ipv6" : "ipv4";
  const [range, special] = [new BlockList(), new BlockList()];
  range.addSubnet(first, Number(bits), family);
  special.addSubnet("169.254.0.0", 16, "ipv4");
  special.addSubnet("fe80::", 10, "ipv6");
  return special.check(first, family) || range.check(family === "ipv4" ? "169.254.0.0" : "fe80::", family);
}
