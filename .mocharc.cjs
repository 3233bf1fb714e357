// An output that ends up in a text fails a test, rather than putting Pulumi's explanation into a name.
process.env.PULUMI_ERROR_OUTPUT_STRING = "true";

module.exports = {
  extension: ["ts"],
  require: ["tsx/cjs"],
  // Real processes on a busy machine; what hangs is ended by its own limits.
  timeout: 120_000,
  forbidOnly: process.env.CI === "true",
};
