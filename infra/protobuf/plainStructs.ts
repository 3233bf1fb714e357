import { BinaryReader, type BinaryWriter } from "google-protobuf";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

import { decodeStruct, encodeStruct, type PlainObject } from "./structCoding";

/** A Struct that knows its bytes; without them it is as the library made it. */
type KnownStruct = Struct & { [known]?: Uint8Array | undefined };

const known = Symbol("bytes");

/** What of the library takes a Struct apart; it calls them by these names wherever a message has one. */
interface StructClass {
  fromJavaScript: (content: PlainObject) => Struct;
  serializeBinaryToWriter: (struct: KnownStruct, writer: BinaryWriter) => void;
  deserializeBinaryFromReader: (struct: KnownStruct, reader: BinaryReader) => Struct;
  readonly prototype: Pick<Struct, "getFieldsMap" | "clearFieldsMap" | "toJavaScript">;
}

/**
 * Has the library keep a Struct as its bytes until somebody asks for its fields one by one: it would make three objects for each value,
 * a fifth of the time of a program with many resources and of its providers. What it reads and writes stays the same.
 */
export function keepStructsAsBytes(): void {
  const library = Struct as unknown as StructClass;
  const { serializeBinaryToWriter, deserializeBinaryFromReader } = library;
  const { getFieldsMap, clearFieldsMap, toJavaScript } = library.prototype;

  library.fromJavaScript = (content) => {
    const struct: KnownStruct = new Struct();
    struct[known] = encodeStruct(content);
    return struct;
  };
  library.serializeBinaryToWriter = (struct, writer) => {
    const bytes = struct[known];
    if (bytes === undefined) serializeBinaryToWriter(struct, writer);
    else writer.writeSerializedMessage(bytes, 0, bytes.length);
  };
  library.deserializeBinaryFromReader = (struct, reader) => {
    const start = reader.getCursor();
    while (reader.nextField()) reader.skipField();
    struct[known] = reader.getBuffer().subarray(start, reader.getCursor());
    return struct;
  };
  library.prototype.toJavaScript = function (this: KnownStruct) {
    const bytes = this[known];
    return bytes === undefined ? toJavaScript.call(this) : decodeStruct(bytes);
  };
  library.prototype.getFieldsMap = function (this: KnownStruct, ...given) {
    const bytes = this[known];
    if (bytes !== undefined) {
      // From now on somebody may change them.
      this[known] = undefined;
      deserializeBinaryFromReader(this, new BinaryReader(bytes));
    }
    return getFieldsMap.apply(this, given);
  };
  library.prototype.clearFieldsMap = function (this: KnownStruct) {
    this[known] = undefined;
    return clearFieldsMap.call(this);
  };
}
