/** What a key may do, by the name of the input: its bit in the KeyUsage extension (RFC 5280, 4.2.1.3). */
export const keyUses: Readonly<Record<string, number>> = {
  digital_signature: 0,
  content_commitment: 1,
  key_encipherment: 2,
  data_encipherment: 3,
  key_agreement: 4,
  cert_signing: 5,
  crl_signing: 6,
  encipher_only: 7,
  decipher_only: 8,
};

/** What a certificate is for, by the name of the input: its identifier in ExtKeyUsage (RFC 5280, 4.2.1.12). */
export const purposes: Readonly<Record<string, string>> = {
  any_extended: "2.5.29.37.0",
  client_auth: "1.3.6.1.5.5.7.3.2",
  code_signing: "1.3.6.1.5.5.7.3.3",
  email_protection: "1.3.6.1.5.5.7.3.4",
  ipsec_end_system: "1.3.6.1.5.5.7.3.5",
  ipsec_tunnel: "1.3.6.1.5.5.7.3.6",
  ipsec_user: "1.3.6.1.5.5.7.3.7",
  microsoft_commercial_code_signing: "1.3.6.1.4.1.311.2.1.22",
  microsoft_kernel_code_signing: "1.3.6.1.4.1.311.61.1.1",
  microsoft_server_gated_crypto: "1.3.6.1.4.1.311.10.3.3",
  netscape_server_gated_crypto: "2.16.840.1.113730.4.1",
  ocsp_signing: "1.3.6.1.5.5.7.3.9",
  server_auth: "1.3.6.1.5.5.7.3.1",
  timestamping: "1.3.6.1.5.5.7.3.8",
};

/** Every use that may be allowed, in the order in which the official plugin names them. */
export const allUses: readonly string[] = [...Object.keys(keyUses), ...Object.keys(purposes)].sort();
