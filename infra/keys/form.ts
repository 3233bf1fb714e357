import { type AgeKeyPair, formatKeyFile, parseKeyFile, recipientsNamedIn } from "./age";

/** What a store keeps under a name belongs to a recipient, which may be known to all. */
export interface Kept {
  /** The age public key, `age1…`. */
  readonly recipient: string;
  /**
   * Of the keys that it took the place of and that still decrypt, the newest first.
   *
   * @default none
   */
  readonly former?: readonly { readonly recipient: string }[] | undefined;
}

/** How something is written down in a store. */
export interface Form<T extends Kept> {
  /** What follows the name in a file's name, with its dot. */
  readonly extension: string;
  /** The media type where a store notes one. */
  readonly contentType: string;
  format(value: T): string;
  /** @throws if the text isn't one of this form, with no word of what is secret in it. */
  parse(text: string): Promise<T>;
  /**
   * The recipients that the text names in clear, without a look at what is secret: that of the present key first, then
   * those of the ones that it took the place of. None where it names none.
   */
  recipientsIn(text: string): readonly string[];
}

/** A key in clear, as `age-keygen` writes it: `age --identity` and `SOPS_AGE_KEY_FILE` read it as it is. */
export const keyFiles: Form<AgeKeyPair> = {
  extension: ".agekey",
  contentType: "text/x-age-identity",
  format: formatKeyFile,
  parse: parseKeyFile,
  recipientsIn: recipientsNamedIn,
};
