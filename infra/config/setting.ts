/** A setting's path as Pulumi writes it, e.g. `cluster.registries["docker.io"]`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => {
      if (typeof key === "number") return `[${String(key)}]`;
      const name = String(key);
      if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(name)) return `[${JSON.stringify(name)}]`;
      return index === 0 ? name : `.${name}`;
    })
    .join("");
}

/** What to type to change a setting. */
export function commandsFor(
  environment: string,
  path: readonly PropertyKey[],
): { readonly set: (value: string) => string; readonly setSecret: string; readonly remove: string } {
  const at = `--stack ${environment} --path 'terp:${pathText(path)}'`;
  return {
    set: (value) => `pulumi config set ${at} ${/^[A-Za-z0-9./:_-]+$/.test(value) ? value : `'${value}'`}`,
    setSecret: `pulumi config set ${at} --secret`,
    remove: `pulumi config rm ${at}`,
  };
}
