/**
 * The text of a stack's settings file without what Pulumi adds to it about the state's encryption.
 *
 * The local stack is encrypted with a passphrase of this machine, so these lines differ on each and belong to no repository;
 * the state has them as well.
 */
export function withoutSecretsProvider(text: string): string {
  return text.replace(/^(encryptionsalt|encryptedkey|secretsprovider):.*(\n|$)/gm, "");
}
