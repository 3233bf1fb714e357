import { z } from "zod";

/** What a person is told about a setting. */
export interface SettingHelp {
  /** Ends the sentence "expected …". */
  readonly expected: string;
  /** A value that fits. */
  readonly example: string;
}

/** What is known about each setting, by its schema. */
export const help = z.registry<SettingHelp>();

/** A path on the machine that runs Pulumi. */
export function homePath(example: string): z.ZodString {
  return z
    .string()
    .regex(/^(\/|~\/)[^\0]+$/)
    .register(help, { expected: 'a path that starts with "/" or "~/"', example });
}
