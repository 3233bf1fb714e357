import { z } from "zod";

import { help } from "./help";

/** Lines of `known_hosts`: the host keys that are taken for a Git host's own. */
export const knownHosts = z
  .string()
  .regex(/^(\S+ (ssh-ed25519|ecdsa-sha2-nistp256|ssh-rsa) [A-Za-z0-9+/]+=*\n?)+$/)
  .register(help, {
    expected: "lines of known_hosts: a host, a kind of key and the key, which the host's operators publish",
    example: "git.example.org ssh-ed25519 AAAA…",
  });
