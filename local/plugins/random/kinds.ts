import type { Kind } from "../generated/kind";
import { randomInteger, randomPet, randomShuffle } from "./choiceKinds";
import { randomBytesKind, randomId, randomUuid, randomUuid4, randomUuid7 } from "./identifierKinds";
import { randomPassword, randomString } from "./textKinds";

/** Every kind of the package `random` by its type token. */
export const kinds: Readonly<Record<string, Kind>> = {
  "random:index/randomBytes:RandomBytes": randomBytesKind,
  "random:index/randomId:RandomId": randomId,
  "random:index/randomInteger:RandomInteger": randomInteger,
  "random:index/randomPassword:RandomPassword": randomPassword,
  "random:index/randomPet:RandomPet": randomPet,
  "random:index/randomShuffle:RandomShuffle": randomShuffle,
  "random:index/randomString:RandomString": randomString,
  "random:index/randomUuid:RandomUuid": randomUuid,
  "random:index/randomUuid4:RandomUuid4": randomUuid4,
  "random:index/randomUuid7:RandomUuid7": randomUuid7,
};
