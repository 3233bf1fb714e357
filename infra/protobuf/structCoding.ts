/**
 * Plain values as the bytes of a `google.protobuf.Struct` and back, without an object of the library for each value in between.
 *
 * The form is that of protobuf's encoding (https://protobuf.dev/programming-guides/encoding) and of `google/protobuf/struct.proto`:
 * a Struct has entries (1) with key (1) and value (2); a value is a null (1), number (2), string (3), truth (4), Struct (5) or list (6).
 */

/** What a Struct can hold. */
export type PlainValue =
  null | number | string | boolean | readonly PlainValue[] | { readonly [name: string]: PlainValue };

/** The content of a Struct. */
export type PlainObject = Readonly<Record<string, PlainValue>>;

// A field's number and how its value is written, in one byte.
const entryTag = 0x0a;
const keyTag = 0x0a;
const valueTag = 0x12;
const listItemTag = 0x0a;
const nullTag = 0x08;
const numberTag = 0x11;
const stringTag = 0x1a;
const booleanTag = 0x20;
const structTag = 0x2a;
const listTag = 0x32;

/** Writes from the end to the front: a length goes before its content and is known after it. */
class BackwardWriter {
  private buffer = Buffer.allocUnsafe(1 << 16);
  private position = this.buffer.length;

  /** How much has been written. */
  get length(): number {
    return this.buffer.length - this.position;
  }

  /** What has been written; then it begins anew. */
  take(): Buffer {
    const written = Buffer.from(this.buffer.subarray(this.position));
    this.position = this.buffer.length;
    return written;
  }

  /** Forgets what has been written. */
  clear(): void {
    this.position = this.buffer.length;
  }

  byte(value: number): void {
    this.reserve(1);
    this.position -= 1;
    this.buffer[this.position] = value;
  }

  double(value: number): void {
    this.reserve(8);
    this.position -= 8;
    this.buffer.writeDoubleLE(value, this.position);
  }

  text(value: string): void {
    const size = Buffer.byteLength(value);
    this.reserve(size);
    this.position -= size;
    this.buffer.write(value, this.position, size, "utf8");
    this.varint(size);
  }

  varint(value: number): void {
    const size = value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : value < 0x1000_0000 ? 4 : 5;
    this.reserve(size);
    this.position -= size;
    let rest = value;
    for (let index = 0; index < size; index += 1) {
      this.buffer[this.position + index] = index === size - 1 ? rest : (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
  }

  private reserve(size: number): void {
    if (this.position >= size) return;
    const { length } = this;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, length + size));
    this.buffer.copy(larger, larger.length - length, this.position);
    this.position = larger.length - length;
    this.buffer = larger;
  }
}

const writer = new BackwardWriter();

/**
 * The bytes of a Struct with an object's content.
 *
 * @throws if something of it is neither null, number, string, truth, list nor object: the library's own words.
 */
export function encodeStruct(content: PlainObject): Buffer {
  writer.clear();
  writeStruct(content);
  return writer.take();
}

function writeStruct(content: PlainObject): void {
  for (const name in content) {
    const end = writer.length;
    const valueEnd = writer.length;
    writeValue(content[name]);
    writer.varint(writer.length - valueEnd);
    writer.byte(valueTag);
    writer.text(name);
    writer.byte(keyTag);
    writer.varint(writer.length - end);
    writer.byte(entryTag);
  }
}

function writeValue(value: PlainValue | undefined): void {
  if (typeof value === "string") {
    writer.text(value);
    writer.byte(stringTag);
  } else if (typeof value === "number") {
    writer.double(value);
    writer.byte(numberTag);
  } else if (typeof value === "boolean") {
    writer.byte(value ? 1 : 0);
    writer.byte(booleanTag);
  } else if (value === null) {
    writer.byte(0);
    writer.byte(nullTag);
  } else if (Array.isArray(value)) {
    const end = writer.length;
    writeItems(value as readonly PlainValue[]);
    writer.varint(writer.length - end);
    writer.byte(listTag);
  } else if (typeof value === "object") {
    const end = writer.length;
    writeStruct(value as PlainObject);
    writer.varint(writer.length - end);
    writer.byte(structTag);
  } else {
    throw new Error("Unexpected struct type.");
  }
}

function writeItems(items: readonly PlainValue[]): void {
  for (let index = items.length - 1; index >= 0; index -= 1) {
    const end = writer.length;
    writeValue(items[index]);
    writer.varint(writer.length - end);
    writer.byte(listItemTag);
  }
}

/** The content of a Struct of which these are the bytes, its names in order: the engine writes them in any. */
export function decodeStruct(bytes: Uint8Array): Record<string, PlainValue> {
  const reader = new Reader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  return reader.struct(bytes.byteLength);
}

/** Reads from the front to the end. */
class Reader {
  private position = 0;

  constructor(private readonly buffer: Buffer) {}

  struct(end: number): Record<string, PlainValue> {
    const entries: [name: string, value: PlainValue][] = [];
    while (this.position < end) {
      const tag = this.varint();
      if (tag !== entryTag) {
        this.skip(tag);
        continue;
      }
      const entryEnd = this.varint() + this.position;
      let name = "";
      let value: PlainValue | undefined;
      while (this.position < entryEnd) {
        const part = this.varint();
        if (part === keyTag) name = this.text();
        else if (part === valueTag) value = this.value(this.varint() + this.position);
        else this.skip(part);
      }
      if (value === undefined) throw new Error("Unexpected struct type");
      entries.push([name, value]);
    }
    return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0)));
  }

  private value(end: number): PlainValue {
    let value: PlainValue | undefined;
    while (this.position < end) {
      const tag = this.varint();
      if (tag === stringTag) value = this.text();
      else if (tag === structTag) value = this.struct(this.varint() + this.position);
      else if (tag === listTag) value = this.list(this.varint() + this.position);
      else if (tag === booleanTag) value = this.varint() !== 0;
      else if (tag === numberTag) value = this.double();
      else if (tag === nullTag) {
        this.varint();
        value = null;
      } else this.skip(tag);
    }
    if (value === undefined) throw new Error("Unexpected struct type");
    return value;
  }

  private list(end: number): readonly PlainValue[] {
    const items: PlainValue[] = [];
    while (this.position < end) {
      const tag = this.varint();
      if (tag === listItemTag) items.push(this.value(this.varint() + this.position));
      else this.skip(tag);
    }
    return items;
  }

  private text(): string {
    const size = this.varint();
    const start = this.position;
    this.position += size;
    return this.buffer.toString("utf8", start, this.position);
  }

  private double(): number {
    const value = this.buffer.readDoubleLE(this.position);
    this.position += 8;
    return value;
  }

  private varint(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.buffer[this.position];
      if (byte === undefined) throw new Error("a Struct's bytes end in the middle of it");
      this.position += 1;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 0x80;
    }
  }

  /** A field that a later version of the form may have. */
  private skip(tag: number): void {
    const form = tag & 7;
    if (form === 0) this.varint();
    else if (form === 1) this.position += 8;
    else if (form === 2) this.position += this.varint();
    else if (form === 5) this.position += 4;
    else throw new Error(`a Struct has a field of the unknown form ${String(form)}`);
  }
}
