/** Writes bytes in PEM. @param label e.g. CERTIFICATE */
export function encodePem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}

/** Reads the first block of that label. @throws Error if there is none */
export function decodePem(pem: string, label: string): Buffer {
  const begin = `-----BEGIN ${label}-----`;
  const start = pem.indexOf(begin);
  const end = pem.indexOf(`-----END ${label}-----`, start);
  if (start < 0 || end < 0)
    throw new Error(`a text of ${String(pem.length)} characters is no PEM: expected ${begin}`);
  return Buffer.from(pem.slice(start + begin.length, end), "base64");
}
