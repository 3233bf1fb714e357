/** What one record of lists has that the other has not, a line each. */
export function findDifference(expected: object, found: object): string {
  const lines: string[] = [];
  for (const [key, value] of Object.entries(expected)) {
    const other: unknown = Object.entries(found).find(([name]) => name === key)?.[1];
    const wanted = Array.isArray(value) ? (value as unknown[]) : [value as unknown];
    const given = Array.isArray(other) ? (other as unknown[]) : [other];
    for (const each of wanted.filter((one) => !given.includes(one)))
      lines.push(`  - ${key}: ${String(each)}`);
    for (const each of given.filter((one) => !wanted.includes(one)))
      lines.push(`  + ${key}: ${String(each)}`);
  }
  return lines.join("\n");
}
