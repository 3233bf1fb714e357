const suffixes: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

/**
 * A quantity as Kubernetes writes it (`10m`, `1Gi`, `12e6`) as a number; `undefined` if it is none
 * (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/).
 */
export function amountOf(quantity: string): number | undefined {
  const [, digits, suffix = ""] = /^([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)([a-zA-Z]*)$/.exec(quantity) ?? [];
  const factor = suffixes[suffix];
  const number = Number(digits);
  return digits === undefined || factor === undefined || Number.isNaN(number) ? undefined : number * factor;
}

const binary = ["", "Ki", "Mi", "Gi", "Ti", "Pi"] as const;

/** A quantity for a person: short, and as exact as is needed beside a bound. `1073741824` is `1Gi`, `1500m` is `1.5`. */
export function shortQuantity(quantity: string, resource: string): string {
  const amount = amountOf(quantity);
  if (amount === undefined) return quantity;
  if (!/memory|storage/.test(resource)) return trimmed(amount);
  let [rest, power] = [amount, 0];
  while (rest >= 1024 && power < binary.length - 1) [rest, power] = [rest / 1024, power + 1];
  return `${trimmed(rest)}${binary[power] ?? ""}`;
}

function trimmed(amount: number): string {
  return String(amount >= 10 ? Math.round(amount) : Math.round(amount * 100) / 100);
}
