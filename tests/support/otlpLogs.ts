import { BinaryWriter } from "google-protobuf";

/** Lines of one container, as a collector sends them. */
export interface OtlpLines {
  /** What is known of where they come from. */
  readonly source: Readonly<Record<string, string>>;
  readonly lines: readonly OtlpLine[];
}

/** A line and what is known of it. */
export interface OtlpLine {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly text: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * A request of OpenTelemetry's protocol that brings these lines: `ExportLogsServiceRequest`, by the numbers of
 * {@link https://github.com/open-telemetry/opentelemetry-proto | its definition}.
 */
export function otlpRequest({ source, lines }: OtlpLines): Uint8Array {
  const request = new BinaryWriter();
  const resourceLogs = 1;
  request.writeMessage(resourceLogs, source, (_, writer: BinaryWriter) => {
    const [resource, scopeLogs] = [1, 2];
    writer.writeMessage(resource, source, () => {
      writeAttributes(writer, 1, source);
    });
    writer.writeMessage(scopeLogs, lines, () => {
      for (const line of lines) writeLine(writer, line);
    });
  });
  return request.getResultBuffer();
}

function writeLine(writer: BinaryWriter, { time, text, attributes }: OtlpLine): void {
  const [records, at, body, attribute] = [2, 1, 5, 6];
  writer.writeMessage(records, text, () => {
    writer.writeFixed64String(at, `${String(time)}000000`);
    writer.writeMessage(body, text, writeText(writer));
    writeAttributes(writer, attribute, attributes);
  });
}

function writeAttributes(
  writer: BinaryWriter,
  field: number,
  attributes: Readonly<Record<string, string>>,
): void {
  for (const [name, value] of Object.entries(attributes)) {
    writer.writeMessage(field, name, () => {
      writer.writeString(1, name);
      writer.writeMessage(2, value, writeText(writer));
    });
  }
}

/** Writes an `AnyValue` that is a text. */
function writeText(writer: BinaryWriter): (text: string) => void {
  return (text) => {
    writer.writeString(1, text);
  };
}
